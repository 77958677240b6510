using Talweg.Data;
using Talweg.Networks;
using Talweg.Noise;
using Talweg.Tests.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace Talweg.Tests.Noise;

/// <summary>Squared gradients of every kind, against sums over samples and labels one by one, by autograd in double precision.</summary>
public sealed class FisherDiagonalTests
{
    private const int Samples = 12;
    private const int BatchSize = 5;

    public static TheoryData<string, string, bool> DenseSpaces => new()
    {
        { "fc:7-3", "all", false },
        { "fc:5-13-9-3", "all", false },
        { "fc:5-13-9-3", "2", false },
        { "fc:5-13-9-3", "1,3", false },
        { "fc:6-8-7-5,bias,tanh", "all", true },
        { "fc:6-8-7-5,bias,tanh", "2", true },
        { "fc:6-8-7-5,bias,tanh", "3", false },
    };

    public static TheoryData<string, string, bool> LayeredSpaces => new()
    {
        { "net:1x6x6/conv3k3p1/relu/pool2/dense4", "all", false },
        { "net:2x7x5/conv5k3b/tanh/pool2s1/dense6b/tanh/dense3b", "all", true },
        { "net:2x7x5/conv5k3b/tanh/pool2s1/dense6b/tanh/dense3b", "1", true },
        { "net:1x5x5/dense7/bn/tanh/dense3", "all", false },
    };

    [Theory, MemberData(nameof(DenseSpaces))]
    public void All_kinds_are_sums_over_samples_and_labels(string name, string layers, bool withBiases)
    {
        var small = SmallNetworks.Get(name);
        var samples = small.Samples.First(Samples);
        var space = WeightSpace.Parse(small.Network, layers, withBiases);
        using var module = TorchModules.Of(LayeredNetwork.Of(small.Network), small.Weights);
        Check(small.Weights, samples, space, Probabilities(module, samples, [small.Network.Inputs, 1, 1]), (relabelled, batch) =>
        {
            using var reference = new TorchReference(small.Weights, relabelled);
            return reference.Gradient(relabelled, space, batch);
        });
    }

    [Theory, MemberData(nameof(LayeredSpaces))]
    public void All_kinds_are_those_of_convolutions_too(string name, string layers, bool withBiases)
    {
        var (_, network, weights, all) = LayeredNetworks.Get(name);
        var samples = all.First(Samples);
        var space = WeightSpace.Parse(network, layers, withBiases);
        using var module = TorchModules.Of(network, weights);
        Check(weights, samples, space, Probabilities(module, samples, [network.Input.Channels, network.Input.Rows, network.Input.Columns]), (relabelled, batch) =>
        {
            using var reference = new ModuleReference(network, weights, relabelled);
            return reference.Gradient(space, batch);
        });
    }

    [Fact]
    public void All_kinds_are_those_of_a_module()
    {
        var (_, layers, weights, all) = LayeredNetworks.Get("net:2x7x5/conv5k3b/tanh/pool2s1/dense6b/tanh/dense3b");
        var samples = all.First(Samples);
        using var module = TorchModules.Of(layers, weights).to(ScalarType.Float32);
        using var network = ModuleNetwork.Of(module, [2, 7, 5], 3, "same");
        using var reference = TorchModules.Of(layers, weights);
        var space = WeightSpace.All(network);
        Check(network.Weights(), samples, space, Probabilities(reference, samples, [2, 7, 5]), (relabelled, batch) =>
        {
            using var gradients = new ModuleReference(layers, weights, relabelled);
            return gradients.Gradient(WeightSpace.All(layers), batch);
        });
    }

    /// <summary>∂ ln p(y|x)/∂W_ki = (δ_ky − p_k) x_i, and Σ_y p_y (δ_ky − p_k)² = p_k (1 − p_k).</summary>
    [Fact]
    public void Of_softmax_regression_it_is_the_closed_form()
    {
        var small = SmallNetworks.Get("fc:7-3");
        double[] found = FisherDiagonal.Exact(small.Weights, small.Samples, WeightSpace.All(small.Network));
        double[] expected = new double[21], empirical = new double[21];
        for (int sample = 0; sample < small.Samples.Count; sample++)
        {
            var x = small.Samples.Input(sample);
            double[] logits = new double[3];
            for (int k = 0; k < 3; k++)
            {
                for (int i = 0; i < 7; i++)
                    logits[k] += (double)small.Weights.Matrices[0][k * 7 + i] * x[i];
            }

            double partition = logits.Sum(Math.Exp);
            for (int place = 0; place < 21; place++)
            {
                double p = Math.Exp(logits[place / 7]) / partition, squared = (double)x[place % 7] * x[place % 7] / small.Samples.Count;
                double error = (small.Samples.Labels[sample] == place / 7 ? 1 : 0) - p;
                expected[place] += p * (1 - p) * squared;
                empirical[place] += error * error * squared;
            }
        }

        AssertClose(expected, found, 1e-10);
        AssertClose(empirical, FisherDiagonal.Empirical(small.Weights, small.Samples, WeightSpace.All(small.Network)), 1e-10);
    }

    [Fact]
    public void The_kinds_differ()
    {
        var small = SmallNetworks.Get("fc:5-13-9-3");
        var space = WeightSpace.All(small.Network);
        var weights = small.Trained();                                         // where some samples are right and some wrong
        double exact = FisherDiagonal.Of(FisherKind.Exact, weights, small.Samples, space, BatchSize).Sum();
        double empirical = FisherDiagonal.Of(FisherKind.Empirical, weights, small.Samples, space, BatchSize).Sum();
        double minibatch = FisherDiagonal.Of(FisherKind.Minibatch, weights, small.Samples, space, BatchSize).Sum();
        Assert.True(Math.Abs(exact / empirical - 1) > 0.05, $"exact {exact}, empirical {empirical}");
        Assert.True(minibatch < 0.9 * empirical, $"minibatches {minibatch}, empirical {empirical}");       // ⟨g⟩² ≤ ⟨g²⟩
        // A minibatch of one sample is that sample: of single precision here, of double there.
        AssertClose(FisherDiagonal.Empirical(small.Weights, small.Samples, space), FisherDiagonal.OfMinibatches(small.Weights, small.Samples, space, 1), 1e-5);
    }

