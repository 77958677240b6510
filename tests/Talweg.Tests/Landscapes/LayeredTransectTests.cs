using Talweg.Landscapes;
using Talweg.Networks;
using Talweg.Tests.Networks;
using TorchSharp;

namespace Talweg.Tests.Landscapes;

/// <summary>Every path over all networks of layers and weight spaces, against plain passes of the moved network in double precision.</summary>
public sealed class LayeredTransectTests
{
    private const int Block = 9;

    private static readonly double[] Displacements = [0, -1.5, 0.1, 0.7, 2.5];

    [Theory, MemberData(nameof(LayeredNetworks.Spaces), MemberType = typeof(LayeredNetworks))]
    public void Losses_and_slopes_are_those_of_the_moved_network(string network, string layers, bool withBiases) =>
        Compare(network, layers, withBiases, LandscapePrecision.Double, Normalisation.Evaluation, losses: 1e-12, slopes: 1e-11);

    /// <remarks>Rounding of 6e-8 in weights, inputs and some hundred products a unit; logits of a few units make 1e-6, and a factor of ten is left.</remarks>
    [Theory, MemberData(nameof(LayeredNetworks.Spaces), MemberType = typeof(LayeredNetworks))]
    public void So_they_are_in_single_precision(string network, string layers, bool withBiases) =>
        Compare(network, layers, withBiases, LandscapePrecision.Single, Normalisation.Evaluation, losses: 1e-5, slopes: 1e-5);

    /// <remarks>Statistics of a block make its samples depend on each other, and on the displacement.</remarks>
    [Theory, MemberData(nameof(LayeredNetworks.Spaces), MemberType = typeof(LayeredNetworks))]
    public void In_training_mode_blocks_of_samples_make_their_own_statistics(string network, string layers, bool withBiases) =>
        Compare(network, layers, withBiases, LandscapePrecision.Double, Normalisation.Training, losses: 1e-12, slopes: 1e-11);

    [Theory]
    [InlineData("net:1x6x6/conv3k3p1/relu/pool2/dense4", "fused-convolution", "fused")]
    [InlineData("net:2x7x5/conv5k3b/tanh/pool2s1/dense6b/tanh/dense3b", "fused-convolution", "fused", "fused")]
    [InlineData("net:1x8x8/conv4k3p1/relu/pool2/conv6k3p1/relu/pool2/dense5", "fused-kinks", "fused-convolution", "fused")]
    [InlineData("net:3x6x6/conv4k3p1b/relu/res(conv4k3p1b/relu/conv4k3p1b)/relu/avg/dense3b", "layered", "layered", "layered", "fused")]
    [InlineData("net:1x5x5/dense7/bn/tanh/dense3", "layered", "fused")]
    public void The_fastest_path_that_applies_is_taken(string text, params string[] expected)
    {
        var small = LayeredNetworks.Get(text);
        for (int layer = 1; layer <= expected.Length; layer++)
        {
            using var landscape = Landscape.Of(small.Weights, small.Samples, WeightSpace.Of(small.Network, layer));
            Assert.Equal((expected[layer - 1], Normalisation.Evaluation), (landscape.Path, landscape.Normalisation));
            using var training = Landscape.Of(small.Weights, small.Samples, WeightSpace.Of(small.Network, layer), normalisation: Normalisation.Training);
            Assert.Equal((small.Network.Normalises ? "layered" : expected[layer - 1], Normalisation.Training), (training.Path, training.Normalisation));
        }
    }

