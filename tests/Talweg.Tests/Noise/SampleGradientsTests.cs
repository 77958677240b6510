using Talweg.Landscapes;
using Talweg.Networks;
using Talweg.Noise;
using Talweg.Statistics;
using Talweg.Tests.Networks;

namespace Talweg.Tests.Noise;

/// <summary>Gradients as batched products of inputs and errors, against autograd in double precision, minibatch after minibatch.</summary>
public sealed class SampleGradientsTests
{
    [Theory, MemberData(nameof(SmallNetworks.Spaces), MemberType = typeof(SmallNetworks))]
    public void Minibatch_gradients_are_those_of_autograd(string name, string layers, bool withBiases)
    {
        var small = SmallNetworks.Get(name);
        var space = WeightSpace.Parse(small.Network, layers, withBiases);
        using var reference = new TorchReference(small.Weights, small.Samples);
        using var inDouble = SampleGradients.Of(small.Weights, small.Samples, space, LandscapePrecision.Double);
        using var inSingle = SampleGradients.Of(small.Weights, small.Samples, space);
        foreach (var sets in Kinds(small.Samples.Count))
        {
            var fine = inDouble.Minibatches(sets);
            var coarse = inSingle.Minibatches(sets);
            Assert.Equal((sets.Count, space.Dimension), (fine.GetLength(0), fine.GetLength(1)));
            for (int minibatch = 0; minibatch < sets.Count; minibatch++)
            {
                double[] expected = reference.Gradient(small.Samples, space, sets.SamplesOf(minibatch));
                AssertClose(expected, Row(fine, minibatch), 1e-10);
                AssertClose(expected, Row(coarse, minibatch), 1e-5);
            }
        }
    }

    [Theory, MemberData(nameof(SmallNetworks.Spaces), MemberType = typeof(SmallNetworks))]
    public void Mean_and_single_samples_are_those_of_autograd(string name, string layers, bool withBiases)
    {
        var small = SmallNetworks.Get(name);
        var space = WeightSpace.Parse(small.Network, layers, withBiases);
        using var reference = new TorchReference(small.Weights, small.Samples);
        using var gradients = SampleGradients.Of(small.Weights, small.Samples, space, LandscapePrecision.Double);
        AssertClose(reference.Gradient(small.Samples, space), gradients.Mean(), 1e-10);
        foreach (int sample in new[] { 0, small.Samples.Count / 2, small.Samples.Count - 1 })
            AssertClose(reference.Gradient(small.Samples, space, [sample]), gradients.OfSample(sample), 1e-10);
    }

    [Theory, MemberData(nameof(SmallNetworks.Spaces), MemberType = typeof(SmallNetworks))]
    public void Projections_are_the_gradients_dot_products(string name, string layers, bool withBiases)
    {
        var small = SmallNetworks.Get(name);
        var space = WeightSpace.Parse(small.Network, layers, withBiases);
        var directions = Directions.Of([.. Enumerable.Range(0, 5).SelectMany(i => SmallNetwork.RandomDirection(space.Dimension, i))], space.Dimension);
        using var inDouble = SampleGradients.Of(small.Weights, small.Samples, space, LandscapePrecision.Double);
        using var inSingle = SampleGradients.Of(small.Weights, small.Samples, space, threads: 1);
        foreach (var sets in Kinds(small.Samples.Count))
        {
            var gradients = inDouble.Minibatches(sets);
            var fine = inDouble.Projections(sets, directions);
            var coarse = inSingle.Projections(sets, directions);
            Assert.Equal((sets.Count, 5), (fine.GetLength(0), fine.GetLength(1)));
            for (int minibatch = 0; minibatch < sets.Count; minibatch++)
            {
                double[] gradient = Row(gradients, minibatch);
                double norm = Math.Sqrt(gradient.Sum(x => x * x));
                for (int i = 0; i < 5; i++)
                {
                    double expected = gradient.Zip(directions[i].ToArray(), (x, y) => x * y).Sum();
                    Close.Assert(expected, fine[minibatch, i], 1e-12, norm, $"minibatch {minibatch} along {i}");
                    Close.Assert(expected, coarse[minibatch, i], 1e-5, norm, $"minibatch {minibatch} along {i} in single");
                }
            }
        }
    }

