namespace Talweg.Studies.Forgetting;

/// <summary>One training of the later tasks at all its stops, kept so that a cell that was stopped does not learn it again.</summary>
public sealed record LearnedRun
{
    /// <summary>One a stop, the shortest first.</summary>
    public required IReadOnlyList<RunRow> Rows { get; init; }

    /// <summary>Errors on the way; empty unless the training was followed.</summary>
    public required IReadOnlyList<CourseRow> Course { get; init; }

    /// <summary>qᵢ at every stop, NaN where it was not reached; empty unless the training was followed.</summary>
    public required IReadOnlyList<IReadOnlyList<double>> Displacements { get; init; }
}