    /// <summary>Tails that the list does not have: windows that overlap, stick out or are missing, and maxima in front of the activation.</summary>
    [Theory]
    [InlineData("net:1x7x6/conv3k2/pool3s2p1/tanh/dense4b/tanh/dense3")]
    [InlineData("net:1x5x6/conv3k3p1b/relu/dense4")]
    [InlineData("net:2x5x5/conv3k2s2p1/pool2s1/relu/dense4/relu/dense5b/relu/dense3")]
    public void The_convolution_kernel_takes_any_window(string text)
    {
        var network = Network.Parse(text);
        var weights = NetworkWeights.Draw(network, Initialisation.PyTorch, 3);
        var samples = SmallNetworks.Clouds(150, network.Inputs, network.Outputs, seed: 8);
        var space = WeightSpace.Of(network, 1);
        double[] direction = SmallNetwork.RandomDirection(space.Dimension, 5);
        using var fused = Landscape.Of(weights, samples, space);
        using var layered = Landscape.Of(weights, samples, space, LandscapePrecision.Double);
        Assert.Equal(("fused-convolution", "layered"), (fused.Path, layered.Path));
        AssertSame(PerSample.Of(layered, direction, Displacements, true), PerSample.Of(fused, direction, Displacements, true), 1e-5);
    }

    /// <summary>Convolutions in front of another: windows of both kinds, biases, channels that fill no vector or more than one, and displacements for two panels.</summary>
    /// <remarks>1e-5 holds for slopes because at none of these displacements a unit sits at its kink within rounding; the next test looks at one that does.</remarks>
    [Theory]
    [InlineData("net:1x9x8/conv3k3p1b/pool3s2p1/relu/conv5k3p2b/relu/pool2/dense4b/relu/dense3")]
    [InlineData("net:2x6x6/conv4k3p1/relu/conv17k2/tanh/pool2/dense3")]
    [InlineData("net:1x8x8/conv3k3/relu/conv6k3p1/relu/pool2/conv33k2b/pool2s1/relu/dense4")]
    public void Kinks_are_all_that_changes(string text)
    {
        var network = Network.Parse(text);
        var weights = NetworkWeights.Draw(network, Initialisation.PyTorch, 3);
        var samples = SmallNetworks.Clouds(90, network.Inputs, network.Outputs, seed: 8);
        var space = WeightSpace.Of(network, network.Tensors.Count(tensor => tensor.Shape.Count == 4) - 1);
        double[] direction = SmallNetwork.RandomDirection(space.Dimension, 5);
        using var fused = Landscape.Of(weights, samples, space);
        using var layered = Landscape.Of(weights, samples, space, LandscapePrecision.Double);
        Assert.Equal(("fused-kinks", "layered"), (fused.Path, layered.Path));
        foreach (int count in (int[])[1, 16, 70])
        {
            double[] points = [.. Enumerable.Range(0, count).Select(i => 3 * Math.Sin(i))];
            AssertSame(PerSample.Of(layered, direction, points, true), PerSample.Of(fused, direction, points, true), 1e-5);
            Assert.Equal(fused.Profile(direction, points, true).Loss, fused.Profile(direction, points).Loss);
        }
    }

    /// <summary>Where a unit sits at its kink, single precision may take either side: the slope is one of the two, and the loss is the same.</summary>
    /// <remarks>In a mean over many samples such a slope is off by 7e-5 to 6e-4 of the largest at a few of 41 points, and by 2e-7 elsewhere. Here one sample has the whole step.</remarks>
    [Fact]
    public void At_a_kink_the_slope_is_that_of_either_side()
    {
        var network = Network.Parse("net:1x8x8/conv4k3p1b/relu/pool2/conv6k3p1b/relu/pool2/dense5b");
        var weights = NetworkWeights.Draw(network, Initialisation.PyTorch, 3);
        var samples = SmallNetworks.Clouds(1, network.Inputs, network.Outputs, seed: 8);
        var space = WeightSpace.Of(network, 1);
        double[] direction = SmallNetwork.RandomDirection(space.Dimension, 5);
        using var fused = Landscape.Of(weights, samples, space);
        using var layered = Landscape.Of(weights, samples, space, LandscapePrecision.Double);
        Assert.Equal(("fused-kinks", "layered"), (fused.Path, layered.Path));
        double largest = layered.Profile(direction, [.. Enumerable.Range(0, 101).Select(i => -1 + 0.02 * i)], true).Slope!.Max(Math.Abs);
        int kinks = 0;
        for (double start = -1; start < 1; start += 0.02)
        {
            var (left, right) = Kink(layered, direction, start, start + 0.02);
            var expected = layered.Profile(direction, [left, right], true);
            if (Math.Abs(expected.Slope![0] - expected.Slope[1]) < 1e-3 * largest)
                continue;                                      // the slope is smooth here
            kinks++;
            var found = fused.Profile(direction, [left, right], true);
            for (int side = 0; side < 2; side++)
            {
                Close.Assert(expected.Loss[side], found.Loss[side], 1e-5);
                double off = expected.Slope.Min(slope => Math.Abs(found.Slope![side] - slope));
                Assert.True(off <= 1e-5 * largest, $"slope {found.Slope![side]} at {left}, where the sides have {expected.Slope[0]} and {expected.Slope![1]}");
            }
        }

        Assert.True(kinks >= 5, $"{kinks} kinks");
    }

