using Talweg.Studies.Running;

namespace Talweg.Cli.Progress;

/// <summary>Shows a study's progress as work: one for all cells, one for each cell that runs.</summary>
internal sealed class StudyProgressRelay(IProgress<WorkProgress> progress) : IProgress<StudyProgress>
{
    private int _cellsDone = -1;

    public void Report(StudyProgress value)
    {
        if (value.CellsTotal > 0 && Interlocked.Exchange(ref _cellsDone, value.CellsDone) != value.CellsDone)
            progress.Report(new("cells", value.CellsDone, value.CellsTotal));
        progress.Report(value.Cell is { } cell
            ? value.Work with { What = cell, Detail = value.Work.Detail.Length == 0 ? value.Work.What : $"{value.Work.What}, {value.Work.Detail}" }
            : value.Work);
    }
}
