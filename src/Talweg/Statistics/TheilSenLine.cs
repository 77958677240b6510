using MathNet.Numerics.Statistics;

namespace Talweg.Statistics;

/// <summary>The line of median slope (Sen, J. Am. Stat. Assoc. 63, 1379, 1968).</summary>
internal readonly record struct TheilSenLine(double Slope, double Intercept, Interval SlopeInterval)
{
    private const int MostPoints = 10_000;

    public static TheilSenLine Fit(double[] x, double[] y)
    {
        if (x.Length > MostPoints)
            throw new ArgumentException($"Theil–Sen keeps all pairs' slopes and takes at most {MostPoints} points, but there are {x.Length}. Thin them, or use least squares.", nameof(x));
        double[] slopes = PairwiseSlopes(x, y);
        var interval = SenInterval(slopes, Math.Sqrt(KendallVariance(x, y)));
        double slope = ArrayStatistics.MedianInplace(slopes);
        double intercept = ArrayStatistics.MedianInplace([.. x.Zip(y, (abscissa, ordinate) => ordinate - slope * abscissa)]);
        return new(slope, intercept, interval);
    }

    /// <summary>The slopes of all pairs that differ in x.</summary>
    private static double[] PairwiseSlopes(double[] x, double[] y)
    {
        double[] slopes = new double[x.Length * (x.Length - 1) / 2];
        int count = 0;
        for (int i = 0; i < x.Length; i++)
        {
            for (int j = i + 1; j < x.Length; j++)
            {
                if (x[j] != x[i])
                    slopes[count++] = (y[j] - y[i]) / (x[j] - x[i]);
            }
        }
        return slopes[..count];
    }

    /// <summary>The slopes of rank (m ∓ 1.96·√V)/2 among all m, V the variance of Kendall's C − D: there his test of "no trend left" turns.</summary>
    private static Interval SenInterval(double[] slopes, double deviation)
    {
        double reach = Confidence.NormalQuantile * deviation;
        int low = Math.Max((int)Math.Round((slopes.Length - reach) / 2), 1);
        int high = Math.Min((int)Math.Round((slopes.Length + reach) / 2) + 1, slopes.Length);
        return new(ArrayStatistics.OrderStatisticInplace(slopes, low), ArrayStatistics.OrderStatisticInplace(slopes, high));
    }

    /// <summary>V = [n(n − 1)(2n + 5) − Σ t(t − 1)(2t + 5)]/18, the sum over groups of t equal values of x and of y.</summary>
    internal static double KendallVariance(double[] x, double[] y)
    {
        static double Term(double size) => size * (size - 1) * (2 * size + 5);
        static double Ties(double[] values) => values.CountBy(value => value).Sum(group => Term(group.Value));
        return (Term(x.Length) - Ties(x) - Ties(y)) / 18;
    }
}
