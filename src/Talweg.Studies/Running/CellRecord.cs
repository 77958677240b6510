using System.Text.Json;
using Talweg.Storage;

namespace Talweg.Studies.Running;

/// <summary>done.json: the last file written into a cell's folder. A cell that has it never runs again.</summary>
public sealed record CellRecord
{
    /// <summary>The record's name in the cell's folder.</summary>
    internal const string FileName = "done.json";

    /// <summary>The cell's address, which is its folder's name.</summary>
    public required string Address { get; init; }

    /// <summary>The cell in a few words.</summary>
    public required string Label { get; init; }

    /// <summary>The cell's root seed.</summary>
    public required long Seed { get; init; }

    /// <summary>How the cell ended.</summary>
    public required CellEnding Ending { get; init; }

    /// <summary>How many threads it could use.</summary>
    public required int Threads { get; init; }

    /// <summary>Wall time of the run that finished it.</summary>
    public required double Seconds { get; init; }

    /// <summary>When it finished.</summary>
    public required DateTimeOffset Finished { get; init; }

    /// <summary>The checksums of the cell's results, by the names of their files.</summary>
    public IReadOnlyDictionary<string, string> Files { get; init; } = new Dictionary<string, string>();

    /// <summary>Reads the record in <paramref name="folder"/>, or null if the cell has not ended.</summary>
    /// <exception cref="InputException">There is one that Talweg did not write, or that has changed since.</exception>
    public static CellRecord? Read(string folder)
    {
        string path = PathIn(folder);
        if (!IsIn(folder))
            return null;
        try
        {
            return JsonSerializer.Deserialize<CellRecord>(SealedJson.Read(path, "`talweg run` measures the cell again"), RunJson.Options);
        }
        catch (JsonException error)
        {
            throw new InputException($"{path}: is not a record that Talweg wrote ({error.Message}); delete the file to run the cell again.", error);
        }
    }

    /// <summary>Whether there is anything by the record's name.</summary>
    internal static bool IsIn(string folder) => Path.Exists(Path.Combine(folder, FileName));

    /// <summary>Writes the record whole or not at all.</summary>
    internal void Write(string folder) => SealedJson.Write(PathIn(folder), JsonSerializer.Serialize(this, RunJson.Options));

    private static string PathIn(string folder) => new OwnFolder(folder).File(FileName);
}
