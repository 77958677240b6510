using Talweg.Statistics;
using Talweg.Trajectories;
using static MathNet.Numerics.Statistics.ArrayStatistics;

namespace Talweg.Studies.InverseVarianceFlatness;

/// <summary>The study's estimators, as measures.md fixes them, on spectra and flatness of one window. Ranks count from 1.</summary>
/// <remarks>NaN where too few modes were measured.</remarks>
internal static class Estimators
{
    /// <summary>γ: −slope of ln σ²ᵢ on ln i, 20 &lt; i &lt; 200 (FT-2).</summary>
    public static double SpectrumExponent(double[] variances)
    {
        int[] ranks = [.. Enumerable.Range(21, 179).Where(rank => rank <= variances.Length && variances[rank - 1] > 0)];
        return ranks.Length < 3 ? double.NaN
            : -PowerLaw.LeastSquares([.. ranks.Select(rank => (double)rank)], [.. ranks.Select(rank => variances[rank - 1])]).Exponent;
    }

    /// <summary>σ₁²/σ₂² (FT-2).</summary>
    public static double Gap(double[] variances) => variances.Length < 2 ? double.NaN : variances[0] / variances[1];

    /// <summary>Modes from mode 2 on that hold 90% of the variance without mode 1 (FT-3).</summary>
    public static double ModesFor90(double[] variances) => ExplainedVariance.ModesWithoutFirst(variances, 0.9);

    /// <summary>Median persistence of modes 2 to 200 (FT-4).</summary>
    public static double MedianPersistence(double?[] persistence)
    {
        double[] values = [.. Range(persistence, 2, 200).OfType<double>()];
        return values.Length == 0 ? double.NaN : MedianInplace(values);
    }

    /// <summary>Median R² of the parabola through ln L, modes 2 to 200 (FT-6).</summary>
    public static double MedianFit(double?[] rSquared)
    {
        double[] values = [.. Range(rSquared, 2, 200).OfType<double>()];
        return values.Length == 0 ? double.NaN : MedianInplace(values);
    }

    /// <summary>Spearman's correlation of rank and flatness, 2 ≤ i ≤ 200, open sides left out (FT-7).</summary>
    public static double RankCorrelation(double?[] flatness)
    {
        var points = Points(flatness, 2, 200).ToArray();
        return points.Length < 4 ? double.NaN
            : Correlation.Spearman([.. points.Select(p => (double)p.Rank)], [.. points.Select(p => p.Value)]).Coefficient;
    }

    /// <summary>The power law σ²ᵢ ~ Fᵢ^−ψ over the ranks from <paramref name="first"/> to <paramref name="last"/> (FT-8); null if fewer than ten modes have both.</summary>
    public static PowerLawFit? Law(double?[] flatness, IReadOnlyList<double?> variances, int first = 2, int last = 200, bool theilSen = false)
    {
        var points = Fitted(flatness, variances, first, last);
        if (points.Length < 10)
            return null;
        double[] x = [.. points.Select(p => p.Value)];
        double[] y = [.. points.Select(p => variances[p.Rank - 1]!.Value)];
        return theilSen ? PowerLaw.TheilSen(x, y) : PowerLaw.LeastSquares(x, y);
    }

    /// <summary>The ranks that <see cref="Law"/> fits.</summary>
    public static int[] Ranks(double?[] flatness, IReadOnlyList<double?> variances, int first = 2, int last = 200) => [.. Fitted(flatness, variances, first, last).Select(point => point.Rank)];

    /// <summary>ψ of <see cref="Law"/>, NaN where there is none.</summary>
    public static double Psi(double?[] flatness, IReadOnlyList<double?> variances, int first = 2, int last = 200, bool theilSen = false) =>
        -(Law(flatness, variances, first, last, theilSen)?.Exponent ?? double.NaN);

    /// <summary>ψ of a window by its own variances.</summary>
    public static double Psi(ModeTable modes) => Psi(modes.Flatness, Nullable(modes.Variance));

    /// <summary>Numbers as they come in tables.</summary>
    public static double?[] Nullable(double[] values) => [.. values.Select(value => (double?)value)];

    private static (int Rank, double Value)[] Fitted(double?[] flatness, IReadOnlyList<double?> variances, int first, int last) =>
        [.. Points(flatness, first, last).Where(p => p.Rank <= variances.Count && variances[p.Rank - 1] > 0)];

    private static IEnumerable<double?> Range(double?[] values, int first, int last) => values.Take(last).Skip(first - 1);

    private static IEnumerable<(int Rank, double Value)> Points(double?[] values, int first, int last) =>
        Range(values, first, last).Select((value, i) => (first + i, value)).Where(p => p.value is not null).Select(p => (p.Item1, p.value!.Value));
}
