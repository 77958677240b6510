namespace Talweg.Trajectories;

/// <summary>How many leading modes hold a given share of the variance of a window.</summary>
/// <remarks>Feng and Tu, PNAS 118, e2015617118 (2021), Fig. 1B.</remarks>
public static class ExplainedVariance
{
    /// <summary>The least n with Σ₁ⁿ σᵢ² ≥ f Σ₁ᴺ σᵢ²: the learning dimension D_L at f = 0.9 or 0.99. 0 if nothing varies.</summary>
    /// <param name="variances">σᵢ², descending.</param>
    /// <param name="fraction">f, in (0, 1].</param>
    /// <exception cref="ArgumentException">A variance is negative or not finite, or the variances do not descend.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="fraction"/> lies outside (0, 1].</exception>
    public static int Modes(ReadOnlySpan<double> variances, double fraction) => Least(Cumulative(variances), fraction);

    /// <summary>
    /// The same without the drift mode: the least n with Σ₂ⁿ σᵢ² ≥ f Σ₂ᴺ σᵢ², minus 1. Modes count from 1 in this formula, so the
    /// result is the number of modes from mode 2 on.
    /// </summary>
    /// <inheritdoc cref="Modes"/>
    public static int ModesWithoutFirst(ReadOnlySpan<double> variances, double fraction)
    {
        Require(variances);
        return Least(Cumulative(variances[Math.Min(1, variances.Length)..]), fraction);
    }

    /// <summary>Σ₁ⁿ σᵢ² for n = 1 … , as many numbers as variances.</summary>
    /// <inheritdoc cref="Modes"/>
    public static double[] Cumulative(ReadOnlySpan<double> variances)
    {
        Require(variances);
        double[] sums = new double[variances.Length];
        double sum = 0;
        for (int i = 0; i < sums.Length; i++)
            sums[i] = sum += variances[i];
        return sums;
    }

    private static int Least(double[] cumulative, double fraction)
    {
        if (!(fraction is > 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(fraction), $"The fraction of variance must lie in (0, 1], not be {fraction}.");
        double total = cumulative.Length == 0 ? 0 : cumulative[^1];
        return total == 0 ? 0 : Array.FindIndex(cumulative, sum => sum >= fraction * total) + 1;
    }

    private static void Require(ReadOnlySpan<double> variances)
    {
        for (int i = 0; i < variances.Length; i++)
        {
            if (!(variances[i] >= 0 && double.IsFinite(variances[i])))
                throw new ArgumentException($"The variance {i} is {variances[i]}; variances are finite and not negative.", nameof(variances));
            if (i > 0 && variances[i] > variances[i - 1])
                throw new ArgumentException($"The variance {i} exceeds the one before it; give variances in descending order.", nameof(variances));
        }
    }
}
