using Talweg.Networks;
using Talweg.Statistics;
using Talweg.Studies.InverseVarianceFlatness;
using Talweg.Training;
using Talweg.Trajectories;

namespace Talweg.Studies.Tests.InverseVarianceFlatness;

/// <summary>Epochs 5 to 12 are recorded, of 7 iterations each; windows of 2 epochs are the last six of the eight.</summary>
public sealed class WindowModesTests : IDisposable
{
    private const int PerEpoch = 7;
    private const int RecordedEpochs = 8;
    private const int Length = 2 * PerEpoch;
    private const int Weights = 12;
    private const int Kept = 3;

    private readonly TemporaryFolder _folder = new();
    private readonly float[][] _rows = Rows();
    private readonly TrainingRun _run;

    public WindowModesTests()
    {
        var network = FullyConnected.Of(3, 4, 3);
        string path = _folder.File("trajectory.safetensors");
        using (var recorder = new TrajectoryRecorder(path, Weights))
        {
            foreach (float[] row in _rows)
                recorder.Record(row);
        }

        _run = new()
        {
            Plan = new() { Network = network, BatchSize = 1, LearningRate = 0.1, Seed = 1 },
            Ending = Ending.EpochLimit,
            Verdict = "",
            Epochs = [],
            CompletedEpochs = 0,
            ZeroErrorEpoch = null,
            Weights = DenseWeights.Draw(network, Initialisation.PyTorch, 1),
            IterationsPerEpoch = PerEpoch,
            TrajectoryPath = path,
            FirstRecordedEpoch = 5,
        };
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0, 7, 8, 14)]
    [InlineData(1, 9, 10, 28)]
    [InlineData(2, 11, 12, 42)]
    public void A_window_has_its_own_epochs_and_rows(int index, int firstEpoch, int lastEpoch, int firstRow)
    {
        using var trajectory = Trajectory.Open(_run.TrajectoryPath!);
        var found = WindowModes.Find(trajectory, _run, index, windowEpochs: 2, Kept);
        Assert.Equal((firstEpoch, lastEpoch, firstRow, Length, PerEpoch), (found.FirstEpoch, found.LastEpoch, found.FirstRow, found.Iterations, found.IterationsPerEpoch));
        float[][] rows = _rows[firstRow..(firstRow + Length)];
        double[] mean = [.. Enumerable.Range(0, Weights).Select(j => rows.Average(row => (double)row[j]))];
        Same(mean, found.Modes.Mean);
        Assert.Equal(Enumerable.Range(0, Weights).Sum(j => rows.Average(row => Math.Pow(row[j] - mean[j], 2))), found.Modes.Variances.Sum(), 1e-9);

        double[] p = Naive.FirstMode(rows);
        int orientation = found.Alignment.Orientation;
        Same(p, [.. found.Modes.Direction(0).ToArray().Select(x => x * orientation)]);
        Same([.. rows.Select(row => Along(p, row, mean))], [.. found.DriftProjection.Select(x => x * orientation)]);
        Assert.Equal(Math.Abs(Along(p, rows[^1], new double[Weights])) / Math.Sqrt(rows[^1].Sum(w => (double)w * w)), found.Alignment.Cosine!.Value, 1e-9);
        Assert.Equal(Kept, found.Drift.Count);
        Assert.Equal(Along(p, rows[^1], mean) - Along(p, rows[0], mean), found.Drift[0].Displacement * orientation, 1e-9);
        Assert.Equal((Length - 1) / PerEpoch, found.Drift[0].Epochs);
    }

    [Theory]
    [InlineData(0, 28)]
    [InlineData(1, 42)]
    public void Modes_are_held_out_in_the_next_window(int index, int nextRow)
    {
        using var trajectory = Trajectory.Open(_run.TrajectoryPath!);
        var found = WindowModes.Find(trajectory, _run, index, windowEpochs: 2, Kept);
        float[][] next = _rows[nextRow..(nextRow + Length)];
        Assert.Equal(Kept, found.HeldOutVariances.Length);
        Assert.Equal(Kept, found.HeldOutDrift.Count);
        for (int mode = 0; mode < Kept; mode++)
        {
            double[] p = found.Modes.Direction(mode).ToArray();
            double[] theta = [.. next.Select(row => Along(p, row, new double[Weights]))];
            Assert.Equal(theta.Average(x => Math.Pow(x - theta.Average(), 2)), found.HeldOutVariances[mode], 1e-9);
            Assert.Equal(theta[^1] - theta[0], found.HeldOutDrift[mode].Displacement, 1e-9);
        }
    }

    [Fact]
    public void The_last_window_holds_nothing_out()
    {
        using var trajectory = Trajectory.Open(_run.TrajectoryPath!);
        var found = WindowModes.Find(trajectory, _run, CellMeasurement.Windows - 1, windowEpochs: 2, Kept);
        Assert.Empty(found.HeldOutVariances);
        Assert.Empty(found.HeldOutDrift);
    }

    [Fact]
    public void No_more_modes_are_kept_than_there_are()
    {
        using var trajectory = Trajectory.Open(_run.TrajectoryPath!);
        Assert.Equal(Weights, WindowModes.Find(trajectory, _run, 1, windowEpochs: 2, 1000).Modes.Count);
        Assert.Equal(PerEpoch, WindowModes.Find(trajectory, _run, 1, windowEpochs: 1, 1000).Modes.Variances.Length);
    }

    /// <summary>A drift whose direction turns from window to window, under noise.</summary>
    private static float[][] Rows()
    {
        var random = new RandomStream(1, "window modes");
        return [.. Enumerable.Range(0, RecordedEpochs * PerEpoch).Select(t => Enumerable.Range(0, Weights)
            .Select(j => (float)(1 + 0.1 * j + 2 * Math.Sin(0.03 * t + j) + 0.1 * random.NextNormal())).ToArray())];
    }

    private static double Along(double[] p, float[] row, double[] mean) => Enumerable.Range(0, p.Length).Sum(j => p[j] * (row[j] - mean[j]));

    private static void Same(double[] expected, double[] found)
    {
        Assert.Equal(expected.Length, found.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], found[i], 1e-9);
    }
}