    /// <summary>
    /// Margins of 21 nats: the loss is 1e-9, and 1 − softmax in single precision would be 0 or 6e-8. The closed form for two classes is δ = ∓σ(−21).
    /// </summary>
    [Fact]
    public void Errors_keep_relative_precision_where_the_loss_is_1e_9()
    {
        var network = FullyConnected.Of(1, 2);
        using var gradients = SampleGradients.Of(DenseWeights.Of(network, [[10.5f, -10.5f]]), new([1], [0], 1, 2), WeightSpace.Of(network, 1));
        double error = 1 / (1 + Math.Exp(21));
        AssertClose([-error, error], gradients.OfSample(0), 1e-6);
        AssertClose([-error, error], gradients.Mean(), 1e-6);
    }

    /// <summary>
    /// Samples that are zeros for the most part, or all zeros, take another way through a first layer of up to 64 units, in single precision; widths on either side
    /// of the vectors' and the padding's.
    /// </summary>
    [Theory]
    [InlineData("fc:37-50-4,bias", 0.8)]
    [InlineData("fc:16-64-5-3,tanh", 0.8)]
    [InlineData("fc:33-65-3", 0.8)]
    [InlineData("fc:40-7-6-3,bias,tanh", 0.95)]
    [InlineData("fc:5-3-2", 1)]
    public void Inputs_of_mostly_zeros_change_nothing(string name, double zeros)
    {
        var network = FullyConnected.Parse(name);
        var weights = DenseWeights.Draw(network, Initialisation.PyTorch, 4);
        var samples = SmallNetworks.Clouds(1203, network.Inputs, network.Outputs, 6, zeros: zeros);
        var space = WeightSpace.Parse(network, "all", withBiases: network.Bias);
        using var gradients = SampleGradients.Of(weights, samples, space, threads: 2);
        using var reference = new TorchReference(weights, samples);
        var sets = MinibatchSets.Shuffled(1203, 300, new RandomStream(1, "sets"));
        var found = gradients.Minibatches(sets);
        for (int minibatch = 0; minibatch < sets.Count; minibatch++)
            AssertClose(reference.Gradient(samples, space, sets.SamplesOf(minibatch)), Row(found, minibatch), 1e-5);
        AssertClose(reference.Gradient(samples, space), gradients.Mean(), 1e-5);
    }

    /// <summary>Several chunks of samples, several blocks of minibatches, a minibatch larger than a block: sums that are put together.</summary>
    [Fact]
    public void Many_samples_are_put_together_from_pieces()
    {
        const int count = 20_500;
        var network = new FullyConnected([3, 4, 2], bias: true);
        var samples = SmallNetworks.Clouds(count, 3, 2, 1);
        var weights = DenseWeights.Draw(network, Initialisation.PyTorch, 1);
        var space = WeightSpace.Of(network, [1, 2], withBiases: true);
        using var one = SampleGradients.Of(weights, samples, space, LandscapePrecision.Double, threads: 1);
        using var three = SampleGradients.Of(weights, samples, space, LandscapePrecision.Double, threads: 3);
        using var reference = new TorchReference(weights, samples);
        double[] mean = reference.Gradient(samples, space);
        AssertClose(mean, one.Mean(), 1e-12);
        AssertClose(mean, three.Mean(), 1e-12);
        Assert.Equal(three.Mean(), three.Mean());
        AssertClose(mean, Row(three.Minibatches(MinibatchSets.Consecutive(count, count)), 0), 1e-12);
        var sets = MinibatchSets.Shuffled(count, 7, new RandomStream(1, "sets"));
        Assert.Equal(one.Minibatches(sets), three.Minibatches(sets));
        AssertClose(reference.Gradient(samples, space, sets.SamplesOf(2800)), Row(three.Minibatches(sets), 2800), 1e-12);
    }