    /// <summary>Halves an interval towards the largest step of the slope, down to a hundredth of single precision's rounding.</summary>
    private static (double Left, double Right) Kink(Landscape landscape, double[] direction, double left, double right)
    {
        while (right - left > 1e-9)
        {
            double middle = (left + right) / 2;
            var slope = landscape.Profile(direction, [left, middle, right], true).Slope!;
            (left, right) = Math.Abs(slope[1] - slope[0]) > Math.Abs(slope[2] - slope[1]) ? (left, middle) : (middle, right);
        }

        return (left, right);
    }

    /// <summary>Memory for inputs, for pre-activations too, or for neither: the same bits.</summary>
    [Fact]
    public void What_is_kept_changes_nothing()
    {
        var small = LayeredNetworks.Get("net:1x8x8/conv4k3p1/relu/pool2/conv6k3p1/relu/pool2/dense5");
        var space = WeightSpace.Of(small.Network, 2);
        double[] one = SmallNetwork.RandomDirection(space.Dimension, 5), other = SmallNetwork.RandomDirection(space.Dimension, 6);
        Profile[]? first = null;
        foreach (long bytes in (long[])[0, 300_000, 1 << 30])
        {
            var tail = ConvolutionTail.Of(small.Weights, small.Network, 3)!;
            using var path = new FusedConvolutionPath(small.Weights, small.Samples, space.Segments[0], tail, threads: 1, keptBytes: bytes);
            Profile[] profiles = [Along(path, one), Along(path, other), Along(path, one)];
            first ??= profiles;
            for (int i = 0; i < profiles.Length; i++)
            {
                Assert.Equal(first[i].Loss, profiles[i].Loss);
                Assert.Equal(first[i].Slope, profiles[i].Slope);
            }
        }

        Profile Along(FusedConvolutionPath path, double[] direction)
        {
            var reducer = new ProfileReducer(Displacements, withSlopes: true);
            path.Sweep(direction, Displacements, true, reducer);
            return reducer.Result;
        }
    }

    /// <summary>A sweep within another, as two threads have it: z′ of one is kept where the memory is for one.</summary>
    [Fact]
    public void All_threads_together_keep_no_more_than_the_memory_allowed()
    {
        var small = LayeredNetworks.Get("net:1x8x8/conv4k3p1/relu/pool2/conv6k3p1/relu/pool2/dense5");
        var space = WeightSpace.Of(small.Network, 2);
        int blocks = ClassBlocks.Of(small.Samples).Count, units = ((LayeredNetwork)small.Network).Shapes[4].Length;
        long one = (long)blocks * 64 * units * sizeof(float);
        Assert.Equal([0, blocks, 2 * blocks], ((long[])[one - 1, 2 * one - 1, 2 * one]).Select(Kept));

        long Kept(long bytes)
        {
            using var path = new FusedConvolutionPath(small.Weights, small.Samples, space.Segments[0], ConvolutionTail.Of(small.Weights, small.Network, 3)!, threads: 1, keptBytes: bytes);
            long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
            var inner = new Within(() => path.Sweep(SmallNetwork.RandomDirection(space.Dimension, 6), Displacements, false, new ProfileReducer(Displacements, false)));
            path.Sweep(SmallNetwork.RandomDirection(space.Dimension, 5), Displacements, false, inner);
            return DisposeScopeManager.Statistics.ThreadTotalLiveCount - before - 2;           // less both directions
        }
    }

