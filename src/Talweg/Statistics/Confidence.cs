using MathNet.Numerics.Distributions;
using MathNet.Numerics.Statistics;

namespace Talweg.Statistics;

/// <summary>How a point estimate becomes a 95% interval.</summary>
internal static class Confidence
{
    private const double UpperTail = (1 + Interval.Level) / 2;

    /// <summary>The standard normal's 97.5% quantile, 1.95996….</summary>
    public static double NormalQuantile { get; } = Normal.InvCDF(0, 1, UpperTail);

    /// <summary>value ± t·standardError, t the 97.5% quantile of Student's distribution.</summary>
    public static Interval Student(double value, double standardError, int degreesOfFreedom)
    {
        double reach = StudentT.InvCDF(0, 1, degreesOfFreedom, UpperTail) * standardError;
        return new(value - reach, value + reach);
    }

    /// <summary>The central 95% of <paramref name="draws"/>, which are sorted in place (quantiles of Hyndman and Fan's type 8).</summary>
    public static Interval Central(double[] draws) => Central(draws, UpperTail);

    /// <summary>Percentiles moved outwards from ±1.96 to Student's ±t on the normal scale, for a spread known from few blocks (Hesterberg 2015).</summary>
    public static Interval Expanded(double[] draws, double degreesOfFreedom) =>
        Central(draws, Normal.CDF(0, 1, StudentT.InvCDF(0, 1, degreesOfFreedom, UpperTail)));

    private static Interval Central(double[] draws, double upperTail)
    {
        Array.Sort(draws);
        return new(SortedArrayStatistics.Quantile(draws, 1 - upperTail), SortedArrayStatistics.Quantile(draws, upperTail));
    }

    /// <summary>Refuses so few resamples that the interval's ends would be the luck of one or two draws.</summary>
    public static void RequireResamples(int resamples)
    {
        if (resamples < 100)
            throw new ArgumentOutOfRangeException(nameof(resamples), resamples, "A 95% interval needs at least 100 resamples; 1000 is usual.");
    }
}
