using System.Globalization;
using Talweg.Statistics;
using Talweg.Studies.Findings;
using Talweg.Studies.Running;

namespace Talweg.Studies.EffectiveDimensions;

/// <summary>FT-22: do solutions stay simple as networks grow?</summary>
internal static class DimensionFindings
{
    /// <summary>A line through fewer widths has no interval.</summary>
    private const int FewestWidths = 3;

    public static Finding Of(IReadOnlyList<MeasuredCell> cells)
    {
        Series[] seeds = [.. cells.GroupBy(cell => cell.Cell.Seed).Select(group => new Series([.. group.OrderBy(cell => cell.Cell.Width)]))
            .Where(series => series.Cells.Count >= FewestWidths)];
        Measurement[] measurements = [
            Slope("slope of D_s", seeds, cell => cell.EffectiveValue, (cell, name) => cell.EffectiveOfNull(name).Value),
            Slope("slope of D_L at 90%", seeds, cell => cell.Learning(0.9), (cell, name) => cell.LearningOfNull(name, 0.9)),
            Slope("slope of D_L at 99%", seeds, cell => cell.Learning(0.99), (cell, name) => cell.LearningOfNull(name, 0.99)),
        ];
        return new()
        {
            Id = "FT-22",
            Claim = "Solutions stay simple as networks grow: the effective dimension and the learning dimension of the middle layer are nearly constant in the width.",
            Estimator = "Least-squares slope of ln D on ln W over the widths of one seed; Student's interval over seeds, or that of the line where there are fewer than three. "
                + "D_s: modes of the window after zero training error with F < ‖w₀‖, every one up to a stated rank and sampled over ln rank beyond, up to the last that has a direction; unknown where even that one is sharp. D_L: least number of modes with 90% and 99% of the variance. "
                + "'Nearly constant' is a slope between −0.2 and 0.2, ours. Each number is also held against its nulls by itself.",
            Published = "nearly constant",
            Settings = true,
            Measurements = measurements,
            Notes = [.. NullNotes(measurements), .. cells.GroupBy(cell => cell.Cell.Width).OrderBy(group => group.Key).Select(Summary)],
        };
    }

    /// <summary>The fit of one seed; null where a dimension is 0 or there are too few widths.</summary>
    public static PowerLawFit? Fit(IReadOnlyList<MeasuredCell> cells, Func<MeasuredCell, double> dimension)
    {
        double[] values = [.. cells.Select(dimension)];
        return cells.Count >= FewestWidths && values.All(value => value > 0)
            ? PowerLaw.LeastSquares([.. cells.Select(cell => (double)cell.Cell.Width)], values)
            : null;
    }

    private static Measurement Slope(string name, IReadOnlyList<Series> seeds, Func<MeasuredCell, double> dimension, Func<MeasuredCell, string, double> ofNull) =>
        CellValues.Measure(name, Bands.NearlyConstant, seeds, series => Estimate(Fit(series.Cells, dimension))) with
        {
            Nulls = [.. NullWindows.Names.Select(surrogate =>
                CellValues.Null(surrogate, seeds.Select(series => Fit(series.Cells, cell => ofNull(cell, surrogate))?.Exponent ?? double.NaN)))],
        };

    private static Estimate Estimate(PowerLawFit? fit) => fit is null ? new(double.NaN, null, "") : new(fit.Exponent, fit.Interval, $"{fit.Count} widths");

    private static IEnumerable<string> NullNotes(IEnumerable<Measurement> measurements)
    {
        foreach (var measurement in measurements)
        {
            var evidence = Evidence.Of([measurement]);
            if (evidence.SharedWith.Count > 0)
                yield return $"{measurement.Name}: nearly constant for the {string.Join(" and the ", evidence.SharedWith)} too, so that by itself it says nothing about the solution.";
            else if (evidence.NotToldApartFrom.Count == 0)
                yield return $"{measurement.Name}: no null surrogate is nearly constant.";
            if (evidence.NotToldApartFrom.Count > 0)
                yield return $"{measurement.Name}: whether the {string.Join(" and the ", evidence.NotToldApartFrom)} would be nearly constant is not known.";
        }
    }

    /// <summary>"width 50, N = 2500: D_s 31.5 (1.3% of N), …", means over seeds.</summary>
    private static string Summary(IGrouping<int, MeasuredCell> width)
    {
        string Mean(Func<MeasuredCell, double> value) => NumberText.Of(width.Average(value));
        double effective = width.Average(cell => cell.Effective.Value);
        int weights = width.First().Weights;
        string bound = width.All(cell => cell.IsBounded) ? "" : ", or more: the last mode measured is sharp";
        return string.Create(CultureInfo.InvariantCulture, $"Width {width.Key}, N = {weights}: D_s {NumberText.Of(effective)}{bound} ({NumberText.Of(100 * effective / weights)}% of N; {Mean(cell => cell.Effective.Open)} of ")
            + $"{Mean(cell => cell.Effective.Ranks.Count)} modes measured have an open side and do not count), D_L {Mean(cell => cell.Learning(0.9))} at 90% and {Mean(cell => cell.Learning(0.99))} at 99%, without mode 1 {Mean(cell => cell.LearningWithoutFirst(0.9))} and {Mean(cell => cell.LearningWithoutFirst(0.99))} "
            + $"(with half the rows {Mean(cell => cell.Result.ThinnedLearningDimension90)} and {Mean(cell => cell.Result.ThinnedLearningDimension99)}), ‖w₀‖ {Mean(cell => cell.Result.Norm)}, "
            + $"L₀ {Mean(cell => cell.Result.LossAtOrigin)}, test error {Mean(cell => 100 * cell.Result.TestError)}%; nulls D_s "
            + string.Join(", ", NullWindows.Names.Select(name => $"{Mean(cell => cell.EffectiveOfNull(name).Value)}"))
            + " and D_L at 90% " + string.Join(", ", NullWindows.Names.Select(name => $"{Mean(cell => cell.LearningOfNull(name, 0.9))}")) + ".";
    }

    /// <summary>The widths of one seed, ascending.</summary>
    private sealed record Series(IReadOnlyList<MeasuredCell> Cells);
}
