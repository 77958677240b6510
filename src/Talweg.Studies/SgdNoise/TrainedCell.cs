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

    /// <summary>The times of training at which the cell measures, as far as it came: evenly over ln update, which resolves the first epoch, and evenly over epochs, which resolves what follows.</summary>
    public IReadOnlyList<TrainingTime> Times => [
        .. UpdatesOf(Cell, Run.IterationsPerEpoch).Where(update => update <= (long)Run.Epochs.Count * Run.IterationsPerEpoch)
            .Select(update => new TrainingTime(update, null, () => Snapshots.LoadIteration(Context.Folder, update, Network))),
        .. Enumerable.Range(1, Run.Epochs.Count).Where(epoch => epoch % Math.Max(EpochStep(Cell), (Run.Epochs.Count + Cell.Times - 1) / Cell.Times) == 0)
            .Select(epoch => new TrainingTime((long)epoch * Run.IterationsPerEpoch, epoch, () => Snapshots.Load(Context.Folder, epoch, Network))),
    ];

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
            SnapshotEvery = EpochStep(cell),
            SnapshotIterations = UpdatesOf(cell, perEpoch),
        };
        return new(cell, context, data, Trainer.Run(plan, data, context.Folder, new(context.Threads, context.Progress, context.Cancellation)));
    }

    /// <summary>0, 1, and on to the last update evenly over ln update.</summary>
    private static long[] UpdatesOf(NoiseCell cell, int iterationsPerEpoch)
    {
        if (cell.Times == 0)
            return [];
        double last = (double)cell.MaxEpochs * iterationsPerEpoch;
        return [0, .. Enumerable.Range(0, cell.Times).Select(i => (long)Math.Round(Math.Pow(last, i / (cell.Times - 1.0)))).Distinct()];
    }

    /// <summary>Weights are kept at the end of every so many epochs: of every one where windows may end there, else of as many as there are times.</summary>
    private static int EpochStep(NoiseCell cell) => cell.WindowEpochs > 0 ? 1 : (cell.MaxEpochs + cell.Times - 1) / cell.Times;
}

/// <summary>A time of training and the weights then.</summary>
/// <param name="Update">Updates made so far.</param>
/// <param name="Epoch">The epoch that ends there, for times spread over epochs; null for those spread over ln update.</param>
/// <param name="Weights">Reads the weights.</param>
internal sealed record TrainingTime(long Update, int? Epoch, Func<DenseWeights> Weights);
