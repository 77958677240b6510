using Talweg.Landscapes;
using Talweg.Networks;
using Talweg.Noise;
using Talweg.Statistics;
using Talweg.Tests.Networks;
using TorchSharp;

namespace Talweg.Tests.Noise;

public sealed class MinibatchProfilesTests
{
    private static readonly double[] Displacements = [0, -0.8, 1.1, 0.15, 2.5];   // five: not a multiple of the kernel's four

    /// <summary>Every way to draw, with samples in several minibatches and in none.</summary>
    public static TheoryData<string> Drawings => ["consecutive", "shuffled", "with replacement"];

    public static MinibatchSets Draw(string drawing, int samples)
    {
        int size = Math.Min(samples, 20);
        var random = new RandomStream(1, "sets");
        return drawing switch
        {
            "consecutive" => MinibatchSets.Consecutive(samples, size),
            "shuffled" => MinibatchSets.Shuffled(samples, size, random),
            _ => MinibatchSets.WithReplacement(samples, size, 9, random),
        };
    }

    /// <summary>A loop over minibatches with a forward and a backward pass each, which knows neither blocks nor tangents.</summary>
    [Theory, MemberData(nameof(SmallNetworks.Spaces), MemberType = typeof(SmallNetworks))]
    public void Losses_slopes_and_temperatures_are_those_of_a_loop_with_autograd(string name, string layers, bool withBiases)
    {
        const double learningRate = 0.3;
        var small = SmallNetworks.Get(name);
        var space = WeightSpace.Parse(small.Network, layers, withBiases);
        double[] direction = SmallNetwork.RandomDirection(space.Dimension, 2);
        using var landscape = Landscape.Of(small.Weights, small.Samples, space, LandscapePrecision.Double);
        foreach (string drawing in Drawings)
        {
            var sets = Draw(drawing, small.Samples.Count);
            var profiles = MinibatchProfiles.Along(landscape, direction, sets, Displacements, withSlopes: true);
            var temperature = ActiveTemperature.Of(profiles, learningRate);
            Assert.Equal((sets.Count, true), (profiles.Count, profiles.HasSlopes));
            Assert.Equal(Displacements, profiles.Displacements);
            for (int d = 0; d < Displacements.Length; d++)
            {
                using var moved = new TorchReference(small.Weights, small.Samples);
                moved.Move(space, direction, Displacements[d]);
                double[] losses = moved.Losses();
                double[] slopes = new double[sets.Count], means = new double[sets.Count];
                for (int minibatch = 0; minibatch < sets.Count; minibatch++)
                {
                    long[] batch = [.. sets.SamplesOf(minibatch).ToArray().Select(sample => (long)sample)];
                    slopes[minibatch] = moved.Slope(space, direction, batch);
                    means[minibatch] = batch.Average(sample => losses[sample]);
                    Close.Assert(means[minibatch], profiles.Loss(minibatch)[d], 1e-10, what: $"{drawing}: loss of minibatch {minibatch}");
                }

                double scale = slopes.Average(Math.Abs);       // a slope may happen to be next to nothing
                for (int minibatch = 0; minibatch < sets.Count; minibatch++)
                    Close.Assert(slopes[minibatch], profiles.Slope(minibatch)[d], 1e-10, scale, $"{drawing}: slope of minibatch {minibatch}");
                double square = slopes.Average(slope => Math.Pow(slope - slopes.Average(), 2));
                // Where there is one sample only, all slopes are equal and rounding is all there is.
                Close.Assert(learningRate / 2 * square, temperature.Temperature[d], 1e-9, 1e-6 * scale * scale, $"{drawing}: temperature");
                Close.Assert(means.Average(), temperature.Loss[d], 1e-10, what: $"{drawing}: loss");
            }
        }
    }

    /// <summary>Many blocks, samples sorted by class, strides of 64: the reducer against sums over every single sample of the same transect.</summary>
    [Theory, MemberData(nameof(Drawings))]
    public void On_the_fused_path_they_are_sums_over_the_samples(string drawing)
    {
        var small = SmallNetworks.Get("fc:11-66-3-17-10,bias");
        var space = WeightSpace.Of(small.Network, 2);
        double[] direction = SmallNetwork.RandomDirection(space.Dimension, 3);
        var sets = Draw(drawing, small.Samples.Count);
        using var landscape = Landscape.Of(small.Weights, small.Samples, space);
        Assert.Equal("fused", landscape.Path);
        var single = PerSample.Of(landscape, direction, Displacements, withSlopes: true);
        var profiles = MinibatchProfiles.Along(landscape, direction, sets, Displacements, withSlopes: true);
        var without = MinibatchProfiles.Along(landscape, direction, sets, Displacements);
        Assert.False(without.HasSlopes);
        for (int minibatch = 0; minibatch < sets.Count; minibatch++)
        {
            int[] samples = sets.SamplesOf(minibatch).ToArray();
            Assert.Equal(profiles.Loss(minibatch).ToArray(), without.Loss(minibatch).ToArray());
            for (int d = 0; d < Displacements.Length; d++)
            {
                // The same numbers summed in another order, in double.
                Close.Assert(samples.Average(sample => single.Losses[d][sample]), profiles.Loss(minibatch)[d], 1e-13);
                Close.Assert(samples.Average(sample => single.Slopes![d][sample]), profiles.Slope(minibatch)[d], 1e-13, samples.Average(sample => Math.Abs(single.Slopes![d][sample])));
            }
        }
    }

