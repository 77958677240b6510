using Talweg.Trajectories;

namespace Talweg.Tests.Trajectories;

public sealed class RecordedWindowTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"talweg-{Guid.NewGuid():N}.safetensors");

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void It_has_every_kth_row_of_its_stretch()
    {
        using var trajectory = Record(Windows.Noise(20, 5, seed: 1));
        var whole = trajectory.Slice(0, 20);
        var view = trajectory.View(3, 11, every: 4);
        Assert.Equal((3, 5, 3, 4), (view.Iterations, view.Dimension, view.First, view.Every));
        float[] part = new float[2];
        for (int t = 0; t < 3; t++)
        {
            view.Read(t, 2, part);
            Assert.Equal(whole.Row(3 + 4 * t).Slice(2, 2), part);
        }
        Assert.Throws<ArgumentOutOfRangeException>(() => view.Read(3, 0, part));
        Assert.Throws<ArgumentOutOfRangeException>(() => view.Read(0, 4, part));
        Assert.Throws<ArgumentOutOfRangeException>(() => trajectory.View(0, 4, every: 0));
        Assert.Contains("a request for 4 iterations from 17 on", Assert.Throws<InputException>(() => trajectory.View(17, 4)).Message);
    }

    [Theory]
    [InlineData(30, 50, PcaMethod.Gram)]
    [InlineData(50, 30, PcaMethod.Covariance)]
    [InlineData(30, 50, PcaMethod.Sketch)]
    [InlineData(50, 30, PcaMethod.Sketch)]
    public void Its_modes_are_those_of_the_same_rows_in_memory(int iterations, int dimension, PcaMethod method)
    {
        using var trajectory = Record(Windows.Noise(iterations, dimension, seed: 2));
        var options = new PcaOptions { Method = method };
        var fromDisk = PrincipalModes.Of(trajectory.View(0, iterations), 8, options);
        var inMemory = PrincipalModes.Of(trajectory.Slice(0, iterations), 8, options);
        Assert.Equal(inMemory.Variances, fromDisk.Variances);
        Assert.Equal(inMemory.Directions, fromDisk.Directions);
        Assert.Equal(inMemory.VariancesIn(trajectory.Slice(0, iterations)), fromDisk.VariancesIn(trajectory.View(0, iterations)));
        Assert.Equal(ModeDrift.OfModes(inMemory, trajectory.Slice(0, iterations), 5), ModeDrift.OfModes(fromDisk, trajectory.View(0, iterations), 5));
    }

    [Fact]
    public void A_weight_that_is_not_finite_is_named()
    {
        using var trajectory = Record(Windows.From(6, 4, (t, j) => t == 4 && j == 2 ? double.PositiveInfinity : t));
        Assert.Contains("iteration 2, weight 2: found", Assert.Throws<InputException>(() => PrincipalModes.Of(trajectory.View(0, 6, 2))).Message);
    }

    private Trajectory Record(Window window)
    {
        using (var recorder = new TrajectoryRecorder(_path, window.Dimension))
        {
            for (int t = 0; t < window.Iterations; t++)
                recorder.Record(window.Row(t));
        }
        return Trajectory.Open(_path);
    }
}
