using Talweg.Studies.Running;

namespace Talweg.Studies.InverseVarianceFlatness;

/// <summary>A cell with what it found, read back from its folder.</summary>
internal sealed record MeasuredCell(VarianceFlatnessCell Cell, string Folder, CellResult Result, IReadOnlyList<ModeTable> Windows, NullTable Nulls)
{
    /// <summary>The window that findings speak of.</summary>
    public ModeTable Modes => Windows[CellMeasurement.Middle];

    public WindowResult Window => Result.Windows[CellMeasurement.Middle];

    /// <summary>B and α, which group the cells.</summary>
    public (int BatchSize, double LearningRate) Setting => (Cell.BatchSize, Cell.LearningRate);

    public static MeasuredCell Read(FinishedCell<VarianceFlatnessCell> cell) => new(
        cell.Cell,
        cell.Folder,
        CellResult.Read(cell.File("result.json")),
        [.. Enumerable.Range(0, CellMeasurement.Windows).Select(window => ModeTable.Read(cell.File(CellMeasurement.ModesFile(window))))],
        NullTable.Read(cell.File(NullTable.FileName)));
}
