using Talweg.Continual;
using Talweg.Studies.Findings;

namespace Talweg.Studies.Forgetting;

/// <summary>Cells of one sequence under one reading of the pretraining: seeds of the same.</summary>
/// <param name="Name">In words: "ten classes", or the sequence.</param>
/// <param name="Cells">One a seed.</param>
internal sealed record Reading(string Name, IReadOnlyList<MeasuredCell> Cells)
{
    /// <summary>Why a best value decides nothing.</summary>
    public const string AtTheEdge = "in a seed the best lies at the edge of what was tried";

    public ForgettingCell Cell => Cells[0].Cell;

    /// <summary>The pair's readings, all classes first.</summary>
    public static IReadOnlyList<Reading> OfPair(IEnumerable<MeasuredCell> cells) =>
        [.. cells.GroupBy(cell => cell.Cell.Pretraining).OrderBy(group => group.Key).Select(group => new Reading(group.Key == PretrainingClasses.All ? "ten classes" : "own classes", [.. group]))];

    /// <summary>Every ladder with every stop, in order.</summary>
    public IEnumerable<(Ladder Ladder, string Stop)> Stops => Cell.Ladders.SelectMany(ladder => ladder.Stops.Select(stop => (ladder, stop)));

    /// <summary>"ten classes, α = 0.1".</summary>
    public string Course(Ladder ladder) => $"{Name}, {ladder.Name}";

    /// <summary>All seeds at one stop.</summary>
    public IReadOnlyList<CellAtStop> At(Ladder ladder, string stop) => [.. Cells.Select(cell => cell.At(ladder, stop))];

    /// <summary>One measurement at one stop.</summary>
    public Measurement Measure(Ladder ladder, string stop, string what, Band band, Func<CellAtStop, double> value)
    {
        var measured = Mean($"{Course(ladder)}, {stop}: {what}", band, At(ladder, stop), value);
        return measured with { Course = Course(ladder), Stop = stop };
    }

    /// <summary>The mean over seeds, with Student's interval.</summary>
    public static Measurement Mean<TCell>(string name, Band band, IReadOnlyList<TCell> cells, Func<TCell, double> value) =>
        CellValues.Measure(name, band, cells, cell => new(value(cell), null, ""));
}
