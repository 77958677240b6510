using Talweg.Landscapes;
using Talweg.Networks;
using Talweg.Tests.Networks;

namespace Talweg.Tests.Landscapes;

public sealed class GroupedProfileReducerTests
{
    private static readonly double[] Displacements = [0.4, -1.2, 0, 2];

    /// <summary>Sizes that divide the samples and that leave some over, against sums over a plain forward pass in file order.</summary>
    [Theory]
    [InlineData(LandscapePrecision.Single, 10, 1e-5)]
    [InlineData(LandscapePrecision.Single, 7, 1e-5)]
    [InlineData(LandscapePrecision.Double, 7, 1e-10)]
    [InlineData(LandscapePrecision.Double, 1, 1e-10)]
    [InlineData(LandscapePrecision.Double, 330, 1e-10)]
    public void Losses_are_means_over_consecutive_samples(LandscapePrecision precision, int groups, double relative)
    {
        var small = SmallNetworks.Get("fc:11-66-3-17-10,bias");   // 330 samples: 10 of 33; 7 of 47, one left over
        var space = WeightSpace.Of(small.Network, 2);
        double[] direction = SmallNetwork.RandomDirection(space.Dimension, 6);
        var reducer = new GroupedProfileReducer(Displacements.Length, small.Samples.Count, groups);
        using (var landscape = Landscape.Of(small.Weights, small.Samples, space, precision))
            landscape.Sweep(direction, Displacements, withSlopes: false, reducer);
        Assert.Equal(groups, reducer.Groups);
        int size = small.Samples.Count / groups;
        for (int d = 0; d < Displacements.Length; d++)
        {
            using var moved = new TorchReference(small.Weights, small.Samples);
            moved.Move(space, direction, Displacements[d]);
            double[] losses = moved.Losses();
            for (int group = 0; group < groups; group++)
            {
                double sum = 0;
                for (int sample = group * size; sample < (group + 1) * size; sample++)
                    sum += losses[sample];
                Close.Assert(sum / size, reducer.Loss(group)[d], relative, scale: losses.Average(), $"group {group} at {Displacements[d]}");
            }
        }
    }

    [Fact]
    public void Groups_without_samples_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new GroupedProfileReducer(3, 10, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new GroupedProfileReducer(3, 10, 11));
    }
}
