using System.Collections.Concurrent;
using Talweg.Studies.Findings;
using Talweg.Studies.Running;

namespace Talweg.Studies.Tests.Running;

/// <summary>A study of squares that counts how often it measures, and can be made to stop, fail or break in any cell.</summary>
internal sealed class CountingStudy : IStudy<CountingStudy.Cell>
{
    public sealed record Cell(long Seed, double Rate) : ICell
    {
        public string Label => $"rate {Rate}, seed {Seed}";
    }

    public ConcurrentQueue<string> Measured { get; } = new();

    public ConcurrentQueue<int> Threads { get; } = new();

    public Action<Cell, CellContext> Before { get; set; } = (_, _) => { };

    public Func<Cell, CellEnding> Ending { get; set; } = _ => CellEnding.Measured();

    public string Name { get; set; } = "counting";

    public string Title => "Squares <of> seeds";

    public Source Source => new("Euclid", "Elements VIII", "Proposition 11");

    public int Revision { get; set; } = 1;

    public IReadOnlyList<string> Claims => ["SQ-1"];

    public StudyData Now { get; set; } = new("digits", "c0ffee", Drawn: true);

    public IReadOnlyList<Parameter> Parameters =>
    [
        new() { Name = "seeds", Kind = ParameterKind.Integer, Default = "1", Minimum = 1, Help = "number of seeds" },
        new() { Name = "learning-rates", Kind = ParameterKind.Numbers, Default = "0.1", Minimum = 0, Help = "α" },
        new() { Name = "data", Kind = ParameterKind.Text, Default = "digits", Choices = ["digits", "mnist"], Help = "data set" },
        new() { Name = "fast", Kind = ParameterKind.Flag, Default = "false", Help = "hurry" },
    ];

    public IReadOnlyList<Preset> Presets =>
    [
        new("quick", "seconds", new Dictionary<string, string> { ["seeds"] = "2" }),
        new("paper", "hours", new Dictionary<string, string> { ["seeds"] = "3", ["learning-rates"] = "0.05,0.1" }),
    ];

    public StudyData Data(Parameters parameters, DataContext context) => Now;

    public IEnumerable<Cell> Cells(Parameters parameters) =>
        from rate in parameters.Numbers("learning-rates")
        from seed in Enumerable.Range(0, parameters.Integer("seeds"))
        select new Cell(seed, rate);

    public CellEnding Measure(Cell cell, CellContext context)
    {
        Measured.Enqueue(cell.Label);
        Threads.Enqueue(context.Threads);
        context.Progress.Report(new("squaring", 0, 1));
        Before(cell, context);
        context.Cancellation.ThrowIfCancellationRequested();
        File.WriteAllText(context.File("result.json"), $"{cell.Seed * cell.Seed}");
        return Ending(cell);
    }

    public Conclusion Conclude(Parameters parameters, StudyData data, IReadOnlyList<FinishedCell<Cell>> cells)
    {
        var squares = cells.Where(c => c.Ending.Completed).Select(c => double.Parse(File.ReadAllText(c.File("result.json")))).ToList();
        double sum = squares.Sum();
        var measurement = new Measurement { Name = "sum", Value = sum, Interval = new(sum - 1, sum + 1), IntervalOver = $"{squares.Count} cells", Band = Band.Between(0, 100) };
        return new() { Findings = [Samples.Finding("SQ-1", measurement) with { Demonstration = data.Drawn }] };
    }
}
