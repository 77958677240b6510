using System.Globalization;
using Talweg.Statistics;
using Talweg.Studies.Findings;
using Talweg.Studies.Running;

namespace Talweg.Studies.InverseVarianceFlatness;

/// <summary>Cells that differ in their seed only, and how a number is estimated from them.</summary>
/// <remarks>
/// With at least three seeds the interval is Student's over the seeds' middle windows. With fewer, value and interval are the first cell's:
/// Student's over its windows, which follow one another in time, or over what the caller gives; it says so.
/// </remarks>
internal sealed class CellGroup(IReadOnlyList<MeasuredCell> cells)
{
    public IReadOnlyList<MeasuredCell> Cells => cells;

    public MeasuredCell First => cells[0];

    public bool HasSeeds => cells.Count >= CellValues.FewestSeeds;

    /// <summary>The cells that its values are taken from.</summary>
    public IReadOnlyList<MeasuredCell> Estimating => HasSeeds ? cells : [First];

    /// <summary>"B = 50, α = 0.1".</summary>
    public string Label => string.Create(CultureInfo.InvariantCulture, $"B = {First.Cell.BatchSize}, α = {First.Cell.LearningRate}");

    /// <summary>A measurement whose value is computed from one window of one cell.</summary>
    public Measurement Measure(string name, Band band, Func<MeasuredCell, int, double> value)
    {
        double[] values = HasSeeds
            ? [.. cells.Select(cell => value(cell, CellMeasurement.Middle))]
            : [.. Enumerable.Range(0, CellMeasurement.Windows).Select(window => value(First, window))];
        var measured = Of(name, band, values, HasSeeds ? "seeds" : "windows in time, one cell");
        // With one cell the windows give the spread; the value is still the middle window's.
        return HasSeeds ? measured : measured with { Value = values[CellMeasurement.Middle], WithinOneRun = measured.Interval is not null };
    }

    /// <summary>A measurement with one value a cell. With fewer than three seeds its interval is <paramref name="alone"/>'s, if any.</summary>
    public Measurement MeasureCells(string name, Band band, Func<MeasuredCell, double> value, Func<MeasuredCell, Estimate>? alone = null)
    {
        if (HasSeeds)
            return Of(name, band, [.. cells.Select(value)], "seeds");
        double first = cells.Count == 0 ? double.NaN : value(First);
        var interval = double.IsFinite(first) ? alone?.Invoke(First) : null;
        return new() { Name = name, Band = band, Value = first, Interval = interval?.Interval, IntervalOver = interval?.Interval is null ? "" : interval.Over, WithinOneRun = interval?.Interval is not null };
    }

    /// <summary>The surrogates' values with intervals of their own, over seeds.</summary>
    public IReadOnlyList<NullValue> Nulls(Func<NullTable.Surrogate, double> value) =>
        [.. NullWindows.Names.Select((name, i) => CellValues.Null(name, cells.Select(cell => value(cell.Nulls.Surrogates[i]))))];

    /// <summary>The middle windows' mean of a number measured in the next window.</summary>
    public double Mean(Func<MeasuredCell, double> value) => Average(cells.Select(value));

    private static Measurement Of(string name, Band band, double[] values, string unit)
    {
        bool complete = values.All(double.IsFinite);
        var estimate = complete ? MeanEstimate.Of(values, unit) : new(double.NaN, null, "");
        return new() { Name = name, Band = band, Value = Average(values), Interval = estimate.Interval, IntervalOver = estimate.Interval is null ? "" : estimate.Over };
    }

    private static double Average(IEnumerable<double> values) => values.DefaultIfEmpty(double.NaN).Average();
}