    [Fact]
    public void A_direction_that_fails_leaves_the_one_before_it_usable()
    {
        var small = LayeredNetworks.Get("net:1x8x8/conv4k3p1/relu/pool2/conv6k3p1/relu/pool2/dense5");
        var space = WeightSpace.Of(small.Network, 2);
        double[] direction = SmallNetwork.RandomDirection(space.Dimension, 5);
        using var path = new FusedConvolutionPath(small.Weights, small.Samples, space.Segments[0], ConvolutionTail.Of(small.Weights, small.Network, 3)!, threads: 1);
        var first = Losses(direction);
        Assert.ThrowsAny<Exception>(() => Losses(direction[1..]));                            // does not have the kernels' shape
        Assert.Equal(first, Losses(direction));

        IReadOnlyList<double> Losses(double[] along)
        {
            var reducer = new ProfileReducer(Displacements, withSlopes: false);
            path.Sweep(along, Displacements, false, reducer);
            return reducer.Result.Loss;
        }
    }

    [Theory]
    [InlineData("net:1x8x8/conv4k3p1/relu/pool2/conv6k3p1/relu/pool2/dense5", 1)]
    [InlineData("net:1x8x8/conv4k3p1/relu/pool2/conv6k3p1/relu/pool2/dense5", 2)]
    [InlineData("net:1x8x8/conv4k3p1/relu/pool2/conv6k3p1/relu/pool2/dense5", 3)]
    public void Many_threads_measure_what_one_does(string text, int layer)
    {
        var small = LayeredNetworks.Get(text);
        var space = WeightSpace.Of(small.Network, layer);
        var directions = Directions.Of([.. Enumerable.Range(0, 8).SelectMany(seed => SmallNetwork.RandomDirection(space.Dimension, seed))], space.Dimension);
        using var landscape = Landscape.Of(small.Weights, small.Samples, space);
        var together = Transects.Along(landscape, directions, Displacements, true, new(4));
        for (int i = 0; i < directions.Count; i++)
        {
            var alone = landscape.Profile(directions[i], Displacements, true);
            Assert.Equal(alone.Loss, together[i].Loss);
            Assert.Equal(alone.Slope, together[i].Slope);
        }
    }

    /// <summary>Displacements and samples are cut into pieces where activations are large.</summary>
    [Fact]
    public void Many_displacements_are_taken_in_pieces()
    {
        var small = LayeredNetworks.Get("net:2x6x6/conv4k3p1/bn/relu/res(conv6k3s2p1/bn/relu/conv6k3p1/bn|conv6k1s2/bn)/relu/avg/dense4");
        var space = WeightSpace.All(small.Network);
        double[] direction = SmallNetwork.RandomDirection(space.Dimension, 4);
        double[] many = [.. Enumerable.Range(0, 3001).Select(i => i * 1e-4)];       // 1,152 bytes a sample: 9 samples at once, or 972 displacements of a block of 30
        foreach (var normalisation in (Normalisation[])[Normalisation.Evaluation, Normalisation.Training])
        {
            using var landscape = Landscape.Of(small.Weights, small.Samples, space, LandscapePrecision.Double, normalisation: normalisation);
            var cut = PerSample.Of(landscape, direction, many);
            var whole = PerSample.Of(landscape, direction, [many[2987]]);
            for (int sample = 0; sample < small.Samples.Count; sample++)
                Close.Assert(whole.Losses[0][sample], cut.Losses[2987][sample], 1e-12);
        }
    }

