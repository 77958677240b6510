using Talweg.Continual;
using Talweg.Networks;
using Talweg.Tests.Networks;
using Talweg.Tests.Trajectories;
using Talweg.Trajectories;

namespace Talweg.Tests.Continual;

public sealed class TaskModesTests
{
    [Theory]
    [InlineData(3, 3)]
    [InlineData(1, 1)]
    [InlineData(100, 20)]
    public void As_many_modes_are_found_as_were_asked_for_or_as_there_are(int count, int found)
    {
        var network = FullyConnected.Of(5, 4);                                                 // 20 weights
        var weights = DenseWeights.Draw(network, Initialisation.PyTorch, 1);
        var window = Windows.Noise(50, 20, seed: 1);
        var task = new LearnedTask
        {
            Samples = SmallNetworks.Clouds(10, 5, 4, 1),
            Weights = weights,
            Start = weights,
            Space = WeightSpace.All(network),
            BatchSize = 5,
            Seed = 1,
            Window = window,
        };
        var modes = TaskModes.Of(task, count, measure: false, WorkOptions.Default);
        Assert.Equal((found, found), (modes.Directions.Count, modes.Variances.Count));
        Assert.Null(modes.Flatness);
        double[] all = PrincipalModes.Of(window).Variances;
        for (int i = 0; i < found; i++)
            Close.Assert(all[i], modes.Variances[i], 1e-9);
        Assert.Equal(weights.Tensors[0], modes.Centre);
        Assert.Equal(Math.Min(2, found), modes.First(2).Directions.Count);
        Assert.Equal(modes.Variances.Take(2), modes.First(2).Variances);
    }
}
