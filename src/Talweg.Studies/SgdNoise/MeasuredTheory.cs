using Talweg.Studies.Running;

namespace Talweg.Studies.SgdNoise;

/// <summary>A cell of <see cref="NoisePart.Theory"/>, read back from its folder.</summary>
internal sealed record MeasuredTheory(NoiseCell Cell, TheoryResult Result, IReadOnlyList<TheoryRow> Rows)
{
    public static MeasuredTheory Read(FinishedCell<NoiseCell> cell) =>
        new(cell.Cell, TheoryResult.Read(cell.File(TheoryResult.FileName)), RowTable.Read<TheoryRow>(cell.File(TheoryMeasurement.FileName)));
}
