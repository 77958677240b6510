using Talweg.Landscapes;
using Talweg.Networks;
using Talweg.Noise;
using Talweg.Statistics;
using Talweg.Tests.Networks;

namespace Talweg.Tests.Noise;

public sealed class LayerSignalsTests
{
    [Theory, MemberData(nameof(SmallNetworks.Names), MemberType = typeof(SmallNetworks))]
    public void Signals_are_means_of_autograds_absolute_values(string name)
    {
        var small = SmallNetworks.Get(name);
        int size = Math.Max(1, small.Samples.Count / 9);
        foreach (var sets in new[]
        {
            MinibatchSets.Consecutive(small.Samples.Count, size),
            MinibatchSets.WithReplacement(small.Samples.Count, size, 13, new RandomStream(1, "sets")),
        })
        {
            var signals = LayerSignals.Measure(small.Weights, small.Samples, sets, precision: LandscapePrecision.Double);
            var coarse = LayerSignals.Measure(small.Weights, small.Samples, sets, new(1));
            Assert.Equal(small.Network.Layers, signals.Count);
            using var reference = new TorchReference(small.Weights, small.Samples);
            for (int layer = 0; layer < signals.Count; layer++)
            {
                var space = WeightSpace.Of(small.Network, layer + 1);
                double[] expected = [.. Enumerable.Range(0, sets.Count).Select(minibatch => reference.Gradient(small.Samples, space, sets.SamplesOf(minibatch)).Average(Math.Abs))];
                Assert.Equal(layer + 1, signals[layer].Layer);
                for (int minibatch = 0; minibatch < sets.Count; minibatch++)
                {
                    Close.Assert(expected[minibatch], signals[layer].Values[minibatch], 1e-11, what: $"layer {layer}, minibatch {minibatch}");
                    Close.Assert(expected[minibatch], coarse[layer].Values[minibatch], 1e-5, what: $"layer {layer}, minibatch {minibatch} in single");
                }

                Close.Assert(expected.Average(), signals[layer].Signal, 1e-11);
                double variance = expected.Average(s => s * s) - expected.Average() * expected.Average();
                Close.Assert(variance, signals[layer].Deviation * signals[layer].Deviation, 1e-10, scale: expected.Average() * expected.Average() * 1e-4);
            }
        }
    }

    /// <summary>Minibatches of several pieces of work, each of the same samples.</summary>
    [Fact]
    public void Equal_minibatches_have_no_noise()
    {
        var network = FullyConnected.Of(4, 3);
        float[] inputs = [.. Enumerable.Range(0, 3000).SelectMany(_ => new float[] { 1, 0, 2, -1 })];
        var samples = new Talweg.Data.LabelledSamples(inputs, new int[3000], 4, 3);
        var reports = new List<WorkProgress>();
        var signal = Assert.Single(LayerSignals.Measure(
            DenseWeights.Draw(network, Initialisation.PyTorch, 1), samples, MinibatchSets.Consecutive(3000, 50), new(1, new Immediate(reports.Add))));
        Assert.Equal(60, signal.Values.Count);
        Assert.All(signal.Values, value => Assert.Equal(signal.Values[0], value));
        Assert.True(signal.SignalToNoise > 1e14, "nothing but the roundoff of a mean of sixty");
        Assert.Equal(new WorkProgress("layer signals", 60, 60), reports[^1]);
    }

    [Fact]
    public void Minibatches_of_other_samples_are_refused()
    {
        var small = SmallNetworks.Get("fc:7-3");
        Assert.Contains("The minibatches were drawn from 64 samples, but there are 65.",
            Assert.Throws<ArgumentException>(() => LayerSignals.Measure(small.Weights, small.Samples, MinibatchSets.Consecutive(64, 2))).Message, StringComparison.Ordinal);
        Assert.Contains("fc:7-3 takes 7 inputs and 3 classes, but the samples have 3 and 2.",
            Assert.Throws<ArgumentException>(() => LayerSignals.Measure(small.Weights, SmallNetworks.Get("fc:3-2").Samples, MinibatchSets.Consecutive(1, 1))).Message, StringComparison.Ordinal);
        Assert.Throws<OperationCanceledException>(() => LayerSignals.Measure(small.Weights, small.Samples, MinibatchSets.Consecutive(65, 2), new(1, null, new CancellationToken(canceled: true))));
    }

    private sealed class Immediate(Action<WorkProgress> report) : IProgress<WorkProgress>
    {
        public void Report(WorkProgress value) => report(value);
    }
}
