using Talweg.Studies.Running;

namespace Talweg.Studies.SgdNoise;

/// <summary>A cell of <see cref="NoisePart.Theory"/>, read back from its folder.</summary>
internal sealed record MeasuredTheory(NoiseCell Cell, IReadOnlyList<TheoryRow> Rows)
{
    /// <summary>The rows of each number of leading modes, fewest first.</summary>
    public IEnumerable<IGrouping<int, TheoryRow>> Spans => Rows.GroupBy(row => row.Modes).OrderBy(group => group.Key);

    public static MeasuredTheory Read(FinishedCell<NoiseCell> cell) => new(cell.Cell, RowTable.Read<TheoryRow>(cell.File(TheoryMeasurement.FileName)));
}
