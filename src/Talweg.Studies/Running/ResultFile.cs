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
        NewLine = "\n",
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Converters = { new JsonStringEnumConverter() },
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,   // a test loss may overflow
    };

    /// <summary>Writes a record.</summary>
    public static void Write<T>(string path, T result) => SealedJson.Write(path, JsonSerializer.Serialize(result, Format));

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <param name="path">The file.</param>
    /// <param name="what">What it should hold, in words: "a cell's result".</param>
    /// <exception cref="InputException">It is missing, has changed since it was written, or holds something else.</exception>
    public static T Read<T>(string path, string what)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(SealedJson.Read(path, "`talweg run` measures the cell again"), Format) ?? throw new InputException(path, "result", "null", what);
        }
        catch (JsonException error)
        {
            throw new InputException($"{path}: does not hold {what} that Talweg wrote ({error.Message}). Delete the cell's folder to measure it again.", error);
        }
    }
}
