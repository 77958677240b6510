using MathNet.Numerics.LinearAlgebra;

namespace Talweg.Studies.Tests;

/// <summary>The principal modes of some rows by the singular value decomposition of the centred rows, and the motion along directions: nothing of the library's.</summary>
/// <param name="Mean">⟨w⟩.</param>
/// <param name="Variances">σ²ᵢ, descending, divided by T.</param>
/// <param name="Directions">pᵢ, the largest component positive.</param>
internal sealed record NaiveModes(double[] Mean, double[] Variances, double[][] Directions)
{
    public static NaiveModes Of(float[][] rows)
    {
        int weights = rows[0].Length, count = Math.Min(rows.Length, weights);
        double[] mean = [.. Enumerable.Range(0, weights).Select(j => rows.Average(row => (double)row[j]))];
        var svd = Matrix<double>.Build.Dense(rows.Length, weights, (t, j) => rows[t][j] - mean[j]).Svd();
        return new(mean, [.. Enumerable.Range(0, count).Select(i => svd.S[i] * svd.S[i] / rows.Length)], [.. Enumerable.Range(0, count).Select(i => Oriented([.. svd.VT.Row(i)]))]);
    }

    /// <summary>θ(t) along a direction.</summary>
    public static double[] Projection(float[][] rows, double[] p) => [.. rows.Select(row => Naive.Dot(p, [.. row.Select(w => (double)w)]))];

    public static double Variance(double[] theta) => theta.Average(x => Math.Pow(x - theta.Average(), 2));

    /// <summary>|θ(T) − θ(0)|/(√12 σ).</summary>
    public static double Straightness(double[] theta) => Math.Abs(theta[^1] - theta[0]) / Math.Sqrt(12 * Variance(theta));

    /// <summary>Σ DₑDₑ₊₁/√(Σ Dₑ² Σ Dₑ₊₁²) of the displacements from the end of one epoch to that of the next, the last one included.</summary>
    public static double Persistence(double[] theta, int perEpoch)
    {
        double[] ends = [.. theta.Where((_, t) => (t + 1) % perEpoch == 0)];
        double[] moved = [.. ends.Skip(1).Zip(ends, (after, before) => after - before)];
        double[] first = moved[..^1], second = moved[1..];
        return Naive.Dot(first, second) / Math.Sqrt(Naive.Dot(first, first) * Naive.Dot(second, second));
    }

    /// <summary>σ²/Δᵥ.</summary>
    public static double CorrelationTime(double[] theta) => Variance(theta) / Variance([.. theta.Skip(1).Zip(theta, (after, before) => after - before)]);

    /// <summary>The vector, or its opposite, whose largest component in magnitude is positive.</summary>
    public static double[] Oriented(double[] p) => p[Array.FindIndex(p, x => Math.Abs(x) == p.Max(Math.Abs))] < 0 ? [.. p.Select(x => -x)] : p;
}
