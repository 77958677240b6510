namespace Talweg.Studies.Running;

/// <summary>What the user asked to be run.</summary>
public sealed record RunRequest
{
    /// <summary>The name of one of the study's presets.</summary>
    public required string Preset { get; init; }

    /// <summary>The run folder.</summary>
    public required string Output { get; init; }

    /// <summary>What follows each <c>--set</c>: "key=value".</summary>
    public IReadOnlyList<string> Overrides { get; init; } = [];

    /// <summary>Whether to delete what an earlier run left in the folder.</summary>
    public bool Fresh { get; init; }

    /// <summary>The user's data directory; null for the default.</summary>
    public string? DataRoot { get; init; }

    /// <summary>How many cores to use; null for all.</summary>
    public int? Cores { get; init; }

    /// <summary>Told which data were taken, before anything is measured; null for nobody.</summary>
    public Action<StudyData>? DataFound { get; init; }

    /// <summary>The command line that does the same again, for the report; null to derive it.</summary>
    public string? CommandLine { get; init; }
}
