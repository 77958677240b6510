using CsCheck;
using MathNet.Numerics.LinearAlgebra;
using Talweg.Data;
using Talweg.Landscapes;
using Talweg.Networks;
using Talweg.Noise;
using Talweg.Noise.Gradients;
using Talweg.Statistics;
using Talweg.Tests.Networks;

namespace Talweg.Tests.Noise;

/// <summary>Gradients of convolutions, normalisations and residual blocks against loops of autograd through TorchSharp's own modules, in double precision.</summary>
public sealed class LayeredGradientsTests
{
    /// <summary>Every network with each layer alone, all of them, with biases; and with everything that gradients train, scales and shifts too.</summary>
    public static TheoryData<string, string, bool> Spaces =>
        [.. LayeredNetworks.Spaces, .. LayeredNetworks.Names.Select(row => new TheoryDataRow<string, string, bool>(row.Data, "everything", false))];

    [Theory, MemberData(nameof(Spaces))]
    public void Every_samples_gradient_is_autograds(string name, string layers, bool withBiases)
    {
        var (_, network, weights, samples) = LayeredNetworks.Get(name);
        var space = SpaceOf(network, layers, withBiases);
        using var reference = new ModuleReference(network, weights, samples);
        using var gradients = SampleGradients.Of(weights, samples, space, LandscapePrecision.Double);
        Assert.Equal(("layered", Normalisation.Evaluation), (gradients.Path, gradients.Normalisation));
        for (int sample = 0; sample < samples.Count; sample++)
            AssertClose(reference.Gradient(space, [sample]), gradients.OfSample(sample), 1e-10);
        AssertClose(reference.Gradient(space, [.. Enumerable.Range(0, samples.Count)]), gradients.Mean(), 1e-10);
    }

    /// <summary>
    /// Both where factors are held and where they are computed anew. In single precision a sum of some 10³ products of numbers that have gone through up to six layers
    /// is off by some 10⁻⁶ of its largest terms: 10⁻⁵ leaves room for cancellation.
    /// </summary>
    [Theory, MemberData(nameof(Spaces))]
    public void Minibatch_gradients_are_autograds(string name, string layers, bool withBiases)
    {
        var (_, network, weights, samples) = LayeredNetworks.Get(name);
        var space = SpaceOf(network, layers, withBiases);
        using var reference = new ModuleReference(network, weights, samples);
        using var inDouble = SampleGradients.Of(weights, samples, space, LandscapePrecision.Double);
        using var inSingle = SampleGradients.Of(weights, samples, space);
        using var anew = GradientSource.Of(weights, samples, space, LandscapePrecision.Double, 2, hold: false);
        foreach (var sets in Kinds(samples.Count))
        {
            var fine = inDouble.Minibatches(sets);
            var coarse = inSingle.Minibatches(sets);
            double[][] streamed = new double[sets.Count][];
            anew.Stream(sets, "gradients", new(2), (first, block) =>
            {
                var rows = block.Whole();
                for (int i = 0; i < rows.size(0); i++)
                    streamed[first + i] = rows.select(0, i).data<double>().ToArray();
            });
            for (int minibatch = 0; minibatch < sets.Count; minibatch++)
            {
                double[] expected = reference.Gradient(space, sets.SamplesOf(minibatch));
                AssertClose(expected, Row(fine, minibatch), 1e-10);
                AssertClose(expected, streamed[minibatch], 1e-10);
                AssertClose(expected, Row(coarse, minibatch), 1e-5);
            }
        }
    }

