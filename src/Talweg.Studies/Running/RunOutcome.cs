namespace Talweg.Studies.Running;

/// <summary>What a run gave.</summary>
/// <param name="Record">study.json.</param>
/// <param name="Cells">The cells, in the study's order.</param>
/// <param name="Conclusion">Findings, figures and notes.</param>
/// <param name="Report">The path of report.html.</param>
public sealed record RunOutcome(RunRecord Record, IReadOnlyList<CellRecord> Cells, Conclusion Conclusion, string Report)
{
    /// <summary>Which cells were measured again because files of theirs were damaged, a sentence each.</summary>
    public IReadOnlyList<string> MeasuredAgain { get; init; } = [];
}
