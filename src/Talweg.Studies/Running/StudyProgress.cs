namespace Talweg.Studies.Running;

/// <summary>How far a run has come.</summary>
/// <param name="CellsDone">Cells that ended, earlier runs included.</param>
/// <param name="CellsTotal">Cells in all; 0 while not yet known.</param>
/// <param name="Cell">The label of the cell that reports; null if the run itself does.</param>
/// <param name="Work">The work in hand.</param>
public readonly record struct StudyProgress(int CellsDone, int CellsTotal, string? Cell, WorkProgress Work);