    [Theory, MemberData(nameof(Spaces))]
    public void Projections_are_the_gradients_dot_products(string name, string layers, bool withBiases)
    {
        var (_, network, weights, samples) = LayeredNetworks.Get(name);
        var space = SpaceOf(network, layers, withBiases);
        var directions = Directions.Of([.. Enumerable.Range(0, 3).SelectMany(i => SmallNetwork.RandomDirection(space.Dimension, i))], space.Dimension);
        using var gradients = SampleGradients.Of(weights, samples, space, LandscapePrecision.Double);
        var sets = MinibatchSets.Shuffled(samples.Count, 4, new RandomStream(1, "sets"));
        var whole = gradients.Minibatches(sets);
        var found = gradients.Projections(sets, directions);
        for (int minibatch = 0; minibatch < sets.Count; minibatch++)
        {
            double[] gradient = Row(whole, minibatch);
            for (int i = 0; i < 3; i++)
                Close.Assert(gradient.Zip(directions[i].ToArray(), (x, y) => x * y).Sum(), found[minibatch, i], 1e-12, Math.Sqrt(gradient.Sum(x => x * x)));
        }
    }

    [Theory, MemberData(nameof(Spaces))]
    public void The_diffusion_matrix_is_that_of_outer_products(string name, string layers, bool withBiases)
    {
        var (_, network, weights, all) = LayeredNetworks.Get(name);
        var samples = all.First(20);
        var space = SpaceOf(network, layers, withBiases);
        using var reference = new ModuleReference(network, weights, samples);
        using var gradients = SampleGradients.Of(weights, samples, space, LandscapePrecision.Double);
        var rows = Matrix<double>.Build.DenseOfRowArrays(Enumerable.Range(0, samples.Count).Select(sample => reference.Gradient(space, [sample])));
        var mean = rows.ColumnSums() / samples.Count;
        var expected = rows.TransposeThisAndMultiply(rows) / samples.Count - mean.OuterProduct(mean);
        var dense = Matrix<double>.Build.DenseOfArray(DiffusionMatrix.Dense(gradients));
        double scale = expected.Enumerate().Max(Math.Abs);
        Assert.True((expected - dense).Enumerate().Max(Math.Abs) <= 1e-11 * scale, $"off by {(expected - dense).Enumerate().Max(Math.Abs) / scale:G3} of the largest element");
        var diffusion = DiffusionMatrix.Of(gradients);
        double[] vector = SmallNetwork.RandomDirection(space.Dimension, 3), product = new double[space.Dimension];
        diffusion.Apply(vector, product);
        var slow = expected * Vector<double>.Build.DenseOfArray(vector);
        AssertClose([.. slow], product, 1e-10);
        Close.Assert(expected.Trace(), diffusion.Trace, 1e-11);
    }

    /// <summary>Seven samples a minibatch, and one minibatch of all.</summary>
    [Theory, MemberData(nameof(LayeredNetworks.Names), MemberType = typeof(LayeredNetworks))]
    public void Layer_signals_are_means_of_autograds_absolute_values(string name)
    {
        var (_, network, weights, samples) = LayeredNetworks.Get(name);
        using var reference = new ModuleReference(network, weights, samples);
        foreach (int size in new[] { 7, samples.Count })
        {
            var sets = MinibatchSets.Shuffled(samples.Count, size, new RandomStream(1, "sets"));
            var signals = LayerSignals.Measure(weights, samples, sets, precision: LandscapePrecision.Double);
            Assert.Equal(network.Layers, signals.Count);
            for (int layer = 0; layer < network.Layers; layer++)
            {
                for (int minibatch = 0; minibatch < sets.Count; minibatch++)
                {
                    double expected = reference.Gradient(WeightSpace.Of(network, layer + 1), sets.SamplesOf(minibatch)).Average(Math.Abs);
                    Close.Assert(expected, signals[layer].Values[minibatch], 1e-11, what: $"layer {layer}, minibatch {minibatch}");
                }
            }
        }
    }

