using Talweg.Studies.Figures;
using Talweg.Studies.Findings;

namespace Talweg.Studies.Running;

/// <summary>What a study makes of its cells.</summary>
public sealed record Conclusion
{
    /// <summary>One finding per claim, in the order in which they are to be read.</summary>
    public required IReadOnlyList<Finding> Findings { get; init; }

    /// <summary>The main result in one sentence, for the top of the report; empty for none.</summary>
    public string Headline { get; init; } = "";

    /// <summary>The figures, likewise.</summary>
    public IReadOnlyList<IFigure> Figures { get; init; } = [];

    /// <summary>Remarks on the whole study, one sentence each.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}