    [Fact]
    public void Statistics_of_one_sample_are_refused()
    {
        var small = LayeredNetworks.Get("net:1x5x5/dense7/bn/tanh/dense3");
        var space = WeightSpace.Of(small.Network, 1);
        var refused = Assert.Throws<ArgumentException>(() => Landscape.Of(small.Weights, small.Samples, space, normalisation: Normalisation.Training, blockSize: 1));
        Assert.Contains("Statistics need at least 2 samples a block, but there are 1.", refused.Message, StringComparison.Ordinal);
    }

    private static void Compare(string text, string layers, bool withBiases, LandscapePrecision precision, Normalisation normalisation, double losses, double slopes)
    {
        var small = LayeredNetworks.Get(text);
        var space = layers == "all" && !withBiases ? WeightSpace.All(small.Network) : WeightSpace.Parse(small.Network, layers, withBiases);
        double[] direction = SmallNetwork.RandomDirection(space.Dimension, 2);
        using var landscape = Landscape.Of(small.Weights, small.Samples, space, precision, normalisation: normalisation, blockSize: Block);
        var found = PerSample.Of(landscape, direction, Displacements, withSlopes: true);
        var withoutSlopes = PerSample.Of(landscape, direction, Displacements);
        (int First, int Count)[] blocks = normalisation == Normalisation.Evaluation ? [(0, small.Samples.Count)] : [.. Blocks(small.Samples.Count)];
        for (int d = 0; d < Displacements.Length; d++)
        {
            var module = TorchModules.Of(small.Network, small.Weights);
            module.train(normalisation == Normalisation.Training);
            using var moved = new ModuleReference(module, small.Network, small.Samples) { Shape = [small.Network.Input.Channels, small.Network.Input.Rows, small.Network.Input.Columns] };
            moved.Move(space, direction, Displacements[d]);
            double[] expected = [.. blocks.SelectMany(block => moved.Losses(block.First, block.Count))];
            double mean = expected.Average(), scale = found.Slopes![d].Average(Math.Abs);
            for (int sample = 0; sample < expected.Length; sample++)
                Close.Assert(expected[sample], found.Losses[d][sample], losses, mean, $"loss of sample {sample} at {Displacements[d]}");
            Assert.Equal(found.Losses[d], withoutSlopes.Losses[d]);
            foreach (var (first, count) in blocks)
            {
                Close.Assert(moved.Slope(space, direction, first, count), found.Slopes[d][first..(first + count)].Average(), slopes, scale, $"slope from {first} at {Displacements[d]}");
                Close.Assert(moved.Slope(space, direction, first, count, first + 3), found.Slopes[d][first + 3], slopes, scale, $"slope of sample {first + 3} at {Displacements[d]}");
            }
        }
    }

    /// <summary>Does something else at every block.</summary>
    private sealed class Within(Action action) : TransectReducer
    {
        public override void Add(in TransectBlock block) => action();
    }

    /// <summary>Nines; the last has what is left over too.</summary>
    private static IEnumerable<(int First, int Count)> Blocks(int samples)
    {
        for (int first = 0; first + Block <= samples; first += Block)
            yield return (first, first + 2 * Block <= samples ? Block : samples - first);
    }

    private static void AssertSame(PerSample expected, PerSample found, double relative)
    {
        for (int d = 0; d < expected.Losses.Length; d++)
        {
            double mean = expected.Losses[d].Average(), scale = expected.Slopes![d].Average(Math.Abs);
            for (int sample = 0; sample < expected.Losses[d].Length; sample++)
            {
                Close.Assert(expected.Losses[d][sample], found.Losses[d][sample], relative, mean, $"loss of sample {sample} at displacement {d}");
                Close.Assert(expected.Slopes[d][sample], found.Slopes![d][sample], relative, scale, $"slope of sample {sample} at displacement {d}");
            }
        }
    }
}
