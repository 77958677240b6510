using Talweg.Networks;

namespace Talweg.Training;

/// <summary>Noise that <see cref="Trainer"/> adds to the weights after every step: w(t+1) = w(t) − α ∂L^μ/∂w + ξ(t).</summary>
/// <remarks>
/// A kick may depend on nothing but <see cref="Description"/>, the iteration, the weights before it and the weights at the last refresh:
/// then a resumed run ends with the same bits as one that was never stopped. The Trainer writes checkpoints only where a refresh follows
/// (or nothing), so what a refresh found is never stored but found again from the same weights.
/// </remarks>
public interface IUpdateNoise
{
    /// <summary>All that the kicks depend on besides iteration and weights, in words and numbers: part of what a checkpoint knows its run by.</summary>
    string Description { get; }

    /// <summary>Epochs from one refresh to the next, 1 or more. A run stopped in between goes on from the last refresh.</summary>
    int RefreshEvery { get; }

    /// <summary>Takes in the weights as they are, before the first epoch and after every <see cref="RefreshEvery"/> epochs.</summary>
    void Refresh(NetworkWeights weights);

    /// <summary>Adds ξ(t) to the weights.</summary>
    /// <param name="iteration">t, counted from 1 over the whole run.</param>
    /// <param name="weights">All that gradients train, in the order of <see cref="WeightSpace.All"/>: after the step.</param>
    void Add(long iteration, Span<float> weights);
}
