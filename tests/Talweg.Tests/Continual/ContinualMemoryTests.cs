using Talweg.Continual;
using Talweg.Conventions;
using Talweg.Landscapes;
using Talweg.Networks;
using Talweg.Noise;
using Talweg.Tests.Networks;
using TorchSharp;

namespace Talweg.Tests.Continual;

/// <summary>Native memory, which the garbage collector does not see. Runs alone, on one thread, since it counts the thread's tensors.</summary>
[Collection(Alone.Name)]
public sealed class ContinualMemoryTests
{
    [Fact]
    public void Memories_leave_no_tensor_alive() => AssertNoneLeft(() =>
    {
        var space = WeightSpace.All(FullyConnected.Of(6, 5, 3));
        int n = space.Dimension;
        float[] weights = PlainSprings.Draw(n, 1), gradient = new float[n];
        var one = LandscapeMemory.Of(space, weights, Directions.Of(PlainSprings.Orthonormal(7, n, 1), n), [1, 2, 3, null, 5, 6, 7], 1);
        var other = LandscapeMemory.Of(space, weights, Directions.Of(PlainSprings.Orthonormal(5, n, 2), n), [1, 2, 3, 4, 5], 1);
        var both = one.And(other);
        both.AddGradient(1, weights, gradient);
        both.Relax(0.1, weights);
    });

    [Theory]
    [InlineData(FisherKind.Exact)]
    [InlineData(FisherKind.Empirical)]
    [InlineData(FisherKind.Minibatch)]
    public void The_Fisher_information_leaves_no_tensor_alive(FisherKind kind)
    {
        var small = SmallNetworks.Get("fc:6-8-7-5,bias,tanh");
        AssertNoneLeft(() => FisherDiagonal.Of(kind, small.Weights, small.Samples, WeightSpace.All(small.Network), 10, new(1)));
        var (_, network, weights, samples) = LayeredNetworks.Get("net:2x6x6/conv4k3p1/bn/relu/res(conv6k3s2p1/bn/relu/conv6k3p1/bn|conv6k1s2/bn)/relu/avg/dense4");
        AssertNoneLeft(() => FisherDiagonal.Of(kind, weights, samples, WeightSpace.All(network), 10, new(1)));
        using var loop = new ModuleMemoryTests.Loop();
        using var module = ModuleNetwork.Of(loop.Module, [6], 6, "mine");
        var tasks = SmallTasks.Of(1);
        AssertNoneLeft(() => FisherDiagonal.Of(kind, module.Weights(), tasks.Tasks[0].Train, WeightSpace.All(module), 10, new(1)));
    }

    [Fact]
    public void Frozen_features_leave_no_tensor_alive()
    {
        var network = Network.Parse("net:1x6x6/conv3k3p1/bn/relu/pool2/dense5b/relu/dense4b/relu/dense3b");
        var weights = NetworkWeights.Draw(network, Initialisation.He, 1);
        var samples = SmallNetworks.Clouds(700, 36, 3, 1);
        AssertNoneLeft(() =>
        {
            var features = FrozenFeatures.Of(weights);
            features.Of(samples);
            features.Whole(features.Head);
        });
    }

    [Theory]
    [InlineData("ldc:lambda=1,modes=5")]
    [InlineData("ewc:lambda=1")]
    public void A_modules_memory_leaves_no_tensor_alive(string method)
    {
        using var loop = new ModuleMemoryTests.Loop();
        using var network = ModuleNetwork.Of(loop.Module, [6], 6, "mine");
        var samples = SmallTasks.Of(1).Tasks[0].Train;
        loop.Gradient(samples, [0, 1, 2]);
        AssertNoneLeft(() =>
        {
            using var memory = new ModuleMemory(network, ContinualMethods.Parse(method), 0.01);
            for (int i = 0; i < 5; i++)
            {
                loop.Train(samples, 1, null);
                memory.Record();
            }

            memory.Remember(samples, new(1));
            for (int i = 0; i < 3; i++)
            {
                memory.AddGradient();
                memory.Relax();
            }
        });
    }

    /// <summary>A replay's network is there as long as the memory is: it is opened once, and no step adds to it.</summary>
    [Fact]
    public void Replayed_steps_add_no_tensor()
    {
        var network = Network.Parse("net:1x2x3/conv4k2b/tanh/dense6b");
        var space = WeightSpace.All(network);
        var weights = NetworkWeights.Draw(network, Initialisation.He, 1);
        var memory = ReplayMemory.Of(null, SmallTasks.Of(1).Tasks[0].Train, weights, space, 5, 1, 1);
        float[] gradient = new float[space.Dimension];
        memory.AddGradient(1, space.Flatten(weights), gradient);
        AssertNoneLeft(() =>
        {
            for (int i = 2; i < 9; i++)
                memory.AddGradient(i, space.Flatten(weights), gradient);
        });
    }

    private static void AssertNoneLeft(Action action)
    {
        action();                                                       // what is made once for all is made
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        action();
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }
}
