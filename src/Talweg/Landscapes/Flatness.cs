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

    /// <summary>θₗ &lt; 0, a length in weight space; null unless it was found: see <see cref="LeftEnding"/>.</summary>
    public required double? Left { get; init; }

    /// <summary>θᵣ &gt; 0, likewise.</summary>
    public required double? Right { get; init; }

    /// <summary>How the search for θₗ ended.</summary>
    public required SideEnding LeftEnding { get; init; }

    /// <summary>How the search for θᵣ ended.</summary>
    public required SideEnding RightEnding { get; init; }

    /// <summary>How often the samples were passed, each time at a few displacements: rounds of the search, and the fit.</summary>
    public required int Passes { get; init; }

    /// <summary>L₀ = L(w₀), nats.</summary>
    public required double LossAtOrigin { get; init; }

    /// <summary>F̂ = 2/√c₂; null where a side was not found or the loss overflows, c₂ ≤ 0, or no fit was asked for.</summary>
    public required double? FitFlatness { get; init; }

    /// <summary>R² of that fit of ln L; null where a side was not found or the loss overflows, or no fit was asked for.</summary>
    public required double? FitRSquared { get; init; }

    /// <summary>F, a length in weight space; null unless both sides were found.</summary>
    public double? Value => (Left, Right) is ({ } left, { } right) ? right - left : null;

    /// <summary>F, null where a side is open: for those who take an open valley for an infinitely wide one, which a side that no search could place is not.</summary>
    /// <exception cref="InputException">A side ended at the limit of rounds.</exception>
    internal double? WidthUnlessOpen => LeftEnding == SideEnding.RoundLimit || RightEnding == SideEnding.RoundLimit
        ? throw new InputException("flatness", "side", $"a loss that jumps over {Level:G4} times its value right beside the weights", "one that changes gradually along the direction; look at it with a transect")
        : Value;

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
        int passes = 0;
        double[] Excess(double[] displacements)
        {
            passes++;
            return [.. loss(displacements).Select(value => Math.Log(value) - threshold)];
        }

        var (left, right) = ValleySearch.Run(Excess, -Math.Log(flatness.Level), reach);
        var (fit, rSquared) = flatness.Fit ? Fit(Excess, ref left, ref right) : (null, null);
        return new()
        {
            Level = flatness.Level,
            LossAtOrigin = lossAtOrigin,
            Left = -left.Distance,
            Right = right.Distance,
            LeftEnding = left.Ending,
            RightEnding = right.Ending,
            Passes = passes,
            FitFlatness = fit,
            FitRSquared = rSquared,
        };
    }

    /// <summary>Fits ln L between the sides; a bump that already crosses the level inside becomes the side.</summary>
    private static (double? Flatness, double? RSquared) Fit(Func<double[], double[]> excess, ref ValleySide left, ref ValleySide right)
    {
        if ((left.Distance, right.Distance) is not ({ } first, { } last))
            return (null, null);
        double[] points = Generate.LinearSpaced(FlatnessOptions.FitPoints, -first, last);
        double[] values = excess(points);
        (left, right) = ValleySearch.Nearest(excess, points, values, left, right);
        if (left.Distance is not { } nearLeft || right.Distance is not { } nearRight)
            return (null, null);
        if (-nearLeft != points[0] || nearRight != points[^1])
        {
            points = Generate.LinearSpaced(FlatnessOptions.FitPoints, -nearLeft, nearRight);
            values = excess(points);
        }

        return FitParabola(points, values);
    }

    private static (double? Flatness, double? RSquared) FitParabola(double[] points, double[] logLoss)
    {
        if (!logLoss.All(double.IsFinite))
            return (null, null);   // the valley ends where the loss overflows
        var fit = Quadratic.Fit(points, logLoss);
        return (fit.C2 > 0 ? 2 / Math.Sqrt(fit.C2) : null, fit.RSquared);
    }
}