    [Fact]
    public void Progress_counts_minibatches_and_cancellation_ends_them()
    {
        var small = SmallNetworks.Get("fc:5-13-9-3");
        using var gradients = SampleGradients.Of(small.Weights, small.Samples, WeightSpace.Of(small.Network, 2));
        var reports = new List<WorkProgress>();
        gradients.Minibatches(MinibatchSets.Consecutive(97, 3), new(1, new Immediate(reports.Add)));
        Assert.Equal(new WorkProgress("minibatch gradients", 32, 32), reports[^1]);
        Assert.Throws<OperationCanceledException>(() => gradients.Minibatches(MinibatchSets.Consecutive(97, 3), new(1, null, new CancellationToken(canceled: true))));
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        var small = SmallNetworks.Get("fc:64-65-2,tanh");
        var gradients = SampleGradients.Of(small.Weights, small.Samples, WeightSpace.Of(small.Network, 1));
        var sets = MinibatchSets.Consecutive(63, 9);
        Assert.Contains("The minibatches were drawn from 62 samples, but the gradients are of 63.",
            Assert.Throws<ArgumentException>(() => gradients.Minibatches(MinibatchSets.Consecutive(62, 9))).Message, StringComparison.Ordinal);
        Assert.Contains("65000 gradients by 4160 weights are more than 2²⁸ numbers. Project them on directions, or take fewer minibatches.",
            Assert.Throws<ArgumentOutOfRangeException>(() => gradients.Minibatches(MinibatchSets.WithReplacement(63, 1, 65000, new RandomStream(1, "sets")))).Message, StringComparison.Ordinal);
        Assert.Contains("The weight space has 4160 weights, but the directions have 2 numbers.",
            Assert.Throws<ArgumentException>(() => gradients.Projections(sets, Directions.Of([1, 0], 2))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => gradients.OfSample(63));
        Assert.Throws<ArgumentOutOfRangeException>(() => SampleGradients.Of(small.Weights, small.Samples, gradients.Space, threads: 0));
        Assert.Contains("fc:64-65-2,tanh takes 64 inputs and 2 classes, but the samples have 3 and 2.",
            Assert.Throws<ArgumentException>(() => SampleGradients.Of(small.Weights, SmallNetworks.Get("fc:3-2").Samples, gradients.Space)).Message, StringComparison.Ordinal);
        gradients.Dispose();
        gradients.Dispose();
        Assert.Throws<ObjectDisposedException>(() => gradients.Minibatches(sets));
        Assert.Throws<ObjectDisposedException>(() => gradients.Mean());
        Assert.Throws<ObjectDisposedException>(() => gradients.OfSample(0));
    }

    private static IEnumerable<MinibatchSets> Kinds(int samples)
    {
        int size = Math.Max(1, samples / 7);
        yield return MinibatchSets.Consecutive(samples, size);
        yield return MinibatchSets.Shuffled(samples, size, new RandomStream(1, "sets"));
        yield return MinibatchSets.WithReplacement(samples, size, 5, new RandomStream(2, "sets"));
    }

    private static double[] Row(double[,] matrix, int row) => [.. Enumerable.Range(0, matrix.GetLength(1)).Select(column => matrix[row, column])];

    private static void AssertClose(double[] expected, double[] found, double relative)
    {
        Assert.Equal(expected.Length, found.Length);
        double scale = expected.Max(Math.Abs);
        for (int i = 0; i < expected.Length; i++)
            Close.Assert(expected[i], found[i], relative, scale, $"weight {i}");
    }

    private sealed class Immediate(Action<WorkProgress> report) : IProgress<WorkProgress>
    {
        public void Report(WorkProgress value) => report(value);
    }
}
