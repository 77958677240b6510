using System.Text.Json;
using System.Text.Json.Serialization;
using Talweg.Storage;

namespace Talweg.Studies.Running;

/// <summary>A cell's result as JSON: what it found besides its tables.</summary>
internal static class ResultFile
{
    private static readonly JsonSerializerOptions Format = new()
    {
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter() },
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,   // a test loss may overflow
    };

    /// <summary>Writes a record.</summary>
    public static void Write<T>(string path, T result) => AtomicFile.WriteAllText(path, JsonSerializer.Serialize(result, Format));

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <param name="path">The file.</param>
    /// <param name="what">What it should hold, in words: "a cell's result".</param>
    /// <exception cref="InputException">It holds nothing.</exception>
    public static T Read<T>(string path, string what)
        where T : class =>
        JsonSerializer.Deserialize<T>(File.ReadAllBytes(path), Format) ?? throw new InputException(path, "result", "null", what);
}
