using Talweg.Conventions;
using Talweg.Data;
using Talweg.Landscapes;
using Talweg.Networks;
using Talweg.Noise;
using Talweg.Noise.Gradients;
using Talweg.Tests.Networks;
using Talweg.Training;
using TorchSharp;

namespace Talweg.Tests.Noise;

/// <summary>Native memory, which the garbage collector does not see. Runs alone, on one thread, since it counts the thread's tensors.</summary>
[Collection(Alone.Name)]
public sealed class NoiseMemoryTests
{
    [Theory]
    [InlineData(LandscapePrecision.Single)]
    [InlineData(LandscapePrecision.Double)]
    public void Gradients_and_what_is_made_of_them_leave_no_tensor_alive(LandscapePrecision precision)
    {
        var small = SmallNetworks.Get("fc:6-8-7-5,bias,tanh");
        var space = WeightSpace.Parse(small.Network, "all", withBiases: true);
        var directions = Directions.Of(SmallNetwork.RandomDirection(space.Dimension, 1), space.Dimension);
        var sets = MinibatchSets.Consecutive(small.Samples.Count, 10);
        var oneThread = new WorkOptions(1);
        AssertNoneLeft(() =>
        {
            long before = Alive;
            using var gradients = SampleGradients.Of(small.Weights, small.Samples, space, precision, threads: 1);
            long held = Alive;
            Assert.True(held > before, "the gradients themselves hold tensors");
            gradients.Minibatches(sets, oneThread);
            gradients.Projections(sets, directions, oneThread);
            gradients.Mean();
            gradients.OfSample(3);
            DiffusionMatrix.Dense(gradients, oneThread);
            var diffusion = DiffusionMatrix.Of(gradients).OfBatch(10, Drawing.WithReplacement);
            Lanczos.Top(diffusion, 2);
            Assert.True(diffusion.Trace > 0);
            Assert.Equal(held, Alive);
        });
        AssertNoneLeft(() => LayerSignals.Measure(small.Weights, small.Samples, sets, oneThread, precision));
    }

    /// <summary>Held factors, factors computed anew, and passes of a module.</summary>
    [Theory]
    [InlineData(LandscapePrecision.Single)]
    [InlineData(LandscapePrecision.Double)]
    public void Gradients_of_layers_and_modules_leave_no_tensor_alive(LandscapePrecision precision)
    {
        var (_, layers, weights, samples) = LayeredNetworks.Get("net:2x6x6/conv4k3p1/bn/relu/res(conv6k3s2p1/bn/relu/conv6k3p1/bn|conv6k1s2/bn)/relu/avg/dense4");
        using var module = TorchModules.Of(layers, weights).to(torch.ScalarType.Float32);
        using var network = ModuleNetwork.Of(module, [2, 6, 6], 4, "same");
        AssertGone(weights, samples, WeightSpace.All(layers), precision, hold: true);
        AssertGone(weights, samples, WeightSpace.All(layers), precision, hold: false);
        AssertGone(network.Weights(), samples, WeightSpace.All(network), precision, hold: false);
        AssertNoneLeft(() => LayerSignals.Measure(weights, samples, MinibatchSets.Consecutive(samples.Count, 10), new(1), precision));
    }

    private static void AssertGone(NetworkWeights weights, LabelledSamples samples, WeightSpace space, LandscapePrecision precision, bool hold) => AssertNoneLeft(() =>
    {
        using var gradients = GradientSource.Of(weights, samples, space, precision, 1, hold);
        long held = Alive;
        gradients.Stream(MinibatchSets.Consecutive(samples.Count, 10), "gradients", new(1), (_, _) => { });
        gradients.Sum(new double[samples.Count]);
        gradients.Along(new double[space.Dimension]);
        gradients.MeanSquaredNorm();
        gradients.Rows(3, 2).Dispose();
        Assert.Equal(held, Alive);
    });

    [Fact]
    public void A_Hessian_leaves_no_tensor_alive()
    {
        var small = SmallNetworks.Get("fc:6-8-7-5,bias,tanh");
        var space = WeightSpace.Parse(small.Network, "all", withBiases: true);
        AssertNoneLeft(() =>
        {
            using var hessian = HessianOperator.Of(small.Weights, small.Samples, space, threads: 1);
            long held = Alive;
            double[] product = new double[space.Dimension];
            hessian.Apply(SmallNetwork.RandomDirection(space.Dimension, 1), product);
            Assert.Equal(held, Alive);
        });
    }

    [Fact]
    public void Gradients_and_Hessian_outlive_the_dispose_scope_they_were_made_in()
    {
        var small = SmallNetworks.Get("fc:6-8-7-5,bias,tanh");
        var space = WeightSpace.Parse(small.Network, "all");
        SampleGradients gradients;
        HessianOperator hessian;
        using (torch.NewDisposeScope())
        {
            gradients = SampleGradients.Of(small.Weights, small.Samples, space, threads: 1);
            hessian = HessianOperator.Of(small.Weights, small.Samples, space, threads: 1);
        }

        using (gradients)
        using (hessian)
        {
            double[] product = new double[space.Dimension];
            hessian.Apply(gradients.Mean(), product);
            Assert.Contains(product, value => value != 0);
        }
    }

    private static long Alive => DisposeScopeManager.Statistics.ThreadTotalLiveCount;

    private static void AssertNoneLeft(Action action)
    {
        long before = Alive;
        action();
        Assert.Equal(before, Alive);
    }
}
