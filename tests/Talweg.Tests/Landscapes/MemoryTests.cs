using System.Diagnostics;
using Talweg.Conventions;
using Talweg.Landscapes;
using Talweg.Networks;
using Talweg.Tests.Networks;
using TorchSharp;

namespace Talweg.Tests.Landscapes;

/// <summary>Native memory, which the garbage collector does not see. Runs alone, since it looks at the whole process.</summary>
[Collection(Alone.Name)]
public sealed class MemoryTests
{
    private static readonly double[] Displacements = [-1, 0, 1];

    [Fact]
    public void A_disposed_landscape_refuses_to_be_swept()
    {
        var network = FullyConnected.Of(3, 4, 2);
        var landscape = Landscape.Of(DenseWeights.Draw(network, Initialisation.He, 1), new([1, 2, 3], [0], 3, 2), WeightSpace.Of(network, 1));
        landscape.Dispose();
        landscape.Dispose();
        Assert.Throws<ObjectDisposedException>(() => landscape.Profile(new double[12], [0]));
    }

    /// <summary>One layer in single precision is left out: the fused path makes no tensors; its memory is the last test's.</summary>
    [Theory]
    [InlineData("all", LandscapePrecision.Single)]
    [InlineData("2", LandscapePrecision.Double)]
    [InlineData("all", LandscapePrecision.Double)]
    public void Measuring_leaves_no_tensor_alive(string layers, LandscapePrecision precision)
    {
        var small = SmallNetworks.Get("fc:11-66-3-17-10,bias");
        var space = WeightSpace.Parse(small.Network, layers, withBiases: layers == "all");
        double[] direction = SmallNetwork.RandomDirection(space.Dimension, 1);
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        using (var landscape = Landscape.Of(small.Weights, small.Samples, space, precision))
        {
            long held = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
            Assert.True(held > before, "the landscape itself holds tensors");
            landscape.Profile(direction, Displacements, withSlopes: true);
            _ = landscape.LossAtOrigin;
            Flatness.Measure(landscape, direction);
            Assert.Equal(held, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        }

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    /// <summary>A convolution's scratch keeps what belongs to its last direction, no more for the second than for the first.</summary>
    [Theory]
    [InlineData("1", LandscapePrecision.Single, Normalisation.Evaluation)]
    [InlineData("2", LandscapePrecision.Single, Normalisation.Evaluation)]
    [InlineData("3", LandscapePrecision.Double, Normalisation.Evaluation)]
    [InlineData("all", LandscapePrecision.Double, Normalisation.Training)]
    public void Measuring_a_network_of_layers_leaves_no_tensor_alive(string layers, LandscapePrecision precision, Normalisation normalisation)
    {
        var small = LayeredNetworks.Get("net:1x8x8/conv4k3p1/relu/pool2/conv6k3p1/relu/pool2/dense5");
        var space = WeightSpace.Parse(small.Network, layers);
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        using (var landscape = Landscape.Of(small.Weights, small.Samples, space, precision, threads: 1, normalisation))
        {
            landscape.Profile(SmallNetwork.RandomDirection(space.Dimension, 1), Displacements, withSlopes: true);
            long held = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
            Assert.True(held > before, "the landscape itself holds tensors");
            landscape.Profile(SmallNetwork.RandomDirection(space.Dimension, 2), Displacements);
            Flatness.Measure(landscape, SmallNetwork.RandomDirection(space.Dimension, 3));
            Assert.Equal(held, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        }

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void Measuring_a_module_leaves_no_tensor_alive()
    {
        using var module = torch.nn.Sequential(("first", torch.nn.Linear(6, 5)), ("norm", torch.nn.BatchNorm1d(5)), ("last", torch.nn.Linear(5, 3))).Fixed();
        using var network = ModuleNetwork.Of(module, [6], 3, "mine");
        var space = WeightSpace.Of(network, 1);
        var samples = SmallNetworks.Clouds(250, 6, 3, seed: 6);
        Sweep();                                               // a module converted once makes its tensors anew
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        Sweep();
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);

        void Sweep()
        {
            using var landscape = Landscape.Of(network.Weights(), samples, space, LandscapePrecision.Double);
            landscape.Profile(SmallNetwork.RandomDirection(space.Dimension, 1), Displacements, withSlopes: true);
            Flatness.Measure(landscape, SmallNetwork.RandomDirection(space.Dimension, 2));
        }
    }

    [Fact]
    public void A_landscape_outlives_the_dispose_scope_it_was_made_in()
    {
        var small = SmallNetworks.Get("fc:6-8-7-5,bias,tanh");
        var space = WeightSpace.Parse(small.Network, "all");
        Landscape landscape;
        using (torch.NewDisposeScope())
            landscape = Landscape.Of(small.Weights, small.Samples, space);
        using (landscape)
            Assert.True(landscape.LossAtOrigin > 0);
    }

    [Fact]
    public void Hundreds_of_landscapes_take_no_more_memory_than_one()
    {
        var network = FullyConnected.Of(100, 50, 10);
        var weights = DenseWeights.Draw(network, Initialisation.PyTorch, 1);
        var samples = SmallNetworks.Clouds(2000, 100, 10, 1);
        var space = WeightSpace.Of(network, 1);                 // 1.2 MB of native memory each
        double[] direction = SmallNetwork.RandomDirection(space.Dimension, 1);
        Measure(50);
        long before = Resident();
        Measure(300);
        long grown = Resident() - before;
        Assert.True(grown < 100 << 20, $"{grown >> 20} MB more, where a leak would be 360 MB");

        void Measure(int times)
        {
            for (int i = 0; i < times; i++)
            {
                using var landscape = Landscape.Of(weights, samples, space);
                landscape.Profile(direction, Displacements);
            }
        }
    }

    private static long Resident()
    {
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }
}
