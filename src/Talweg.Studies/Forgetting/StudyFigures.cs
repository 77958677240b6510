using Talweg.Continual;
using Talweg.Studies.Figures;
using Talweg.Studies.Findings;

namespace Talweg.Studies.Forgetting;

/// <summary>The study's figures, after Figure 4 of the papers.</summary>
internal static class StudyFigures
{
    /// <summary>Where the moment before the first iteration stands on a logarithmic axis.</summary>
    private const double BeforeFirst = 0.5;

    public static IEnumerable<IFigure> OfPair(Reading reading)
    {
        var cell = reading.Cell;
        string with = $"λ = {NumberText.Of(cell.Lambda)}, N_c = {cell.Modes}", suffix = cell.Pretraining == PretrainingClasses.Own ? "-own-classes" : "";
        yield return Course(reading, 0, $"fig-4a-free{suffix}", "Without constraints task 1 is forgotten");
        yield return Displacements(reading, $"fig-4b-free-displacements{suffix}", "Displacements without constraints", mode => mode.Free);
        yield return Course(reading, cell.Lambda, $"fig-4c-constrained{suffix}", $"With landscape-dependent constraints, {with}");
        yield return Displacements(reading, $"fig-4d-constrained-displacements{suffix}", $"Displacements with constraints, {with}", mode => mode.Constrained);
        yield return TradeOff(reading, $"fig-4e-trade-off{suffix}");
        yield return Counts(reading, $"fig-4f-constraints{suffix}");
    }

    /// <summary>The mean errors at the last stop of every sequence.</summary>
    public static IEnumerable<IFigure> OfSequences(IReadOnlyList<Reading> sequences) => sequences.Select(sequence =>
    {
        var ladder = sequence.Cell.Ladders[0];
        var cells = sequence.At(ladder, ladder.Last);
        return new ComparisonFigure
        {
            Name = $"ft-19-{sequence.Cell.Sequence}",
            Caption = $"Mean test error over all tasks after {ladder.Last} on the last, {ladder.Name}, each method at the λ that validation chose; means and intervals over {cells.Count} seeds.",
            Title = $"{char.ToUpperInvariant(sequence.Name[0])}{sequence.Name[1..]}",
            Quantity = "mean test error",
            Rows = [Row(cells, MethodFamily.None, "none"), .. MethodFamily.On(ladder, sequence.Cell).Select(family => Row(cells, family.Name, family.Label))],
        };
    });

    private static (string Label, double Value, Statistics.Interval? Interval) Row(IReadOnlyList<CellAtStop> cells, string method, string label)
    {
        var measured = Reading.Mean(label, Band.Any, cells, cell => cell.BestError(method));
        return (label, measured.Value, measured.Interval);
    }

    private static CurvesFigure Course(Reading reading, double lambda, string name, string title)
    {
        var ladder = reading.Cell.Ladders[0];
        IEnumerable<Series> Of(MeasuredCell cell, bool named, int task, Func<CourseRow, double> error)
        {
            var rows = cell.Course(ladder, lambda);
            if (rows.Count > 0)
                yield return new(new(named ? $"ε{(task == 0 ? "₁" : "₂")}, task {task + 1}" : "", [.. rows.Select(row => Math.Max(row.Iteration, BeforeFirst))], [.. rows.Select(error)]), named ? SeriesStyle.Line : SeriesStyle.Thin, task);
        }

        return new()
        {
            Name = name,
            Caption = $"Test errors of both tasks while task 2 is learned at {ladder.Name}, as Figure 4{(lambda == 0 ? "A" : "C")} of Feng and Tu; pretraining on {reading.Name}, {reading.Cells.Count} seeds, one of them bold. An epoch has {PerEpoch(reading, ladder)} iterations; the moment before the first stands at ½.",
            Title = title,
            X = "iterations on task 2",
            Y = "test error",
            LogX = true,
            Series = [.. reading.Cells.Reverse().SelectMany(cell => (Series[])[.. Of(cell, cell == reading.Cells[0], 0, row => row.First), .. Of(cell, cell == reading.Cells[0], 1, row => row.Second)])],
        };
    }

    private static long PerEpoch(Reading reading, Ladder ladder) => (long)Math.Round(reading.At(ladder, ladder.Last)[0].Free.Iteration / ladder.Epochs.Max());