    /// <summary>Several pieces on several threads: a resumed run knows what it remembered by these bits.</summary>
    [Theory]
    [InlineData(FisherKind.Exact)]
    [InlineData(FisherKind.Empirical)]
    [InlineData(FisherKind.Minibatch)]
    public void The_same_threads_give_the_same_bits(FisherKind kind)
    {
        var network = FullyConnected.Parse("fc:9-20-7");
        var weights = DenseWeights.Draw(network, Initialisation.PyTorch, 1);
        var samples = SmallNetworks.Clouds(4000, 9, 7, 1);
        double[] Measure(int threads) => FisherDiagonal.Of(kind, weights, samples, WeightSpace.All(network), 3, new(threads));
        double[] once = Measure(4);
        for (int i = 0; i < 6; i++)
            Assert.Equal(once, Measure(4));
        AssertClose(once, Measure(1), 1e-12);                                  // other partial sums of double precision
    }

    [Fact]
    public void What_does_not_fit_is_refused_and_cancellation_ends_it()
    {
        var small = SmallNetworks.Get("fc:5-13-9-3");
        var space = WeightSpace.All(small.Network);
        foreach (var kind in Enum.GetValues<FisherKind>())
        {
            Assert.StartsWith("The weight space belongs to fc:5-13-9-3, but the weights to fc:7-3.",
                Assert.Throws<ArgumentException>(() => FisherDiagonal.Of(kind, SmallNetworks.Get("fc:7-3").Weights, small.Samples, space, 5)).Message, StringComparison.Ordinal);
            Assert.StartsWith("fc:5-13-9-3 takes 5 inputs and 3 classes, but the samples have 7 and 3.",
                Assert.Throws<ArgumentException>(() => FisherDiagonal.Of(kind, small.Weights, SmallNetworks.Get("fc:7-3").Samples, space, 5)).Message, StringComparison.Ordinal);
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => FisherDiagonal.OfMinibatches(small.Weights, small.Samples, space, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => FisherDiagonal.OfMinibatches(small.Weights, small.Samples, space, 98));
        Assert.Throws<OperationCanceledException>(() => FisherDiagonal.Exact(small.Weights, small.Samples, space, new(1, null, new CancellationToken(canceled: true))));
    }

    /// <param name="weights">Where.</param>
    /// <param name="samples">Of what.</param>
    /// <param name="space">By which weights.</param>
    /// <param name="probabilities">p(y|x), [samples][classes].</param>
    /// <param name="gradient">∂L/∂w of some samples, by another road.</param>
    private static void Check(NetworkWeights weights, LabelledSamples samples, WeightSpace space, double[][] probabilities, Func<LabelledSamples, int[], double[]> gradient)
    {
        double[] exact = new double[space.Dimension], empirical = new double[space.Dimension], minibatch = new double[space.Dimension];
        for (int label = 0; label < weights.Network.Outputs; label++)
        {
            int[] labels = new int[samples.Count];
            Array.Fill(labels, label);
            var relabelled = new LabelledSamples(samples.Inputs, labels, samples.Width, weights.Network.Outputs);
            for (int sample = 0; sample < samples.Count; sample++)
                AddSquares(exact, gradient(relabelled, [sample]), probabilities[sample][label] / samples.Count);
        }

        for (int sample = 0; sample < samples.Count; sample++)
            AddSquares(empirical, gradient(samples, [sample]), 1.0 / samples.Count);
        for (int first = 0; first + BatchSize <= samples.Count; first += BatchSize)
            AddSquares(minibatch, gradient(samples, [.. Enumerable.Range(first, BatchSize)]), 1.0 / (samples.Count / BatchSize));
        // Double precision from the weights on; the kind of minibatches takes gradients in single precision.
        AssertClose(exact, FisherDiagonal.Of(FisherKind.Exact, weights, samples, space, 0), 1e-10);
        AssertClose(empirical, FisherDiagonal.Of(FisherKind.Empirical, weights, samples, space, 0), 1e-10);
        AssertClose(minibatch, FisherDiagonal.Of(FisherKind.Minibatch, weights, samples, space, BatchSize), 2e-5);
        Assert.Equal(space.Dimension, exact.Length);
    }

    private static double[][] Probabilities(nn.Module<Tensor, Tensor> module, LabelledSamples samples, long[] shape)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var logits = module.call(tensor(samples.Inputs, dtype: ScalarType.Float64).reshape([samples.Count, .. shape]));
        double[] all = logits.softmax(1).contiguous().data<double>().ToArray();
        return [.. all.Chunk((int)logits.shape[1])];
    }

    private static void AddSquares(double[] sum, double[] gradient, double factor)
    {
        for (int k = 0; k < sum.Length; k++)
            sum[k] += factor * gradient[k] * gradient[k];
    }

    private static void AssertClose(double[] expected, double[] found, double relative)
    {
        Assert.Equal(expected.Length, found.Length);
        double scale = expected.Max();
        Assert.True(scale > 0);
        for (int i = 0; i < expected.Length; i++)
            Close.Assert(expected[i], found[i], relative, scale, $"number {i}");
    }
}
