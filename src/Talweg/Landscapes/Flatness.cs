using MathNet.Numerics;
using Talweg.Statistics;

namespace Talweg.Landscapes;

/// <summary>Flatness of the loss along one direction through a trained point: the width of its valley.</summary>
/// <remarks>
/// F = θᵣ − θₗ, where θₗ &lt; 0 &lt; θᵣ are the points nearest 0 with L(w₀ + θ·p) = e·L(w₀): Feng and Tu, PNAS 118, e2015617118
/// (2021), Eq. 7. On L₀ + ½λθ² this is 2√(2(e − 1)L₀/λ). The fit flatness is 2/√c₂ from the least-squares fit of ln L by
/// c₀ + c₁θ + c₂θ² on 41 equidistant points from θₗ to θᵣ: Feng and Tu (2020), Eq. 7.
/// </remarks>
public sealed record Flatness
{
    /// <summary>The loss that bounds the valley, in units of L₀.</summary>
    public required double Level { get; init; }

    /// <summary>θₗ &lt; 0, a length in weight space; null if the loss does not reach the level within the search's reach.</summary>
    public required double? Left { get; init; }

    /// <summary>θᵣ &gt; 0, likewise.</summary>
    public required double? Right { get; init; }

    /// <summary>L₀ = L(w₀), nats.</summary>
    public required double LossAtOrigin { get; init; }

    /// <summary>F̂ = 2/√c₂; null where a side is open or the loss overflows, c₂ ≤ 0, or no fit was asked for.</summary>
    public required double? FitFlatness { get; init; }

    /// <summary>R² of that fit of ln L; null where a side is open or the loss overflows, or no fit was asked for.</summary>
    public required double? FitRSquared { get; init; }

    /// <summary>F, a length in weight space; null when either side is open.</summary>
    public double? Value => (Left, Right) is ({ } left, { } right) ? right - left : null;

    /// <summary>Flatness along every direction, to a relative 1e-4 of each side.</summary>
    public static IReadOnlyList<Flatness> Along(Landscape landscape, Directions directions, FlatnessOptions? flatness = null, WorkOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(landscape);
        ArgumentNullException.ThrowIfNull(directions);
        return Transects.Each(directions, "flatness", (_, direction) => Measure(landscape, direction, flatness), options);
    }

    /// <summary>Flatness along one direction, [N], norm 1.</summary>
    public static Flatness Measure(Landscape landscape, ReadOnlySpan<double> direction, FlatnessOptions? flatness = null)
    {
        ArgumentNullException.ThrowIfNull(landscape);
        double[] copy = direction.ToArray();
        return Measure(displacements => landscape.Profile(copy, displacements).Loss, landscape.LossAtOrigin, FlatnessOptions.ReachInNorms * landscape.Norm, flatness);
    }

    /// <summary>Flatness of any profile.</summary>
    /// <param name="loss">Mean losses at the given displacements; positive.</param>
    /// <param name="lossAtOrigin">L₀; positive.</param>
    /// <param name="reach">How far to search on either side.</param>
    /// <param name="flatness">Level and fit.</param>
    /// <exception cref="ArgumentException">L₀ is not a positive number, so that no level of ln L is defined.</exception>
    public static Flatness Measure(Func<double[], IReadOnlyList<double>> loss, double lossAtOrigin, double reach, FlatnessOptions? flatness = null)
    {
        ArgumentNullException.ThrowIfNull(loss);
        flatness ??= FlatnessOptions.Default;
        if (!(lossAtOrigin > 0 && double.IsFinite(lossAtOrigin)))
            throw new ArgumentException($"The loss at the origin must be a positive number, but it is {lossAtOrigin:G6}.", nameof(lossAtOrigin));
        double threshold = Math.Log(flatness.Level) + Math.Log(lossAtOrigin);
        double[] Excess(double[] displacements) => [.. loss(displacements).Select(value => Math.Log(value) - threshold)];
        var (left, right) = ValleySearch.Run(Excess, -Math.Log(flatness.Level), reach);
        if (left is null || right is null || !flatness.Fit)
            return Of(flatness, lossAtOrigin, left, right, null, null);

        double[] points = Generate.LinearSpaced(FlatnessOptions.FitPoints, left.Value, right.Value);
        double[] excess = Excess(points);
        // The scan sees every point of the fit; a bump that already crosses the level inside is the nearer side.
        (left, right) = ValleySearch.Nearest(Excess, points, excess, left.Value, right.Value);
        if (left.Value != points[0] || right.Value != points[^1])
        {
            points = Generate.LinearSpaced(FlatnessOptions.FitPoints, left.Value, right.Value);
            excess = Excess(points);
        }

        var (fit, rSquared) = FitParabola(points, excess);
        return Of(flatness, lossAtOrigin, left, right, fit, rSquared);
    }

    private static (double? Flatness, double? RSquared) FitParabola(double[] points, double[] logLoss)
    {
        if (!logLoss.All(double.IsFinite))
            return (null, null);   // the valley ends where the loss overflows
        var fit = Quadratic.Fit(points, logLoss);
        return (fit.C2 > 0 ? 2 / Math.Sqrt(fit.C2) : null, fit.RSquared);
    }

    private static Flatness Of(FlatnessOptions options, double lossAtOrigin, double? left, double? right, double? fit, double? rSquared) => new()
    {
        Level = options.Level,
        LossAtOrigin = lossAtOrigin,
        Left = left,
        Right = right,
        FitFlatness = fit,
        FitRSquared = rSquared,
    };
}
