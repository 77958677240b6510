using Talweg.Networks;
using static TorchSharp.torch;

namespace Talweg.Noise.Gradients;

/// <summary>Gradients of some minibatches, whole or segment by segment of the weight space, so that a large layer's can be formed, used and gone before the next.</summary>
/// <remarks>Good while the dispose scope is in which it was handed over; what it gives is the taker's to overwrite.</remarks>
internal sealed class GradientBlock
{
    private readonly WeightSpace _space;
    private readonly Tensor? _whole;
    private readonly Func<int, Tensor> _part;

    /// <param name="space">The weight space.</param>
    /// <param name="whole">[minibatches, N].</param>
    public GradientBlock(WeightSpace space, Tensor whole)
    {
        (_space, _whole) = (space, whole);
        _part = i => whole.narrow(1, space.Segments[i].Start, space.Segments[i].Length);
    }

    /// <param name="space">The weight space.</param>
    /// <param name="part">Forms a segment's gradients, [minibatches, its weights], from its number.</param>
    public GradientBlock(WeightSpace space, Func<int, Tensor> part) => (_space, _part) = (space, part);

    /// <summary>[minibatches, N].</summary>
    public Tensor Whole() => _whole ?? (_space.Segments.Count == 1 ? Part(0) : cat([.. Enumerable.Range(0, _space.Segments.Count).Select(Part)], 1));

    /// <summary>One segment's, [minibatches, its weights].</summary>
    public Tensor Part(int segment) => _part(segment);
}
