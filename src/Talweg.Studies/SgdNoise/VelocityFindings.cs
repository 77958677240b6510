using Talweg.Statistics;
using Talweg.Studies.Findings;
using Talweg.Studies.Running;

namespace Talweg.Studies.SgdNoise;

/// <summary>FT-12: noise strength and correlation time against flatness, each from a window of its own.</summary>
internal static class VelocityFindings
{
    public static Finding Of(IReadOnlyList<MeasuredModes> cells) => new()
    {
        Id = "FT-12",
        Claim = "Noise strength Δᵥ and correlation time τ both fall with flatness, and their exponents add up to ψ.",
        Estimator = "Modes 2 to 200, least squares of logarithms against F: Δᵥ in the first window, τ in the middle one, ψ in the last, since within one window σ² = Δᵥτ makes the sum ψ by definition. The bands are ours.",
        Published = "sum equals ψ",
        Measurements = [
            CellValues.Measure("χ of Δᵥ ~ F^−χ", Bands.Falls, cells, NoiseStrength) with { Nulls = Nulls(cells, row => row.VelocityVariance) },
            CellValues.Measure("ξ of τ ~ F^−ξ", Bands.Falls, cells, CorrelationTime) with { Nulls = Nulls(cells, row => row.CorrelationTime) },
            CellValues.Measure("χ + ξ − ψ", Bands.SameSum, cells, Excess),
        ],
        Notes = [
            $"ψ of the last window is {NumberText.Of(CellValues.Mean(cells, cell => Psi(cell).Value))}. Surrogates are of the middle window; their third value is 0 by definition and is not listed.",
            $"Within the middle window alone: χ {NumberText.Of(CellValues.Mean(cells, cell => Falling(cell.Motion[cell.Middle], row => row.VelocityVariance).Value))}, ξ {NumberText.Of(CellValues.Mean(cells, cell => CorrelationTime(cell).Value))}.",
            $"Standard errors by blocking over epochs, median over modes: Δᵥ {Percent(cells, row => row.VelocityVarianceError / row.VelocityVariance)}, τ {Percent(cells, row => row.CorrelationTimeError / row.CorrelationTime)}.",
            "Δᵥ and the active temperature are nearly one measurement: Δᵥ ≈ 2αT(0) plus the drift's square.",
        ],
    };

    /// <summary>Δᵥ and τ against F of a window's modes 2 to 200.</summary>
    public static IEnumerable<(double? X, double? Y)> Points(IReadOnlyList<MotionRow> rows, Func<MotionRow, double?> value) =>
        rows.Where(row => row.Rank is >= 2 and <= 200).Select(row => (row.Flatness, value(row)));

    private static Estimate NoiseStrength(MeasuredModes cell) => Falling(cell.Motion[0], row => row.VelocityVariance);

    private static Estimate CorrelationTime(MeasuredModes cell) => Falling(cell.Motion[cell.Middle], row => row.CorrelationTime);

    private static Estimate Psi(MeasuredModes cell) => Falling(cell.Motion[^1], row => row.Variance);

    private static Estimate Excess(MeasuredModes cell) => Excess(NoiseStrength(cell), CorrelationTime(cell), Psi(cell));

    /// <summary>χ + ξ − ψ, half as wide as √Σ h² of the parts' half widths h: three windows, taken as independent.</summary>
    internal static Estimate Excess(Estimate strength, Estimate time, Estimate spectrum)
    {
        double value = strength.Value + time.Value - spectrum.Value;
        if (strength.Interval is not { } first || time.Interval is not { } second || spectrum.Interval is not { } third)
            return new(value, null, "");
        double half = Math.Sqrt(first.Width * first.Width + second.Width * second.Width + third.Width * third.Width) / 2;
        return new(value, new(value - half, value + half), strength.Over);
    }

    private static Estimate Falling(IReadOnlyList<MotionRow> rows, Func<MotionRow, double?> value) => Negative(Laws.Exponent(Points(rows, value)));

    private static Estimate Negative(Estimate estimate) =>
        estimate with { Value = -estimate.Value, Interval = estimate.Interval is { } interval ? new(-interval.High, -interval.Low) : null };

    private static IReadOnlyList<NullValue> Nulls(IReadOnlyList<MeasuredModes> cells, Func<SurrogateRow, double?> value) =>
        [.. NullWindows.Names.Select(name => CellValues.Null(name, cells.Select(cell =>
            -Laws.Exponent(cell.Nulls.Where(row => row.Surrogate == name).Select(row => (row.Flatness, value(row)))).Value)))];

    private static string Percent(IReadOnlyList<MeasuredModes> cells, Func<MotionRow, double?> share) =>
        $"{NumberText.Of(100 * CellValues.Mean(cells, cell => Laws.Median(cell.Motion[cell.Middle].Select(share), "modes").Value))}%";
}
