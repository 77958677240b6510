using Talweg.Data;
using Talweg.Networks;

namespace Talweg.Studies.Tests;

/// <summary>Plain loops in double precision, sharing nothing with the library.</summary>
internal static class Naive
{
    /// <summary>Outputs before softmax of a ReLU network without biases, whose layer <paramref name="layer"/> (from 1) is moved by t·p.</summary>
    public static double[] Logits(DenseWeights weights, ReadOnlySpan<float> input, int layer = 1, double[]? p = null, double t = 0)
    {
        double[] x = new double[input.Length];
        for (int i = 0; i < x.Length; i++)
            x[i] = input[i];
        for (int l = 0; l < weights.Matrices.Count; l++)
        {
            float[] matrix = weights.Matrices[l];
            var z = new double[matrix.Length / x.Length];
            for (int o = 0; o < z.Length; o++)
            {
                for (int i = 0; i < x.Length; i++)
                {
                    int n = o * x.Length + i;
                    z[o] += (matrix[n] + (p is not null && l == layer - 1 ? t * p[n] : 0)) * x[i];
                }
            }

            x = l + 1 < weights.Matrices.Count ? [.. z.Select(v => Math.Max(v, 0))] : z;
        }

        return x;
    }

    /// <summary>Cross entropy of every sample.</summary>
    public static double[] Losses(DenseWeights weights, LabelledSamples samples, int layer = 1, double[]? p = null, double t = 0)
    {
        var losses = new double[samples.Count];
        for (int k = 0; k < losses.Length; k++)
        {
            double[] y = Logits(weights, samples.Input(k), layer, p, t);
            losses[k] = Math.Log(y.Sum(v => Math.Exp(v - y[samples.Labels[k]])));
        }

        return losses;
    }

    /// <summary>p₁ of some rows, pointing the way in which the last row's norm grows: the power method on the covariance.</summary>
    public static double[] FirstMode(float[][] rows)
    {
        int n = rows[0].Length;
        double[] mean = [.. Enumerable.Range(0, n).Select(j => rows.Average(row => (double)row[j]))];
        double[][] centred = [.. rows.Select(row => row.Select((w, j) => w - mean[j]).ToArray())];
        double[] p = [.. Enumerable.Range(0, n).Select(j => (double)rows[^1][j] - rows[0][j])];
        for (int i = 0; i < 2000; i++)
        {
            double[] next = new double[n];
            foreach (double[] row in centred)
            {
                double along = Dot(row, p);
                for (int j = 0; j < n; j++)
                    next[j] += along * row[j];
            }

            double norm = Math.Sqrt(Dot(next, next));
            p = [.. next.Select(x => x / norm)];
        }

        return Dot(p, [.. rows[^1].Select(w => (double)w)]) < 0 ? [.. p.Select(x => -x)] : p;
    }

    public static double Dot(double[] a, double[] b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }

    /// <summary>The coefficients c₀ … of the least-squares polynomial of some degree and R², by the normal equations and elimination.</summary>
    public static (double[] Coefficients, double RSquared) Polynomial(double[] x, double[] y, int degree)
    {
        int n = degree + 1;
        var a = new double[n, n + 1];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
                a[i, j] = x.Sum(v => Math.Pow(v, i + j));
            a[i, n] = x.Zip(y, (v, w) => Math.Pow(v, i) * w).Sum();
        }

        for (int i = 0; i < n; i++)
        {
            for (int k = 0; k < n; k++)
            {
                double factor = k == i ? 0 : a[k, i] / a[i, i];
                for (int j = i; j <= n; j++)
                    a[k, j] -= factor * a[i, j];
            }
        }

        double[] c = [.. Enumerable.Range(0, n).Select(i => a[i, n] / a[i, i])];
        double mean = y.Average();
        double residuals = x.Zip(y, (v, w) => Math.Pow(w - c.Select((ci, i) => ci * Math.Pow(v, i)).Sum(), 2)).Sum();
        return (c, 1 - residuals / y.Sum(w => Math.Pow(w - mean, 2)));
    }

    /// <summary>The exponent of y ~ x^k: the least-squares line through the logarithms.</summary>
    public static double Exponent(IReadOnlyList<double> x, IReadOnlyList<double> y) => Polynomial([.. x.Select(v => Math.Log(v))], [.. y.Select(v => Math.Log(v))], 1).Coefficients[1];

    /// <summary>The standard error of that exponent: √(Σr²/(n − 2)/Σ(x − ⟨x⟩)²) of the line through the logarithms.</summary>
    public static double ExponentError(double[] x, double[] y)
    {
        double[] u = [.. x.Select(v => Math.Log(v))], w = [.. y.Select(v => Math.Log(v))];
        double[] c = Polynomial(u, w, 1).Coefficients;
        double residuals = u.Zip(w, (a, b) => Math.Pow(b - c[0] - c[1] * a, 2)).Sum();
        return Math.Sqrt(residuals / (x.Length - 2) / u.Sum(a => Math.Pow(a - u.Average(), 2)));
    }

    /// <summary>Spearman's ρ: Pearson's correlation of the ranks, each counted, ties sharing theirs.</summary>
    public static double Spearman(IReadOnlyList<double> x, IReadOnlyList<double> y)
    {
        double[] a = Ranks(x), b = Ranks(y);
        double meanA = a.Average(), meanB = b.Average();
        double product = a.Zip(b, (u, v) => (u - meanA) * (v - meanB)).Sum();
        return product / Math.Sqrt(a.Sum(u => Math.Pow(u - meanA, 2)) * b.Sum(v => Math.Pow(v - meanB, 2)));

        static double[] Ranks(IReadOnlyList<double> values) => [.. values.Select(v => values.Count(other => other < v) + (values.Count(other => other == v) + 1) / 2.0)];
    }

    /// <summary>The middle value, or the mean of both middle ones.</summary>
    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>The least n whose first n values have a share of the sum of all; ends of the sums are not near the share in the fixtures.</summary>
    public static int LeadingShare(IReadOnlyList<double> values, double share)
    {
        double sum = 0;
        for (int n = 1; n <= values.Count; n++)
        {
            sum += values[n - 1];
            if (sum >= share * values.Sum())
                return n;
        }

        return 0;
    }
}