    private static CurvesFigure Displacements(Reading reading, string name, string title, Func<ModeRow, double> displacement)
    {
        var ladder = reading.Cell.Ladders[0];
        string[] shown = [.. ((string[])[Ladder.EpochName(ladder.Epochs.Min()), ladder.Last]).Distinct()];
        ModeRow[] Rows(string stop) => [.. reading.Cells[0].Modes.Where(mode => mode.Rate == ladder.LearningRate && mode.Stop == stop)];
        ModeRow[] known = [.. Rows(ladder.Last).Where(mode => mode.Flatness is not null)];
        return new()
        {
            Name = name,
            Caption = $"How far task 2 moves the weights along each mode of task 1, against 0.008 of the mode's flatness, after {string.Join(" and ", shown)} at {ladder.Name}; one seed, as in Figure 4B and 4D, pretraining on {reading.Name}.",
            Title = title,
            X = "mode i",
            Y = "length in weight space",
            LogX = true,
            LogY = true,
            Series =
            [
                .. shown.Select((stop, colour) => new Series(new($"q after {stop}", [.. Rows(stop).Select(mode => (double)mode.Rank)], [.. Rows(stop).Select(displacement)]), SeriesStyle.Points, colour)),
                new(new("ξ = 0.008 F", [.. known.Select(mode => (double)mode.Rank)], [.. known.Select(mode => ModeDisplacements.ThresholdShare * mode.Flatness!.Value)]), SeriesStyle.Line, 8),
            ],
        };
    }

    private static CurvesFigure TradeOff(Reading reading, string name)
    {
        var ladder = reading.Cell.Ladders[0];
        var cells = reading.At(ladder, ladder.Last);
        int seeds = cells.Count, lambdas = reading.Cell.GridPoints;
        return new()
        {
            Name = name,
            Caption = $"Both tasks' test errors after {ladder.Last} on task 2 at {ladder.Name}, over {lambdas} strengths λ, means over {seeds} seeds, pretraining on {reading.Name}: the nearer to the lower left corner the better. Errors of zero are left out.",
            Title = "What not forgetting costs",
            X = "ε₁, test error of task 1",
            Y = "ε₂, test error of task 2",
            LogX = true,
            LogY = true,
            Series =
            [
                .. MethodFamily.On(ladder, reading.Cell).Select((family, colour) =>
                {
                    var points = family.Lambdas(lambdas)
                        .Select(lambda => cells.SelectMany(cell => cell.TradeOff(family.Name)).Where(run => Math.Abs(run.Lambda / lambda - 1) < 1e-9).ToList())
                        .Where(runs => runs.Count == seeds).ToList();
                    return new Series(new(family.Label, [.. points.Select(runs => runs.Average(run => run.First))], [.. points.Select(runs => runs.Average(run => run.Last))]), SeriesStyle.LineAndPoints, colour);
                }),
                new(new("none", [CellValues.Mean(cells, cell => cell.Free.First)], [CellValues.Mean(cells, cell => cell.Free.Last)]), SeriesStyle.Points, 7),
            ],
        };
    }

    private static CurvesFigure Counts(Reading reading, string name)
    {
        var ladder = reading.Cell.Ladders[0];
        string[] shown = [.. ladder.Epochs.Select(Ladder.EpochName)];
        Series Of(string stop, string method, string label, int colour)
        {
            // Numbers that every seed has; then all modes there are, of which each seed has its own number.
            var cells = reading.At(ladder, stop);
            int[] counts = [.. cells.SelectMany(cell => cell.Counts(method)).GroupBy(run => run.Count).Where(group => group.Count() == cells.Count).Select(group => group.Key).Order()];
            double all = CellValues.Mean(cells, cell => cell.All(method));
            (double Count, double Sum)[] points = [.. counts.Where(count => count < all).Select(count => ((double)count, CellValues.Mean(cells, cell => cell.Sum(method, count)))), (all, CellValues.Mean(cells, cell => cell.SumOfAll(method)))];
            return new(new(label, [.. points.Select(point => point.Count)], [.. points.Select(point => point.Sum)]), SeriesStyle.LineAndPoints, colour);
        }

        return new()
        {
            Name = name,
            Caption = $"ε₁ + ε₂ against the number of constraints after several epochs on task 2 at {ladder.Name}, pretraining on {reading.Name}, each method at the λ that validation chose; means over {reading.Cells.Count} seeds. The last point of LDC: all modes that the window has. The single point: as many random directions as LDC has modes.",
            Title = "How many constraints it takes",
            X = "N_c, modes (LDC) or weights (EWC)",
            Y = "ε₁ + ε₂",
            LogX = true,
            Series =
            [
                .. shown.Select((stop, colour) => Of(stop, MethodFamily.Landscape, $"LDC, {stop}", colour)),
                Of(ladder.Last, MethodFamily.Elastic, $"EWC, exact Fisher, {ladder.Last}", shown.Length),
                new(new($"random directions, {ladder.Last}", [reading.Cell.Modes], [CellValues.Mean(reading.At(ladder, ladder.Last), cell => cell.RandomSum)]), SeriesStyle.Points, shown.Length + 1),
            ],
        };
    }
}
