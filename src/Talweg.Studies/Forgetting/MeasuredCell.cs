using Talweg.Studies.Running;

namespace Talweg.Studies.Forgetting;

/// <summary>A cell with its tables, read back from its folder.</summary>
internal sealed record MeasuredCell
{
    public required ForgettingCell Cell { get; init; }

    public required CellResult Result { get; init; }

    public required IReadOnlyList<RunRow> Runs { get; init; }

    /// <summary>Of the pair; else none.</summary>
    public required IReadOnlyList<CourseRow> Courses { get; init; }

    /// <summary>Of the pair; else none.</summary>
    public required IReadOnlyList<ModeRow> Modes { get; init; }

    public static MeasuredCell Read(FinishedCell<ForgettingCell> cell)
    {
        bool isPair = cell.Cell.Sequence == SequenceCase.Pair;
        return new()
        {
            Cell = cell.Cell,
            Result = CellResult.Read(cell.File(CellResult.FileName)),
            Runs = RowTable.Read<RunRow>(cell.File(CellMeasurement.RunsFile)),
            Courses = isPair ? RowTable.Read<CourseRow>(cell.File(CellMeasurement.CoursesFile)) : [],
            Modes = isPair ? RowTable.Read<ModeRow>(cell.File(CellMeasurement.ModesFile)) : [],
        };
    }

    /// <summary>All modes there are, or all weights for elastic weights.</summary>
    public int All(string method) => method == MethodFamily.Elastic ? Result.Weights : Result.Modes;

    /// <summary>What it found at one stop.</summary>
    public CellAtStop At(Ladder ladder, string stop) => new(this, ladder, stop);

    /// <summary>A time course, in order.</summary>
    public IReadOnlyList<CourseRow> Course(Ladder ladder, double lambda) =>
        [.. Courses.Where(row => row.Lambda == lambda && row.Rate == ladder.LearningRate).OrderBy(row => row.Iteration)];
}
