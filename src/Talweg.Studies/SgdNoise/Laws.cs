using MathNet.Numerics.Distributions;
using Talweg.Statistics;
using static MathNet.Numerics.Statistics.ArrayStatistics;

namespace Talweg.Studies.SgdNoise;

/// <summary>The study's estimators over modes: power laws, rank correlations, medians. NaN without an interval where too few modes were measured.</summary>
internal static class Laws
{
    private const int FewestPoints = 10;

    private static readonly Estimate Undefined = new(double.NaN, null, "");

    /// <summary>The exponent k of y ~ x^k by least squares of logarithms, and its interval by a bootstrap over modes.</summary>
    public static Estimate Exponent(IEnumerable<(double? X, double? Y)> points)
    {
        var (x, y) = Positive(points);
        return x.Length < FewestPoints ? Undefined : PowerLaw.BootstrapOverPoints(x, y, new RandomStream(1, "exponent")) with { Over = $"{x.Length} modes" };
    }

    /// <summary>The same as a fit, for figures and errors; null where there are too few points.</summary>
    public static PowerLawFit? Fit(IEnumerable<(double? X, double? Y)> points)
    {
        var (x, y) = Positive(points);
        return x.Length < FewestPoints ? null : PowerLaw.LeastSquares(x, y);
    }

    /// <summary>Spearman's coefficient.</summary>
    public static Estimate Rank(IEnumerable<(double? X, double? Y)> points, string unit)
    {
        var known = points.Where(point => point is (not null, not null)).ToArray();
        return known.Length < FewestPoints ? Undefined : Correlation.Spearman([.. known.Select(p => p.X!.Value)], [.. known.Select(p => p.Y!.Value)]).ToEstimate(unit);
    }

    /// <summary>The median with the distribution-free interval between order statistics.</summary>
    public static Estimate Median(IEnumerable<double?> values, string unit)
    {
        double[] known = [.. values.OfType<double>().Where(double.IsFinite).Order()];
        if (known.Length < FewestPoints)
            return Undefined;
        // The median lies between order statistics k + 1 and n − k with probability 1 − 2·P(X ≤ k), X binomial; ten values always have such a k.
        int k = Enumerable.Range(0, known.Length / 2).Last(each => Binomial.CDF(0.5, known.Length, each) <= 0.025);
        return new(MedianInplace([.. known]), new(known[k], known[known.Length - 1 - k]), $"{known.Length} {unit}");
    }

    /// <summary>
    /// The exponent k of y ~ x^k within groups: logarithms less each group's own means, so that only what changes within a group counts.
    /// </summary>
    public static double Within(IEnumerable<IGrouping<int, (double? X, double? Y)>> groups)
    {
        var (xx, xy, count) = (0.0, 0.0, 0);
        foreach (var group in groups)
        {
            var (x, y) = Positive(group);
            if (x.Length < 2)
                continue;
            double[] logX = [.. x.Select(each => Math.Log(each))], logY = [.. y.Select(each => Math.Log(each))];
            (double meanX, double meanY) = (logX.Average(), logY.Average());
            for (int i = 0; i < x.Length; i++)
            {
                xx += (logX[i] - meanX) * (logX[i] - meanX);
                xy += (logX[i] - meanX) * (logY[i] - meanY);
            }

            count++;
        }

        return count < FewestPoints || xx <= 0 ? double.NaN : xy / xx;
    }

    private static (double[] X, double[] Y) Positive(IEnumerable<(double? X, double? Y)> points)
    {
        var known = points.Where(point => point.X > 0 && point.Y > 0 && double.IsFinite(point.X.Value) && double.IsFinite(point.Y.Value)).ToArray();
        return ([.. known.Select(p => p.X!.Value)], [.. known.Select(p => p.Y!.Value)]);
    }
}
