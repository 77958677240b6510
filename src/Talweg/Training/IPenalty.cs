using Talweg.Networks;

namespace Talweg.Training;

/// <summary>A term R(w) that <see cref="Trainer"/> adds to the loss: the weights follow ∂(L^μ + R)/∂w.</summary>
/// <remarks>Losses that a run reports are those of the data alone.</remarks>
public interface IPenalty
{
    /// <summary>All that the term depends on besides iteration and weights, in words and numbers: part of what a checkpoint knows its run by.</summary>
    string Description { get; }

    /// <summary>The weights that it is a function of: all that are trained, or some of them.</summary>
    WeightSpace Space { get; }

    /// <summary>R(w) in nats; adds ∂R/∂w to <paramref name="gradient"/>.</summary>
    /// <remarks>May be called by several runs at once.</remarks>
    /// <param name="iteration">t, counted from 1 over the whole run: all that a term which draws samples may draw by.</param>
    /// <param name="weights">w, [N] of <see cref="Space"/>.</param>
    /// <param name="gradient">[N].</param>
    double AddGradient(long iteration, ReadOnlySpan<float> weights, Span<float> gradient);
}
