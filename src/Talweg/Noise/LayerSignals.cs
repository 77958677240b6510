using Talweg.Data;
using Talweg.Landscapes;
using Talweg.Networks;
using static TorchSharp.torch;

namespace Talweg.Noise;

/// <summary>The training signal and its noise, layer by layer, at one point of weight space: Musso (2020), Eq. 2.</summary>
public static class LayerSignals
{
    private const int SamplesAtOnce = 1000;

    /// <summary>Signals of all layers over all minibatches.</summary>
    /// <remarks>
    /// Some thousand samples pass forward and backward at a time, and of each minibatch one layer's gradient is made and summed up at a time: [count, N] is never
    /// held. Memory a thread: the activations and errors of a thousand samples, and the largest layer's gradient. Work: 6·N operations a sample; for
    /// fc:784-784-784-784-784-10 and 60,000 samples 0.9e12, some ten seconds on a core in single precision. In single precision s_I is off by 1e-5 at most.
    /// </remarks>
    /// <param name="weights">Where.</param>
    /// <param name="samples">What the minibatches were drawn from.</param>
    /// <param name="minibatches">The minibatches.</param>
    /// <param name="options">Threads, progress (a unit a minibatch), cancellation.</param>
    /// <param name="precision">Of both passes and the gradients; means over weights and minibatches are taken in double.</param>
    /// <exception cref="ArgumentException">Network, samples and minibatches do not fit together.</exception>
    public static IReadOnlyList<LayerSignal> Measure(
        DenseWeights weights, LabelledSamples samples, MinibatchSets minibatches, WorkOptions? options = null, LandscapePrecision precision = LandscapePrecision.Single)
    {
        NetworkFit.Require(weights, samples);
        ArgumentNullException.ThrowIfNull(minibatches);
        if (minibatches.Samples != samples.Count)
            throw new ArgumentException($"The minibatches were drawn from {minibatches.Samples} samples, but there are {samples.Count}.", nameof(minibatches));
        options ??= WorkOptions.Default;
        using var pass = new DensePass(weights, precision == LandscapePrecision.Double ? ScalarType.Float64 : ScalarType.Float32);
        double[][] signals = [.. Enumerable.Range(0, pass.Layers).Select(_ => new double[minibatches.Count])];
        int atOnce = Math.Max(1, SamplesAtOnce / minibatches.BatchSize);
        int done = 0;
        options.Progress?.Report(new("layer signals", 0, minibatches.Count));
        TorchRanges.Run((minibatches.Count + atOnce - 1) / atOnce, options.Threads, (_, piece) =>
        {
            int first = piece * atOnce;
            int count = Math.Min(atOnce, minibatches.Count - first);
            Measure(pass, samples, minibatches, first, count, signals);
            options.Progress?.Report(new("layer signals", Interlocked.Add(ref done, count), minibatches.Count));
        }, options.Cancellation);
        return [.. signals.Select((values, layer) => Summary(layer + 1, values))];
    }

    private static void Measure(DensePass pass, LabelledSamples samples, MinibatchSets minibatches, int first, int count, double[][] signals)
    {
        int size = minibatches.BatchSize;
        int[] which = new int[count * size];
        for (int i = 0; i < count; i++)
            minibatches.SamplesOf(first + i).CopyTo(which.AsSpan(i * size));
        var values = pass.Forward(pass.Inputs(samples, which));
        var errors = pass.Backward(values, DensePass.Labels([.. which.Select(sample => samples.Labels[sample])]), lowest: 0);
        for (int layer = 0; layer < pass.Layers; layer++)
        {
            for (int i = 0; i < count; i++)
            {
                using var scope = NewDisposeScope();
                var gradient = errors[layer].narrow(0, i * size, size).t().matmul(values[layer].narrow(0, i * size, size));
                signals[layer][first + i] = gradient.abs_().sum().to(ScalarType.Float64).item<double>() / size / gradient.NumberOfElements;
            }
        }
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
