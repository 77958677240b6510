using Talweg.Data;
using Talweg.Networks;
using Talweg.Statistics;
using Talweg.Studies.Running;
using Talweg.Training;
using Talweg.Trajectories;

namespace Talweg.Studies.Tests;

/// <summary>A training that takes a moment, by a plan that the test writes out: what a cell of the same settings must have trained, iteration by iteration.</summary>
internal sealed class TinyRun : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <param name="plan">All iterations are recorded and all epochs' weights kept, whatever it says of that.</param>
    /// <param name="data">The samples.</param>
    public TinyRun(TrainingPlan plan, TrainingData data)
    {
        Run = Trainer.Run(plan with { Recording = Recording.All, SnapshotEvery = 1 }, data, _folder.Path, new(1));
        using var trajectory = Trajectory.Open(Run.TrajectoryPath!);
        Rows = [.. Enumerable.Range(0, (int)trajectory.Iterations).Select(t => trajectory.Slice(t, 1).Row(0).ToArray())];
    }

    public TrainingRun Run { get; }

    /// <summary>The recorded layers' weights after every iteration.</summary>
    public float[][] Rows { get; }

    /// <summary>The weights at the end of an epoch, from 1.</summary>
    public DenseWeights After(int epoch) => Snapshots.Load(_folder.Path, epoch, (FullyConnected)Run.Plan.Network);

    public void Dispose() => _folder.Dispose();

    /// <summary>Two sets of points around the unit vectors, one for each class; the test set's lie farther out, so that some of them are wrong.</summary>
    public static TrainingData Clouds(int width = 6, int classes = 4, int train = 60, int test = 50, double noise = 0.3)
    {
        var random = new RandomStream(1, "clouds");
        return new(Cloud(train, noise), Cloud(test, 0.8));

        LabelledSamples Cloud(int count, double spread)
        {
            int[] labels = [.. Enumerable.Range(0, count).Select(_ => random.Next(classes))];
            float[] inputs = [.. labels.SelectMany(label => Enumerable.Range(0, width).Select(i => (float)((i == label ? 1 : 0) + spread * random.NextNormal())))];
            return new(inputs, labels, width, classes);
        }
    }

    /// <summary>What a cell is given, its folder being one of the test's.</summary>
    public static CellContext Context(string folder) => new()
    {
        Folder = folder,
        Threads = 2,
        Progress = new Relay<WorkProgress>(_ => { }),
        Cancellation = TestContext.Current.CancellationToken,
    };
}
