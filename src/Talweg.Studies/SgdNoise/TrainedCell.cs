using Talweg.Networks;
using Talweg.Studies.Running;
using Talweg.Training;

namespace Talweg.Studies.SgdNoise;

/// <summary>What the parts of the study share: a cell with its data, trained in its folder.</summary>
internal sealed class TrainedCell
{
    private TrainedCell(NoiseCell cell, CellContext context, TrainingData data, TrainingRun run)
    {
        Cell = cell;
        Context = context;
        Data = data;
        Run = run;
        Network = FullyConnected.Parse(cell.Network);
    }

    public NoiseCell Cell { get; }

    public CellContext Context { get; }

    public TrainingData Data { get; }

    public TrainingRun Run { get; }

    public FullyConnected Network { get; }

    public WorkOptions Work => new(Context.Threads, Context.Progress, Context.Cancellation);

    /// <summary>The times of the cell that training reached.</summary>
    public IEnumerable<long> Times => TimesOf(Cell, Run.IterationsPerEpoch).Where(time => time <= (long)Run.Epochs.Count * Run.IterationsPerEpoch);

    public static TrainedCell Train(NoiseCell cell, CellContext context, TrainingData data)
    {
        int perEpoch = data.Train.Count / cell.BatchSize;
        if (perEpoch < 2)
            throw new InputException("--set", "batch-size", $"{cell.BatchSize}", $"at most {data.Train.Count / 2}, half the training samples, so that an epoch has two iterations");
        bool records = cell.WindowEpochs > 0;
        var plan = new TrainingPlan
        {
            Network = FullyConnected.Parse(cell.Network),
            BatchSize = cell.BatchSize,
            LearningRate = cell.LearningRate,
            Seed = cell.Seed,
            MaxEpochs = cell.MaxEpochs,
            ExtraEpochs = records ? cell.Windows * cell.WindowEpochs : null,
            Recording = records ? Recording.Exploration : Recording.None,
            RecordedLayers = records ? [cell.Layer] : [],
            SnapshotEvery = records ? 1 : null,
            SnapshotIterations = TimesOf(cell, perEpoch),
        };
        return new(cell, context, data, Trainer.Run(plan, data, context.Folder, new(context.Threads, context.Progress, context.Cancellation)));
    }

    public DenseWeights WeightsAt(long iteration) => Snapshots.LoadIteration(Context.Folder, iteration, Network);

    /// <summary>Deletes the recorded and the kept weights, some hundred megabytes, once nothing needs them any more.</summary>
    public void DiscardWeights()
    {
        if (Run.TrajectoryPath is { } trajectory)
            File.Delete(trajectory);
        string snapshots = Context.File("snapshots");
        if (Directory.Exists(snapshots))
            Directory.Delete(snapshots, recursive: true);
    }

    /// <summary>0, 1, and on to the last iteration evenly over ln iteration.</summary>
    public static long[] TimesOf(NoiseCell cell, int iterationsPerEpoch)
    {
        if (cell.Times == 0)
            return [];
        double last = (double)cell.MaxEpochs * iterationsPerEpoch;
        return [0, .. Enumerable.Range(0, cell.Times).Select(i => (long)Math.Round(Math.Pow(last, i / (cell.Times - 1.0)))).Distinct()];
    }
}
