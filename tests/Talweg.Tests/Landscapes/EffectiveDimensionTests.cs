using Talweg.Landscapes;
using Talweg.Networks;
using Talweg.Tests.Networks;

namespace Talweg.Tests.Landscapes;

public sealed class EffectiveDimensionTests
{
    [Fact]
    public void It_counts_the_modes_whose_valley_is_narrower_than_the_solution_is_long()
    {
        // Not steadily growing: the count goes on beyond the first crossing. An open side is no sharp valley.
        var dimension = EffectiveDimension.Of([1, 2, 3, 4, 5, 6], [0.5, 2, 0.9, null, 0.99, 1], threshold: 1, modes: 6);
        Assert.Equal((3, 3.0, 3, 1, false), (dimension.Sharp, dimension.Value, dimension.Most, dimension.Open, dimension.GoesOn));
    }

    [Fact]
    public void Modes_between_measured_ones_are_taken_from_their_neighbours()
    {
        // 1, 2 sharp; 3 to 5 between sharp ones; 6; 7 to 9 between a sharp and a flat one, so half of 3; 10; 11 and 12 beyond a flat one.
        var dimension = EffectiveDimension.Of([1, 2, 6, 10], [0.1, 0.2, 0.3, 5], threshold: 1, modes: 12);
        Assert.Equal((3, 7.5, 11), (dimension.Sharp, dimension.Value, dimension.Most));
        var goesOn = EffectiveDimension.Of([1, 2], [0.1, 0.2], threshold: 1, modes: 5);
        Assert.Equal((true, 5.0, 2, 5), (goesOn.GoesOn, goesOn.Value, goesOn.Sharp, goesOn.Most));
    }

    [Fact]
    public void Ranks_are_sampled_evenly_over_their_logarithm_beyond_the_first()
    {
        Assert.Equal([1, 2, 3, 4, 8, 16, 32], EffectiveDimension.Sample(32, all: 4, sampled: 3));
        Assert.Equal([1, 2, 3], EffectiveDimension.Sample(3, all: 10, sampled: 5));
        Assert.Equal([1, 2, 3, 4, 5], EffectiveDimension.Sample(5, all: 3, sampled: 9));
        Assert.Equal([1, 2], EffectiveDimension.Sample(9, all: 2, sampled: 0));
        Assert.Equal([1, 2, 4, 8, 16], EffectiveDimension.Sample(16, all: 1, sampled: 4));
        Assert.Equal([1, 3, 9], EffectiveDimension.Sample(9, all: 1, sampled: 2));
        Assert.Equal([1, 2, 5, 12], EffectiveDimension.Sample(12, all: 2, sampled: 2));         // 2 √6 = 4.9, to the nearest
        foreach (var (modes, all, sampled) in ((int, int, int)[])[(0, 1, 1), (1, 0, 1), (1, 1, -1)])
            Assert.Throws<ArgumentOutOfRangeException>(() => EffectiveDimension.Sample(modes, all, sampled));
    }

    /// <summary>Sharp is narrower than the solution is long; as wide is not.</summary>
    [Fact]
    public void A_valley_as_wide_as_the_threshold_is_not_sharp()
    {
        var dimension = EffectiveDimension.Of([1, 2, 3, 4], [0.5, 2, null, 1], threshold: 2, modes: 4);
        Assert.Equal((2, 2.0, true), (dimension.Sharp, dimension.Value, dimension.GoesOn));
        Assert.False(EffectiveDimension.Of([1, 2], [0.5, 2], threshold: 2, modes: 2).GoesOn);
        Assert.False(EffectiveDimension.Of([1, 2], [0.5, null], threshold: 2, modes: 2).GoesOn);
    }

    [Theory, MemberData(nameof(SmallNetworks.Names), MemberType = typeof(SmallNetworks))]
    public void It_is_what_flatness_says_mode_by_mode(string network)
    {
        var small = SmallNetworks.Get(network);
        var space = WeightSpace.Of(small.Network, 1);
        using var landscape = Landscape.Of(small.Weights, small.Samples, space);
        var directions = Directions.Of([.. Enumerable.Range(0, 5).SelectMany(seed => SmallNetwork.RandomDirection(space.Dimension, seed))], space.Dimension);
        var flatness = Flatness.Along(landscape, directions, new() { Fit = false });
        var every = EffectiveDimension.Measure(landscape, directions);
        Assert.Equal(flatness.Select(f => f.Value), every.Flatness);
        Assert.Equal(flatness.Count(f => f.Value < landscape.Norm), every.Sharp);
        Assert.Equal((every.Sharp, 5, landscape.Norm), ((int)every.Value, every.Modes, every.Threshold));
        var some = EffectiveDimension.Measure(landscape, directions, [1, 3, 4, 7, 8], 9);
        Assert.Equal((every.Sharp, 9), (some.Sharp, some.Modes));
        Assert.Equal(every.Flatness, some.Flatness);
    }

    [Fact]
    public void Bad_input_is_refused()
    {
        string Message(int[] ranks, double?[] flatness, int modes) => Assert.Throws<ArgumentException>(() => EffectiveDimension.Of(ranks, flatness, 1, modes)).Message;
        Assert.Contains("ascend from 1 to at most 3, the number of modes, but they are 2, 3", Message([2, 3], [1, 1], 3));
        Assert.Contains("they are 1, 3, 3", Message([1, 3, 3], [1, 1, 1], 3));
        Assert.Contains("they are 1, 4", Message([1, 4], [1, 1], 3));
        Assert.Contains("they are .", Message([], [], 3));
        Assert.Contains("2 ranks, but 1 values of flatness", Message([1, 2], [1], 3));
        Assert.Contains("must be a positive number", Assert.Throws<ArgumentOutOfRangeException>(() => EffectiveDimension.Of([1], [1], 0, 1)).Message);
    }
}
