using MathNet.Numerics.LinearAlgebra;

namespace Talweg.Studies.Tests;

/// <summary>What measures mean, by MathNet and plain loops in double precision: oracles that share nothing with the library.</summary>
internal static class Plain
{
    /// <summary>Variances and directions of the motion of some rows, the largest variance first: the singular value decomposition of what is left of them without their mean. Signs are MathNet's.</summary>
    public static (double[] Variances, double[][] Directions) Modes(IReadOnlyList<float[]> rows)
    {
        int n = rows[0].Length;
        double[] mean = [.. Enumerable.Range(0, n).Select(j => rows.Average(row => (double)row[j]))];
        var svd = Matrix<double>.Build.Dense(rows.Count, n, (t, j) => rows[t][j] - mean[j]).Svd();
        return ([.. svd.S.Select(s => s * s / rows.Count)], [.. Enumerable.Range(0, Math.Min(rows.Count, n)).Select(i => svd.VT.Row(i).ToArray())]);
    }

    /// <summary>(w − ⟨w⟩)·p of every row.</summary>
    public static double[] Projections(IReadOnlyList<float[]> rows, double[] p)
    {
        double[] along = [.. rows.Select(row => row.Select((w, j) => w * p[j]).Sum())];
        double mean = along.Average();
        return [.. along.Select(x => x - mean)];
    }

    /// <summary>Where a loss first reaches e times its value at 0 on either side, looked for in steps of a thirtieth of the distance; null beyond the reach.</summary>
    public static (double? Left, double? Right) Sides(Func<double, double> loss, double reach, double level = Math.E)
    {
        double bound = level * loss(0);
        double? Side(int sign)
        {
            for (double inside = 0, outside = 1e-4 * reach; inside < reach; (inside, outside) = (outside, Math.Min(reach, outside * 31 / 30)))
            {
                if (loss(sign * outside) >= bound)
                    return sign * Bisect(t => loss(sign * t) >= bound, inside, outside);
            }

            return null;
        }

        return (Side(-1), Side(1));
    }

    /// <summary>F, null where a side is open.</summary>
    public static double? Width(Func<double, double> loss, double reach, double level = Math.E) => Sides(loss, reach, level) is ({ } left, { } right) ? right - left : null;

    /// <summary>The share of samples that are wrong, between the least and the largest that rounding of the logits allows: the label's must be the largest of those that compete.</summary>
    public static (double Low, double High) Error(IReadOnlyList<double[]> logits, IReadOnlyList<int> labels, IReadOnlyCollection<int>? competing = null)
    {
        const double rounding = 1e-4;                          // single precision makes logits of order 10 in sums of a dozen terms
        int low = 0, high = 0;
        for (int k = 0; k < labels.Count; k++)
        {
            double[] y = logits[k];
            double rival = double.NegativeInfinity;
            for (int c = 0; c < y.Length; c++)
            {
                if (c != labels[k] && competing?.Contains(c) != false)
                    rival = Math.Max(rival, y[c]);
            }

            low += y[labels[k]] - rival <= -rounding ? 1 : 0;
            high += y[labels[k]] - rival > rounding ? 0 : 1;
        }

        return (low / (double)labels.Count, high / (double)labels.Count);
    }

    /// <summary>A direction with the sign that makes its largest component positive.</summary>
    public static double[] Oriented(double[] p) => p.MaxBy(Math.Abs) < 0 ? [.. p.Select(x => -x)] : p;

    /// <summary>⟨(x − ⟨x⟩)^k⟩.</summary>
    public static double CentralMoment(IReadOnlyCollection<double> values, int power = 2)
    {
        double mean = values.Average();
        return values.Average(x => Math.Pow(x - mean, power));
    }

    /// <summary>The least-squares slope of y on x.</summary>
    public static double Slope(IReadOnlyList<double> x, IReadOnlyList<double> y)
    {
        double meanX = x.Average(), meanY = y.Average();
        return x.Zip(y, (a, b) => (a - meanX) * (b - meanY)).Sum() / x.Sum(a => (a - meanX) * (a - meanX));
    }

    public static double Pearson(IReadOnlyList<double> x, IReadOnlyList<double> y) =>
        Slope(x, y) * Math.Sqrt(CentralMoment([.. x]) / CentralMoment([.. y]));

    private static double Bisect(Func<double, bool> isBeyond, double inside, double outside)
    {
        for (int i = 0; i < 40; i++)
        {
            double middle = (inside + outside) / 2;
            (inside, outside) = isBeyond(middle) ? (inside, middle) : (middle, outside);
        }

        return outside;
    }
}