    [Fact]
    public void One_minibatch_of_all_samples_has_the_mean_profile()
    {
        var small = SmallNetworks.Get("fc:5-13-9-3");
        var space = WeightSpace.Of(small.Network, 2);
        double[] direction = SmallNetwork.RandomDirection(space.Dimension, 3);
        using var landscape = Landscape.Of(small.Weights, small.Samples, space);
        var whole = landscape.Profile(direction, Displacements, withSlopes: true);
        var profiles = MinibatchProfiles.Along(landscape, direction, MinibatchSets.Consecutive(97, 97), Displacements, withSlopes: true);
        Assert.Equal(1, profiles.Count);
        for (int d = 0; d < Displacements.Length; d++)
        {
            Close.Assert(whole.Loss[d], profiles.Loss(0)[d], 1e-13);   // one order of summation against another
            Close.Assert(whole.Slope![d], profiles.Slope(0)[d], 1e-12);
        }
    }

    [Fact]
    public void Measuring_leaves_no_tensor_alive()
    {
        var small = SmallNetworks.Get("fc:6-8-7-5,bias,tanh");
        var space = WeightSpace.Parse(small.Network, "all", withBiases: true);
        double[] direction = SmallNetwork.RandomDirection(space.Dimension, 1);
        var sets = MinibatchSets.Consecutive(small.Samples.Count, 20);
        using var landscape = Landscape.Of(small.Weights, small.Samples, space, LandscapePrecision.Double);
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        ActiveTemperature.Of(MinibatchProfiles.Along(landscape, direction, sets, Displacements, withSlopes: true), 0.1);
        MinibatchEnsemble.Measure(landscape, direction, sets);
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void Profiles_of_any_origin_are_kept_as_given()
    {
        double[] losses = [1, 2, 3, 4, 5, 6];
        var profiles = MinibatchProfiles.Of([0, 1, 2], losses, [-1, -2, -3, -4, -5, -6]);
        losses[3] = 0;
        Assert.Equal((2, true), (profiles.Count, profiles.HasSlopes));
        Assert.Equal([0, 1, 2], profiles.Displacements);
        Assert.Equal([4, 5, 6], profiles.Loss(1).ToArray());
        Assert.Equal([-1, -2, -3], profiles.Slope(0).ToArray());
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        var small = SmallNetworks.Get("fc:7-3");
        var space = WeightSpace.Of(small.Network, 1);
        double[] direction = SmallNetwork.RandomDirection(21, 1);
        using var landscape = Landscape.Of(small.Weights, small.Samples, space);
        var sets = MinibatchSets.Consecutive(64, 8);
        const string other = "The minibatches are drawn from 64 samples, but the landscape has 65.";
        Assert.Contains(other, Assert.Throws<ArgumentException>(() => MinibatchProfiles.Along(landscape, direction, sets, [0])).Message);
        Assert.Contains(other, Assert.Throws<ArgumentException>(() => ActiveTemperature.Along(landscape, Directions.Of(direction, 21), sets, 0.1, [0])).Message);
        Assert.Contains(other, Assert.Throws<ArgumentException>(() => MinibatchEnsemble.Along(landscape, Directions.Of(direction, 21), sets)).Message);
        Assert.Contains(other, Assert.Throws<ArgumentException>(() => MinibatchEnsemble.Measure(landscape, direction, sets)).Message);

        Assert.Contains("There must be at least one displacement.", Assert.Throws<ArgumentException>(() => MinibatchProfiles.Of([], [1])).Message);
        Assert.Contains("Losses at 3 displacements need a positive multiple of 3 numbers, but there are 4.", Assert.Throws<ArgumentException>(() => MinibatchProfiles.Of([0, 1, 2], [1, 2, 3, 4])).Message);
        Assert.Contains("but there are 0.", Assert.Throws<ArgumentException>(() => MinibatchProfiles.Of([0, 1, 2], [])).Message);
        Assert.Contains("There are 3 losses, but 2 slopes.", Assert.Throws<ArgumentException>(() => MinibatchProfiles.Of([0, 1, 2], [1, 2, 3], [1, 2])).Message);
        var profiles = MinibatchProfiles.Of([0], [1, 2]);
        Assert.Contains("These profiles hold no slopes. Measure them with slopes.", Assert.Throws<InvalidOperationException>(() => profiles.Slope(0).ToArray()).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => profiles.Loss(2).ToArray());
        Assert.Throws<ArgumentOutOfRangeException>(() => profiles.Loss(-1).ToArray());
        var many = MinibatchSets.WithReplacement(65, 1, 1000, new RandomStream(1, "sets"));
        Assert.Contains(
            "1000 minibatches at 2200000 displacements are 2200000000 numbers, more than the 2147483591 that an array holds. Take fewer displacements at a time.",
            Assert.Throws<ArgumentException>(() => new MinibatchProfileReducer(many, new double[2_200_000], false)).Message);
    }
}
