using MathNet.Numerics.Distributions;

namespace Talweg.Statistics;

/// <summary>The share of independent cases that have a property, with its exact interval.</summary>
public static class ShareEstimate
{
    private const double LowerTail = (1 - Interval.Level) / 2;

    /// <summary>k/n with the interval of Clopper and Pearson, Biometrika 26, 404 (1934).</summary>
    /// <remarks>
    /// The lower end is the p at which k or more of n have the property in 2.5% of all draws, Σ_{j≥k} C(n, j) pʲ (1 − p)ⁿ⁻ʲ = 0.025, and 0
    /// for k = 0; the upper end that at which k or fewer do, and 1 for k = n. They are quantiles of beta distributions, B(0.025; k, n − k + 1)
    /// and B(0.975; k + 1, n − k). It covers at least 95% whatever p and n, and never shrinks to a point: 2 of 2 give [0.158, 1], where
    /// x̄ ± t·s/√n over zeros and ones (<see cref="MeanEstimate"/>) would give [1, 1]. Cases that go together, as neighbouring
    /// directions of one network do, are fewer independent ones, and their interval is too narrow.
    /// </remarks>
    /// <param name="with">Cases that have the property, k.</param>
    /// <param name="count">All cases, n, 1 or more.</param>
    /// <param name="unit">What a case is, in the plural: "directions".</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is below 1, or <paramref name="with"/> negative or above it.</exception>
    public static Estimate Of(int with, int count, string unit = "cases")
    {
        if (count < 1)
            throw new ArgumentOutOfRangeException(nameof(count), count, "A share needs at least one case.");
        if (with < 0 || with > count)
            throw new ArgumentOutOfRangeException(nameof(with), with, $"Of {count} {unit}, from 0 to {count} can have a property.");
        double low = with == 0 ? 0 : Beta.InvCDF(with, count - with + 1, LowerTail);
        double high = with == count ? 1 : Beta.InvCDF(with + 1, count - with, 1 - LowerTail);
        return new((double)with / count, new(low, high), $"{count} {unit}");
    }
}