    /// <summary>More samples than pass at a time, in minibatches of them all, of one in two pieces, and of a few: sums that are put together.</summary>
    [Fact]
    public void Many_samples_are_put_together_from_pieces()
    {
        const int count = 2300;
        var network = (LayeredNetwork)Network.Parse("net:1x4x4/conv2k3p1b/bn/relu/conv3k2s2/relu/avg/dense2b");
        var weights = NetworkWeights.Draw(network, Initialisation.PyTorch, 3);
        var samples = SmallNetworks.Clouds(count, 16, 2, 1);
        var space = WeightSpace.All(network);
        using var reference = new ModuleReference(network, weights, samples);
        using var held = SampleGradients.Of(weights, samples, space, LandscapePrecision.Double, threads: 1);
        double[] mean = reference.Gradient(space, [.. Enumerable.Range(0, count)]);
        AssertClose(mean, held.Mean(), 1e-11);
        foreach (int size in new[] { count, 1100, 3 })
        {
            var sets = MinibatchSets.Shuffled(count, size, new RandomStream(1, "sets"));
            var found = held.Minibatches(sets, new(2));
            var signals = LayerSignals.Measure(weights, samples, sets, precision: LandscapePrecision.Double);
            foreach (int minibatch in new[] { 0, sets.Count / 2, sets.Count - 1 })
            {
                AssertClose(reference.Gradient(space, sets.SamplesOf(minibatch)), Row(found, minibatch), 1e-11);
                Close.Assert(reference.Gradient(WeightSpace.Of(network, 1), sets.SamplesOf(minibatch)).Average(Math.Abs), signals[0].Values[minibatch], 1e-11);
            }
        }
    }

    /// <summary>A kernel's products of a hundred samples are more than a block of the unfolded inputs; groups that a block holds several of, and that take several.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(120)]
    public void Wide_convolutions_go_block_by_block(int size)
    {
        const int count = 120;
        var network = (LayeredNetwork)Network.Parse("net:4x9x9/conv24k5s2p2b/relu/conv20k3p1/relu/avg/dense3");
        var weights = NetworkWeights.Draw(network, Initialisation.He, 3);
        var samples = SmallNetworks.Clouds(count, network.Inputs, 3, 1);
        var space = WeightSpace.Of(network, [1, 2], withBiases: false);
        using var reference = new ModuleReference(network, weights, samples);
        using var gradients = SampleGradients.Of(weights, samples, space, LandscapePrecision.Double);
        var sets = MinibatchSets.Consecutive(count, size);
        var found = gradients.Minibatches(sets);
        for (int minibatch = 0; minibatch < sets.Count; minibatch += 7)
            AssertClose(reference.Gradient(space, sets.SamplesOf(minibatch)), Row(found, minibatch), 1e-10);
        double squares = Enumerable.Range(0, count).Average(sample => reference.Gradient(space, [sample]).Sum(x => x * x));
        Close.Assert(squares, gradients.MeanSquaredNorm(), 1e-10);
    }

    /// <summary>2.2 million weights: each gradient is a block of its own, though several minibatches pass together.</summary>
    [Fact]
    public void Gradients_larger_than_a_block_come_one_by_one()
    {
        var network = (LayeredNetwork)Network.Parse("net:1x6x6/conv30k3p1/tanh/dense2000b/relu/dense3");
        var weights = NetworkWeights.Draw(network, Initialisation.PyTorch, 3);
        var samples = SmallNetworks.Clouds(20, network.Inputs, 3, 1);
        var space = WeightSpace.All(network);
        using var reference = new ModuleReference(network, weights, samples);
        using var gradients = SampleGradients.Of(weights, samples, space, LandscapePrecision.Double);
        var sets = MinibatchSets.Shuffled(20, 4, new RandomStream(1, "sets"));
        var found = gradients.Minibatches(sets);
        for (int minibatch = 0; minibatch < sets.Count; minibatch++)
            AssertClose(reference.Gradient(space, sets.SamplesOf(minibatch)), Row(found, minibatch), 1e-10);
    }

