using System.Text.Json;
using System.Text.Json.Nodes;
using Talweg.Storage;

namespace Talweg.Studies.Running;

/// <summary>study.json: what a run folder holds the results of.</summary>
public sealed record RunRecord
{
    /// <summary>The study's name.</summary>
    public required string Study { get; init; }

    /// <summary>Its title.</summary>
    public required string Title { get; init; }

    /// <summary>Where its claims were published.</summary>
    public required Source Source { get; init; }

    /// <summary>Its revision.</summary>
    public required int Revision { get; init; }

    /// <summary>The preset.</summary>
    public required string Preset { get; init; }

    /// <summary>All parameters as resolved.</summary>
    public required JsonObject Parameters { get; init; }

    /// <summary>The seeds of the cells, each once.</summary>
    public required IReadOnlyList<long> Seeds { get; init; }

    /// <summary>How many cells there are.</summary>
    public required int Cells { get; init; }

    /// <summary>The data.</summary>
    public required StudyData Data { get; init; }

    /// <summary>What it ran on, most recently.</summary>
    public required Versions Versions { get; init; }

    /// <summary>The command that does the same again.</summary>
    public required string Command { get; init; }

    /// <summary>When it was first started.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>When it was concluded; null while it was not.</summary>
    public DateTimeOffset? Finished { get; init; }

    /// <summary>The record's name in the run's folder.</summary>
    internal const string FileName = "study.json";

    /// <summary>Reads the record in <paramref name="folder"/>, or null if there is none.</summary>
    /// <exception cref="InputException">There is one that Talweg did not write, or that has changed since.</exception>
    public static RunRecord? Read(string folder)
    {
        if (!IsIn(folder))
            return null;
        string path = PathIn(folder);
        try
        {
            var record = JsonSerializer.Deserialize<RunRecord>(SealedJson.Read(path, "--fresh deletes the run and starts over"), RunJson.Options);
            foreach (var (_, value) in record?.Parameters ?? [])   // a JSON object is taken apart only when it is asked, and may have a name twice
                Running.Parameters.AsText(value);
            return record;
        }
        catch (Exception error) when (error is JsonException or ArgumentException or InvalidOperationException)
        {
            throw new InputException($"{path}: is not a record that Talweg wrote ({error.Message}); choose another --out.", error);
        }
    }

    /// <summary>Writes the record whole or not at all.</summary>
    internal void Write(string folder) => SealedJson.Write(PathIn(folder), JsonSerializer.Serialize(this, RunJson.Options));

    /// <summary>Whether there is anything by the record's name.</summary>
    internal static bool IsIn(string folder) => Path.Exists(Path.Combine(folder, FileName));

    private static string PathIn(string folder) => new OwnFolder(folder).File(FileName);
}
