using Talweg.Continual;
using Talweg.Studies.Figures;
using Talweg.Studies.Findings;

namespace Talweg.Studies.Forgetting;

/// <summary>The study's figures, after Figure 4 of the papers.</summary>
internal static class StudyFigures
{
    /// <summary>Where the moment before the first iteration stands on a logarithmic axis.</summary>
    private const double BeforeFirst = 0.5;

    public static IEnumerable<IFigure> OfPair(IReadOnlyList<MeasuredCell> cells)
    {
        var cell = cells[0].Cell;
        string with = $"λ = {NumberText.Of(cell.Lambda)}, N_c = {cell.Modes}";
        yield return Course(cells, 0, "fig-4a-free", "Without constraints task 1 is forgotten");
        yield return Displacements(cells[0], "fig-4b-free-displacements", "Displacements without constraints", mode => mode.Free);
        yield return Course(cells, cell.Lambda, "fig-4c-constrained", $"With landscape-dependent constraints, {with}");
        yield return Displacements(cells[0], "fig-4d-constrained-displacements", $"Displacements with constraints, {with}", mode => mode.Constrained);
        yield return TradeOff(cells);
        yield return Counts(cells);
    }

    /// <summary>The mean errors at the end of every sequence.</summary>
    public static IEnumerable<IFigure> OfSequences(IReadOnlyList<IReadOnlyList<MeasuredCell>> sequences) => sequences.Select(cells => new ComparisonFigure
    {
        Name = $"ft-19-{cells[0].Cell.Sequence}",
        Caption = $"Mean test error over all tasks at the end, each method at the λ that validation chose; means and intervals over {cells.Count} seeds.",
        Title = $"{char.ToUpperInvariant(SequenceFindings.Label(cells[0].Cell)[0])}{SequenceFindings.Label(cells[0].Cell)[1..]}",
        Quantity = "mean test error",
        Rows = [Row(cells, MethodFamily.None, "none"), .. MethodFamily.All(cells[0].Cell.Modes).Select(family => Row(cells, family.Name, family.Label))],
    });

    private static (string Label, double Value, Statistics.Interval? Interval) Row(IReadOnlyList<MeasuredCell> cells, string method, string label)
    {
        var measured = PairFindings.Mean(cells, label, Bands.NoLarger, cell => cell.Best(method).Test);
        return (label, measured.Value, measured.Interval);
    }

    private static CurvesFigure Course(IReadOnlyList<MeasuredCell> cells, double lambda, string name, string title)
    {
        IEnumerable<Series> Of(MeasuredCell cell, bool named, int task, Func<CourseRow, double> error)
        {
            var rows = cell.Course(lambda);
            if (rows.Count > 0)
                yield return new(new(named ? $"ε{(task == 0 ? "₁" : "₂")}, task {task + 1}" : "", [.. rows.Select(row => Math.Max(row.Iteration, BeforeFirst))], [.. rows.Select(error)]), named ? SeriesStyle.Line : SeriesStyle.Thin, task);
        }

        return new()
        {
            Name = name,
            Caption = $"Test errors of both tasks while task 2 is learned, as Figure 4{(lambda == 0 ? "A" : "C")} of Feng and Tu; {cells.Count} seeds, one of them bold. The moment before the first iteration stands at ½.",
            Title = title,
            X = "iterations on task 2",
            Y = "test error",
            LogX = true,
            Series = [.. cells.Reverse().SelectMany(cell => (Series[])[.. Of(cell, cell == cells[0], 0, row => row.First), .. Of(cell, cell == cells[0], 1, row => row.Second)])],
        };
    }

    private static CurvesFigure Displacements(MeasuredCell cell, string name, string title, Func<ModeRow, double> displacement)
    {
        ModeRow[] known = [.. cell.Modes.Where(mode => mode.Flatness is not null)];
        return new()
        {
            Name = name,
            Caption = "How far task 2 moves the weights along each mode of task 1, against 0.008 of the mode's flatness; one seed, as in Figure 4B and 4D.",
            Title = title,
            X = "mode i",
            Y = "length in weight space",
            LogX = true,
            LogY = true,
            Series =
            [
                new(new("q, displacement", [.. cell.Modes.Select(mode => (double)mode.Rank)], [.. cell.Modes.Select(displacement)]), SeriesStyle.Points, 0),
                new(new("ξ = 0.008 F", [.. known.Select(mode => (double)mode.Rank)], [.. known.Select(mode => ModeDisplacements.ThresholdShare * mode.Flatness!.Value)]), SeriesStyle.Line, 8),
            ],
        };
    }

    private static CurvesFigure TradeOff(IReadOnlyList<MeasuredCell> cells) => new()
    {
        Name = "fig-4e-trade-off",
        Caption = $"Both tasks' test errors after task 2 over {cells[0].Cell.GridPoints} strengths λ, means over {cells.Count} seeds: the nearer to the lower left corner the better. Errors of zero are left out.",
        Title = "What not forgetting costs",
        X = "ε₁, test error of task 1",
        Y = "ε₂, test error of task 2",
        LogX = true,
        LogY = true,
        Series =
        [
            .. MethodFamily.All(cells[0].Cell.Modes).Select((family, colour) =>
            {
                var points = family.Lambdas(cells[0].Cell.GridPoints)
                    .Select(lambda => cells.SelectMany(cell => cell.TradeOff(family.Name)).Where(run => Math.Abs(run.Lambda / lambda - 1) < 1e-9).ToList())
                    .Where(runs => runs.Count == cells.Count).ToList();
                return new Series(new(family.Label, [.. points.Select(runs => runs.Average(run => run.First))], [.. points.Select(runs => runs.Average(run => run.Last))]), SeriesStyle.LineAndPoints, colour);
            }),
            new(new("none", [CellValues.Mean(cells, cell => cell.Best(MethodFamily.None).First)], [CellValues.Mean(cells, cell => cell.Best(MethodFamily.None).Last)]), SeriesStyle.Points, 7),
        ],
    };

    private static CurvesFigure Counts(IReadOnlyList<MeasuredCell> cells)
    {
        Series Of(string method, string label, int colour)
        {
            int[] counts = [.. cells.SelectMany(cell => cell.Counts(method)).Select(run => run.Count).Distinct().Order()];
            double[] sums = [.. counts.Select(count => cells.SelectMany(cell => cell.Counts(method)).Where(run => run.Count == count).Average(MeasuredCell.Sum))];
            return new(new(label, [.. counts.Select(count => (double)count)], sums), SeriesStyle.LineAndPoints, colour);
        }

        return new()
        {
            Name = "fig-4f-constraints",
            Caption = $"ε₁ + ε₂ against the number of constraints, each method at the λ that validation chose; means over {cells.Count} seeds. The single point: as many random directions as LDC has modes.",
            Title = "How many constraints it takes",
            X = "N_c, modes (LDC) or weights (EWC)",
            Y = "ε₁ + ε₂",
            LogX = true,
            Series =
            [
                Of(MethodFamily.Landscape, "LDC", 0),
                Of(MethodFamily.Elastic, "EWC, exact Fisher", 1),
                new(new("random directions", [cells[0].Cell.Modes], [CellValues.Mean(cells, cell => cell.RandomSum)]), SeriesStyle.Points, 7),
            ],
        };
    }
}
