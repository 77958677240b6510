namespace Talweg.Trajectories;

/// <summary>D_L: the least number of modes that hold a given share of a window's variance.</summary>
/// <remarks>
/// Least n with Σ₁ⁿ σᵢ² ≥ f Σ₁ᴺ σᵢ², as <see cref="ExplainedVariance.Modes"/> has it of all variances. This one also knows modes of which only the
/// leading ones were found: the total is exact whichever way they were.
/// </remarks>
public sealed record LearningDimension
{
    /// <summary>f, in (0, 1].</summary>
    public required double Fraction { get; init; }

    /// <summary>D_L; null if the variances found do not reach the share, so that it is more than <see cref="Found"/>. 0 if nothing varies.</summary>
    /// <remarks>Sketched variances are never too large, so it is never too small.</remarks>
    public required int? Modes { get; init; }

    /// <summary>No fewer than this many: each variance raised by its residual. Equal to <see cref="Modes"/> where a matrix was diagonalised.</summary>
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
        double[] raised = Raised(cumulative, modes.Sketch?.Residuals);
        return new()
        {
            Fraction = fraction,
            Modes = needed,
            AtLeast = Least(raised, share) ?? modes.Variances.Length + 1,
            Found = modes.Variances.Length,
            Captured = modes.TotalVariance > 0 ? cumulative[^1] / modes.TotalVariance : 1,
        };
    }

    /// <summary>"35", "35 (at least 34)" or "more than 200".</summary>
    public override string ToString() => Modes switch
    {
        null => $"more than {Found}",
        { } n when n != AtLeast => $"{n} (at least {AtLeast})",
        { } n => $"{n}",
    };

    private static int? Least(double[] cumulative, double share) =>
        share == 0 ? 0 : Array.FindIndex(cumulative, sum => sum >= share) is >= 0 and var index ? index + 1 : null;

    private static double[] Raised(double[] cumulative, double[]? residuals)
    {
        if (residuals is null)
            return cumulative;
        double sum = 0;
        return [.. cumulative.Zip(residuals, (variance, residual) => variance + (sum += residual))];
    }
}