    /// <summary>Two laws: the mean of the samples' gradients is the gradient of the mean, and samples in another order have the same gradients in that order.</summary>
    [Fact]
    public void Gradients_belong_to_samples_whatever_their_order()
    {
        string[] names = [.. LayeredNetworks.Names.Select(row => row.Data)];
        Gen.Select(Gen.Int[0, names.Length - 1], Gen.Int[1, 12], Gen.Int[0, 1000]).Sample((which, count, seed) =>
        {
            var (_, network, weights, _) = LayeredNetworks.Get(names[which]);
            var samples = SmallNetworks.Clouds(count, network.Inputs, network.Outputs, seed);
            int[] order = new RandomStream(seed, "order").Permutation(count);
            var permuted = new LabelledSamples([.. order.SelectMany(sample => samples.Input(sample).ToArray())], [.. order.Select(sample => samples.Labels[sample])], samples.Width, samples.Classes);
            var space = WeightSpace.All(network);
            using var gradients = SampleGradients.Of(weights, samples, space, LandscapePrecision.Double, threads: 1);
            using var others = SampleGradients.Of(weights, permuted, space, LandscapePrecision.Double, threads: 1);
            double[] sum = new double[space.Dimension];
            for (int i = 0; i < count; i++)
            {
                double[] gradient = gradients.OfSample(order[i]);
                AssertClose(gradient, others.OfSample(i), 1e-10);
                for (int k = 0; k < sum.Length; k++)
                    sum[k] += gradient[k] / count;
            }

            AssertClose(sum, gradients.Mean(), 1e-10);
        }, iter: 40);
    }

    [Fact]
    public void A_fully_connected_network_in_layers_has_the_same_gradients()
    {
        var small = SmallNetworks.Get("fc:6-8-7-5,bias,tanh");
        var space = WeightSpace.All(small.Network);
        using var dense = SampleGradients.Of(small.Weights, small.Samples, space, LandscapePrecision.Double);
        using var layered = GradientSource.Of(small.Weights, small.Samples, space, LandscapePrecision.Double, 1, hold: false);
        Assert.Equal(("dense", "layered"), (dense.Path, layered.Path));
        AssertClose(dense.Mean(), layered.Sum([.. Enumerable.Repeat(1.0 / small.Samples.Count, small.Samples.Count)]), 1e-12);
        AssertClose(dense.Along(SmallNetwork.RandomDirection(space.Dimension, 1)), layered.Along(SmallNetwork.RandomDirection(space.Dimension, 1)), 1e-12);
    }

    [Fact]
    public void Training_mode_is_refused_with_its_reason()
    {
        var (_, network, weights, samples) = LayeredNetworks.Get("net:1x5x5/dense7/bn/tanh/dense3");
        var refused = Assert.Throws<ArgumentException>(() => SampleGradients.Of(weights, samples, WeightSpace.Of(network, 1), normalisation: Normalisation.Training));
        Assert.Contains("no sample has a gradient of its own. Measure in evaluation mode.", refused.Message, StringComparison.Ordinal);
        Assert.Contains("The weight space belongs to", Assert.Throws<ArgumentException>(() => SampleGradients.Of(weights, samples, WeightSpace.Of(FullyConnected.Of(3, 2), 1))).Message, StringComparison.Ordinal);
    }

    private static WeightSpace SpaceOf(Network network, string layers, bool withBiases) =>
        layers == "everything" ? WeightSpace.All(network) : WeightSpace.Parse(network, layers, withBiases);

    private static IEnumerable<MinibatchSets> Kinds(int samples)
    {
        yield return MinibatchSets.Consecutive(samples, 5);
        yield return MinibatchSets.Shuffled(samples, samples / 2, new RandomStream(1, "sets"));
        yield return MinibatchSets.WithReplacement(samples, 6, 3, new RandomStream(2, "sets"));
    }

    private static double[] Row(double[,] matrix, int row) => [.. Enumerable.Range(0, matrix.GetLength(1)).Select(column => matrix[row, column])];

    private static void AssertClose(double[] expected, double[] found, double relative)
    {
        Assert.Equal(expected.Length, found.Length);
        double scale = expected.Max(Math.Abs);
        for (int i = 0; i < expected.Length; i++)
            Close.Assert(expected[i], found[i], relative, scale, $"number {i}");
    }
}
