using Talweg.Studies.Running;

namespace Talweg.Studies.Reports;

/// <summary>All that a report shows.</summary>
public sealed record ReportContent
{
    /// <summary>study.json.</summary>
    public required RunRecord Record { get; init; }

    /// <summary>The cells, in the study's order.</summary>
    public required IReadOnlyList<CellRecord> Cells { get; init; }

    /// <summary>Findings, figures and notes.</summary>
    public required Conclusion Conclusion { get; init; }

    /// <summary>What the study's parameters mean.</summary>
    public required IReadOnlyList<Parameter> Parameters { get; init; }

    /// <summary>The folder that holds the figures' files.</summary>
    public required string FiguresFolder { get; init; }
}
