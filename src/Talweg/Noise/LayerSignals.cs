using Talweg.Data;
using Talweg.Landscapes;
using Talweg.Networks;
using Talweg.Noise.Gradients;
using static TorchSharp.torch;

namespace Talweg.Noise;

/// <summary>The training signal and its noise, layer by layer, at one point of weight space: Musso (2020), Eq. 2.</summary>
public static class LayerSignals
{
    /// <summary>Signals of all layers over all minibatches.</summary>
    /// <remarks>
    /// Samples pass forward and backward in chunks of up to a thousand, fewer where activations are large, whatever the minibatches' size; the gradients of a few
    /// minibatches at a time, some 8 MB (one gradient where that is more), are summed up layer by layer and gone: [count, N] is never held. Memory a thread: the activations and errors
    /// of a chunk, some 128 MB at most, and those gradients. Work: 6·N operations a sample for dense layers; for fc:784-784-784-784-784-10 and 60,000
    /// samples 0.9e12, at three quarters of the speed of large matrix products. In single precision s_I is off by 1e-5 at most. Modules take one backward pass a
    /// minibatch, on one thread. Batch normalisation runs by its running statistics.
    /// </remarks>
    /// <param name="weights">Where.</param>
    /// <param name="samples">What the minibatches were drawn from.</param>
    /// <param name="minibatches">The minibatches.</param>
    /// <param name="options">Threads, progress (a unit a minibatch), cancellation.</param>
    /// <param name="precision">Of both passes and the gradients; means over weights and minibatches are taken in double.</param>
    /// <exception cref="ArgumentException">Network, samples and minibatches do not fit together.</exception>
    public static IReadOnlyList<LayerSignal> Measure(
        NetworkWeights weights, LabelledSamples samples, MinibatchSets minibatches, WorkOptions? options = null, LandscapePrecision precision = LandscapePrecision.Single)
    {
        NetworkFit.Require(weights, samples);
        ArgumentNullException.ThrowIfNull(minibatches);
        if (minibatches.Samples != samples.Count)
            throw new ArgumentException($"The minibatches were drawn from {minibatches.Samples} samples, but there are {samples.Count}.", nameof(minibatches));
        options ??= WorkOptions.Default;
        var space = WeightSpace.Of(weights.Network, [.. Enumerable.Range(1, weights.Network.Layers)]);
        using var gradients = GradientSource.Of(weights, samples, space, precision, options.Threads, hold: false);
        double[][] signals = [.. space.Segments.Select(_ => new double[minibatches.Count])];
        gradients.Stream(minibatches, "layer signals", options, (first, block) =>
        {
            for (int layer = 0; layer < signals.Length; layer++)
            {
                using var scope = NewDisposeScope();
                double[] sums = block.Part(layer).abs_().sum([1L]).to(ScalarType.Float64).data<double>().ToArray();
                for (int i = 0; i < sums.Length; i++)
                    signals[layer][first + i] = sums[i] / space.Segments[layer].Length;
            }
        });
        return [.. signals.Select((values, layer) => Summary(layer + 1, values))];
    }

    private static LayerSignal Summary(int layer, double[] values)
    {
        double mean = values.Average();
        return new()
        {
            Layer = layer,
            Signal = mean,
            Deviation = Math.Sqrt(values.Average(value => (value - mean) * (value - mean))),
            Values = values,
        };
    }
}
