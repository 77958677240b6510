using Talweg.Data;
using Talweg.Landscapes;
using Talweg.Networks;

namespace Talweg.Noise;

/// <summary>Value, slope and curvature of every minibatch's ln L^μ at a point, over K directions with their off-diagonal elements.</summary>
/// <remarks>
/// With g and H gradient and Hessian of the minibatch's mean loss projected on the directions, ∇ln L^μ = g/L and M^μ = H/L − ggᵀ/L²:
/// exact, by differentiating L^μ(w₀ + Σᵢ θᵢ pᵢ) twice in double precision; where a ReLU has its kink, the kink's own curvature is left out, as
/// everywhere in Talweg. Meant for small networks and few directions: it costs about 4 (K + 1) passes forward over all samples that
/// minibatches hold, and K + K² numbers a minibatch (1,200 minibatches and 64 directions: 40 MB).
/// </remarks>
public sealed class MinibatchHessians
{
    /// <summary>At most this many directions.</summary>
    public const int MostDirections = 64;

    private const long MostNumbers = 1L << 28;

    private MinibatchHessians(InverseGaussianLoss[] losses) => Losses = losses;

    /// <summary>One a minibatch, in their order.</summary>
    public IReadOnlyList<InverseGaussianLoss> Losses { get; }

    /// <summary>Minibatches whose M^μ is not positive definite, so that ln L^μ has no minimum in the span of the directions.</summary>
    public int WithoutMinimum => Losses.Count(loss => !loss.HasMinimum);

    /// <summary>Measures all minibatches.</summary>
    /// <param name="weights">w₀ and all weights that do not move.</param>
    /// <param name="samples">What minibatches are drawn from.</param>
    /// <param name="space">The weights that the directions move.</param>
    /// <param name="directions">[K, N], K up to 64; θ are the coordinates along them. They need not be orthogonal.</param>
    /// <param name="sets">Which samples form which minibatches.</param>
    /// <param name="options">Threads, progress, cancellation; the result does not depend on the threads.</param>
    /// <exception cref="ArgumentException">
    /// These do not fit together, there are more than 64 directions or more than 2²⁸ numbers to keep, or a minibatch's loss is 0 or not a number.
    /// </exception>
    public static MinibatchHessians Of(
        DenseWeights weights, LabelledSamples samples, WeightSpace space, Directions directions, MinibatchSets sets, WorkOptions? options = null)
    {
        Require(weights, samples, space, directions, sets);
        options ??= WorkOptions.Default;
        const string What = "Hessians of minibatches";
        var losses = new InverseGaussianLoss?[sets.Count];
        using var curvatures = new ProjectedLoss(weights, samples, space, directions, sets);
        int blocks = (sets.Count + curvatures.AtOnce - 1) / curvatures.AtOnce;
        int done = 0;
        options.Progress?.Report(new(What, 0, sets.Count));
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Threads, CancellationToken = options.Cancellation };
        Parallel.For(0, blocks, parallel, block =>
        {
            int first = block * curvatures.AtOnce, count = Math.Min(curvatures.AtOnce, sets.Count - first);
            curvatures.Measure(first, count, losses);
            options.Progress?.Report(new(What, Interlocked.Add(ref done, count), sets.Count));
        });
        int without = Array.IndexOf(losses, null);
        if (without >= 0)
            throw new ArgumentException($"The loss of minibatch {without} (counted from 0) is 0 or not a finite number, so that ln L does not exist.", nameof(weights));
        return new(losses!);
    }

    private static void Require(DenseWeights weights, LabelledSamples samples, WeightSpace space, Directions directions, MinibatchSets sets)
    {
        ArgumentNullException.ThrowIfNull(directions);
        ArgumentNullException.ThrowIfNull(sets);
        NetworkFit.Require(weights, samples, space);
        if (directions.Dimension != space.Dimension)
            throw new ArgumentException($"The weight space has {space.Dimension} weights, but the directions have {directions.Dimension} numbers.", nameof(directions));
        if (directions.Count > MostDirections)
            throw new ArgumentException($"Hessians are taken along at most {MostDirections} directions, but there are {directions.Count}. Take the leading ones.", nameof(directions));
        if (sets.Samples != samples.Count)
            throw new ArgumentException($"The minibatches are drawn from {sets.Samples} samples, but there are {samples.Count}.", nameof(sets));
        long numbers = (long)sets.Count * directions.Count * directions.Count;
        if (numbers > MostNumbers)
            throw new ArgumentException($"{sets.Count} Hessians along {directions.Count} directions are {numbers} numbers; at most {MostNumbers} are kept. Take fewer minibatches or directions.", nameof(sets));
    }
}
