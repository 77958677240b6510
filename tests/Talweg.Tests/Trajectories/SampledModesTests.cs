using Talweg.Trajectories;

namespace Talweg.Tests.Trajectories;

public sealed class SampledModesTests
{
    [Theory]
    [InlineData(40, 60)]
    [InlineData(60, 40)]
    public void Variances_are_all_there_and_directions_those_of_the_ranks(int iterations, int dimension)
    {
        var window = Windows.Noise(iterations, dimension, seed: 1);
        var all = PrincipalModes.Of(window);
        var some = SampledModes.Of(window, count => [1, 2, 5, 17, count]);
        Assert.Equal(all.Variances, some.Variances);
        Assert.Equal(all.Count, some.Count);
        Assert.Equal([1, 2, 5, 17, all.Count], some.Ranks);
        for (int k = 0; k < 5; k++)
        {
            var direction = all.Direction(some.Ranks[k] - 1);
            for (int j = 0; j < dimension; j++)
                Assert.Equal(direction[j], some.Directions[k * dimension + j], 1e-10);   // the last mode's variance is 1e-5 of the first's
        }
    }

    [Fact]
    public void Bad_input_is_refused()
    {
        var window = Windows.Noise(9, 4, seed: 1);
        string Message(params int[] ranks) => Assert.Throws<ArgumentException>(() => SampledModes.Of(window, _ => ranks)).Message;
        Assert.Contains("ascend between 1 and 4, the number of modes, but they are 1, 5", Message(1, 5));
        Assert.Contains("they are 0, 1", Message(0, 1));
        Assert.Contains("they are 2, 2", Message(2, 2));
        Assert.Contains("at least 2", Assert.Throws<InputException>(() => SampledModes.Of(Windows.Noise(1, 4, 1), _ => [1])).Message);
        Assert.Empty(SampledModes.Of(Windows.From(5, 3, (_, j) => j), _ => [1]).Ranks);
    }
}
