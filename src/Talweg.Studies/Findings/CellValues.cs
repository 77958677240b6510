using Talweg.Statistics;

namespace Talweg.Studies.Findings;

/// <summary>How a number with one value a cell becomes a measurement.</summary>
internal static class CellValues
{
    /// <summary>Fewer cells than this have no interval of their own.</summary>
    public const int FewestSeeds = 3;

    /// <summary>
    /// With three cells or more the mean with Student's interval over them. With fewer, the first cell's value with the interval that
    /// <paramref name="alone"/> gives within it, which is not the spread between runs: it says over what it is.
    /// </summary>
    public static Measurement Measure<TCell>(string name, Band band, IReadOnlyList<TCell> cells, Func<TCell, Estimate> alone)
    {
        ArgumentNullException.ThrowIfNull(cells);
        Estimate[] each = [.. (cells.Count >= FewestSeeds ? cells : cells.Take(1)).Select(alone)];
        if (each.Length >= FewestSeeds)
        {
            double[] values = [.. each.Select(estimate => estimate.Value)];
            var over = values.All(double.IsFinite) ? MeanEstimate.Of(values, "seeds") : new(double.NaN, null, "");
            return new() { Name = name, Band = band, Value = values.Average(), Interval = over.Interval, IntervalOver = over.Over };
        }

        var first = each.Length == 0 ? new(double.NaN, null, "") : each[0];
        return new() { Name = name, Band = band, Value = first.Value, Interval = first.Interval, IntervalOver = first.Interval is null ? "" : $"{first.Over}, one cell", WithinOneRun = first.Interval is not null };
    }

    /// <summary>
    /// A share of cases: with three cells or more the mean of theirs, with the exact interval over the cases of all, widened to Student's over the cells' shares where that reaches further, for cases of one cell may go
    /// together. With fewer, the first cell's share with its exact interval.
    /// </summary>
    /// <param name="name">What was measured.</param>
    /// <param name="band">Its band.</param>
    /// <param name="cells">How many have the property, of how many; one pair a cell, one cell at least.</param>
    /// <param name="unit">What is counted, in the plural.</param>
    public static Measurement Share(string name, Band band, IReadOnlyList<(int With, int Count)> cells, string unit)
    {
        ArgumentNullException.ThrowIfNull(cells);
        bool seeds = cells.Count >= FewestSeeds;
        (int With, int Count)[] counted = [.. seeds ? cells : cells.Take(1)];
        var exact = ShareEstimate.Of(counted.Sum(cell => cell.With), counted.Sum(cell => cell.Count), unit);
        var whole = new Measurement { Name = name, Band = band, Value = exact.Value, Interval = exact.Interval, IntervalOver = $"{exact.Over}{(seeds ? $" of {counted.Length} seeds" : ", one cell")}", WithinOneRun = !seeds };
        if (!seeds)
            return whole;
        var mean = MeanEstimate.Of([.. counted.Select(cell => (double)cell.With / cell.Count)]);
        var (narrow, wide) = (exact.Interval!.Value, mean.Interval!.Value);
        return whole with { Value = mean.Value, Interval = new(Math.Max(0, Math.Min(narrow.Low, wide.Low)), Math.Min(1, Math.Max(narrow.High, wide.High))) };
    }

    /// <summary>
    /// A surrogate's value from one value a cell: undefined if it is so in any. With three cells or more their mean with Student's interval; with fewer the first cell's, one draw, of which it is not known how far
    /// another would lie from it.
    /// </summary>
    public static NullValue Null(string surrogate, IEnumerable<double> cells)
    {
        double[] values = [.. cells];
        if (values.Length == 0 || !values.All(double.IsFinite))
            return new(surrogate, double.NaN);
        if (values.Length < FewestSeeds)
            return new(surrogate, values[0]);
        var over = MeanEstimate.Of(values, "seeds");
        return new(surrogate, over.Value, over.Interval, over.Over);
    }

    /// <summary>The mean over cells; NaN where there is none.</summary>
    public static double Mean<TCell>(IEnumerable<TCell> cells, Func<TCell, double> value) => cells.Select(value).DefaultIfEmpty(double.NaN).Average();
}
