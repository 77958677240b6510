using MathNet.Numerics;
using Talweg.Landscapes;

namespace Talweg.Noise;

/// <summary>The valleys of all minibatches along one direction: where each has its minimum, how curved and how deep it is.</summary>
/// <remarks>
/// Feng and Tu (2020) take every minibatch's loss for an inverse Gaussian, along one direction L^μ(θ) = L_min^μ·exp(M^μ(θ − θ̃^μ)²/2).
/// Here ln L^μ is fitted by a parabola on those points where L^μ ≤ e·min L^μ of a grid of 41 equidistant points over the window
/// [2θₗ, 2θᵣ], each side of the flatness interval [θₗ, θᵣ] (level e) being doubled; min L^μ is the least value on the grid. The minima
/// are the quantities with a tilde of their Eq. 11, minima along a line, not the points θ^μ where L^μ is least in all directions.
/// A minibatch without a minimum is counted as <see cref="TooSteep"/> or <see cref="Unbounded"/> and enters no moment; the losses at the
/// origin are everyone's.
/// </remarks>
public sealed record MinibatchEnsemble
{
    /// <summary>Points of the grid, ends included.</summary>
    public const int GridPoints = 41;

    /// <summary>Each side of the window is that of the flatness interval times this.</summary>
    public const double Extension = 2;

    /// <summary>The valley of the mean loss over all samples, from which the window comes.</summary>
    public required Flatness Flatness { get; init; }

    /// <summary>Every minibatch's valley, in their order; null for one without a minimum.</summary>
    public required IReadOnlyList<MinibatchValley?> Valleys { get; init; }

    /// <summary>L₀^μ = L^μ(0) of all minibatches, nats.</summary>
    public required IReadOnlyList<double> LossesAtOrigin { get; init; }

    /// <summary>Minibatches of which fewer than 7 points of the grid lie at or below e·min L^μ; also those whose least loss is 0 or nowhere a number.</summary>
    public required int TooSteep { get; init; }

    /// <summary>Minibatches whose ln L does not curve upward or has its minimum outside the window; all of them where a side of F is open, for then there is no window.</summary>
    public required int Unbounded { get; init; }

    /// <summary>Number of minibatches.</summary>
    public int Minibatches => Valleys.Count;

    /// <summary>How many have no minimum.</summary>
    public int WithoutMinimum => TooSteep + Unbounded;

    /// <summary>Of θ̃^μ, over the minibatches with a minimum; null where none has one.</summary>
    public EnsembleMoments? Minimum => Moments(valley => valley.Minimum);

    /// <summary>Of M^μ, likewise.</summary>
    public EnsembleMoments? Curvature => Moments(valley => valley.Curvature);

    /// <summary>Of the loss at the minimum, likewise.</summary>
    public EnsembleMoments? Loss => Moments(valley => valley.Loss);

    /// <summary>The ensemble along every direction: a flatness and a transect of 42 points each.</summary>
    /// <param name="landscape">Where, and on which samples.</param>
    /// <param name="directions">[K, N].</param>
    /// <param name="sets">Which of these samples form which minibatches.</param>
    /// <param name="options">Threads, progress, cancellation.</param>
    /// <exception cref="ArgumentException">The minibatches are drawn from another number of samples.</exception>
    public static IReadOnlyList<MinibatchEnsemble> Along(Landscape landscape, Directions directions, MinibatchSets sets, WorkOptions? options = null)
    {
        MinibatchProfiles.RequireFit(landscape, sets);
        return Transects.Each(directions, "ensembles", (_, direction) => Measure(landscape, direction, sets), options);
    }

    /// <summary>The ensemble along one direction, [N], norm 1.</summary>
    /// <exception cref="ArgumentException">The minibatches are drawn from another number of samples, or the mean loss at the origin is not a positive number.</exception>
    public static MinibatchEnsemble Measure(Landscape landscape, ReadOnlySpan<double> direction, MinibatchSets sets)
    {
        MinibatchProfiles.RequireFit(landscape, sets);
        double[] copy = direction.ToArray();
        return Measure(displacements => MinibatchProfiles.Along(landscape, copy, sets, displacements), Flatness.Measure(landscape, copy));
    }

    /// <summary>The ensemble of any profiles.</summary>
    /// <param name="profiles">The minibatches' losses at the given displacements.</param>
    /// <param name="flatness">Of the mean loss, at level e.</param>
    public static MinibatchEnsemble Measure(Func<IReadOnlyList<double>, MinibatchProfiles> profiles, Flatness flatness)
    {
        ArgumentNullException.ThrowIfNull(profiles);
        ArgumentNullException.ThrowIfNull(flatness);
        if ((flatness.Left, flatness.Right) is not ({ } left, { } right))
            return Of(flatness, [], profiles([0]));
        double[] grid = Generate.LinearSpaced(GridPoints, Extension * left, Extension * right);
        return Of(flatness, grid, profiles([.. grid, 0]));
    }

    /// <param name="flatness">The mean loss's.</param>
    /// <param name="grid">The window's points, none where a side is open.</param>
    /// <param name="profiles">At the grid's points and last at 0.</param>
    private static MinibatchEnsemble Of(Flatness flatness, double[] grid, MinibatchProfiles profiles)
    {
        var valleys = new MinibatchValley?[profiles.Count];
        double[] origin = new double[profiles.Count];
        int tooSteep = 0, unbounded = 0;
        for (int minibatch = 0; minibatch < profiles.Count; minibatch++)
        {
            var losses = profiles.Loss(minibatch);
            origin[minibatch] = losses[^1];
            var (valley, ending) = grid.Length == 0 ? (null, ValleyEnding.Unbounded) : MinibatchValley.Fit(grid, losses[..^1], losses[^1]);
            valleys[minibatch] = valley;
            tooSteep += ending == ValleyEnding.TooSteep ? 1 : 0;
            unbounded += ending == ValleyEnding.Unbounded ? 1 : 0;
        }

        return new() { Flatness = flatness, Valleys = valleys, LossesAtOrigin = origin, TooSteep = tooSteep, Unbounded = unbounded };
    }

    private EnsembleMoments? Moments(Func<MinibatchValley, double> of) => EnsembleMoments.Of([.. Valleys.OfType<MinibatchValley>().Select(of)]);
}
