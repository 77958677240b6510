namespace Talweg.Trajectories;

/// <summary>D_L: the least number of modes that hold a given share of a window's variance.</summary>
/// <remarks>
/// <para>
/// Least n with Σ₁ⁿ σᵢ² ≥ f Σ₁ᴺ σᵢ², as <see cref="ExplainedVariance.Modes"/> has it of all variances. This one also knows modes of which only the
/// leading ones were found: the total V is exact whichever way they were.
/// </para>
/// <para>
/// Sketched variances θᵢ are Ritz values, so θᵢ ≤ σᵢ² for every i (Cauchy's interlacing; Parlett, The Symmetric Eigenvalue Problem, 10.1). Hence Σ₁ⁿ θᵢ ≤ Σ₁ⁿ σᵢ², and where
/// the left side reaches f·V, n is an upper bound of D_L. And Σ₁ⁿ σᵢ² = V − Σ_{i>n} σᵢ² ≤ V − Σ_{n&lt;i≤k} θᵢ = Σ₁ⁿ θᵢ + (V − Σ₁ᵏ θᵢ): what the k modes found do not hold might all
/// belong to modes that were missed. The least n at which that reaches f·V is a lower bound. Both hold up to roundoff whatever the sketch missed; they meet as k grows.
/// Residuals would bound nothing here: each says that some eigenvalue is near, not which.
/// </para>
/// </remarks>
public sealed record LearningDimension
{
    /// <summary>f, in (0, 1].</summary>
    public required double Fraction { get; init; }

    /// <summary>D_L as the variances found have it; null if they do not reach the share, so that they have it at more than <see cref="Found"/>. 0 if nothing varies.</summary>
    /// <remarks>Of a sketch an upper bound, and D_L itself where its leading variances are right.</remarks>
    public required int? Modes { get; init; }

    /// <summary>A lower bound of D_L, whatever a sketch missed. Equal to <see cref="Modes"/> where a matrix was diagonalised.</summary>
    public required int AtLeast { get; init; }

    /// <summary>How many variances are known.</summary>
    public required int Found { get; init; }

    /// <summary>The share of the total that they hold.</summary>
    public required double Captured { get; init; }

    /// <summary>The learning dimension of a window.</summary>
    /// <param name="modes">Its modes.</param>
    /// <param name="fraction">f: 0.9 or 0.99.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="fraction"/> lies outside (0, 1].</exception>
    public static LearningDimension Of(PrincipalModes modes, double fraction)
    {
        ArgumentNullException.ThrowIfNull(modes);
        if (!(fraction is > 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(fraction), $"The fraction of variance must lie in (0, 1], not be {fraction}.");
        double[] cumulative = ExplainedVariance.Cumulative(modes.Variances);
        double share = fraction * modes.TotalVariance;
        int? needed = Least(cumulative, share);
        double captured = cumulative.LastOrDefault();
        return new()
        {
            Fraction = fraction,
            Modes = needed,
            AtLeast = modes.Sketch is null ? needed ?? cumulative.Length + 1 : Least(cumulative, share, Math.Max(0, modes.TotalVariance - captured)) ?? cumulative.Length,
            Found = modes.Variances.Length,
            Captured = modes.TotalVariance > 0 ? captured / modes.TotalVariance : 1,
        };
    }

    /// <summary>"35", "35 (at least 34)", "more than 200", or "more than 200 (at least 180)": what the variances found say, and the bound where it says less.</summary>
    public override string ToString() => Modes switch
    {
        null when AtLeast <= Found => $"more than {Found} (at least {AtLeast})",
        null => $"more than {Found}",
        { } n when n != AtLeast => $"{n} (at least {AtLeast})",
        { } n => $"{n}",
    };

    private static int? Least(double[] cumulative, double share, double missing = 0) =>
        share == 0 ? 0 : Array.FindIndex(cumulative, sum => sum + missing >= share) is >= 0 and var index ? index + 1 : null;
}
