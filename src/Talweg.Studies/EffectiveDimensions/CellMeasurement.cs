using Talweg.Landscapes;
using Talweg.Networks;
using Talweg.Studies.Running;
using Talweg.Training;
using Talweg.Trajectories;

namespace Talweg.Studies.EffectiveDimensions;

/// <summary>Measures one cell: trains, finds the modes of the window after zero error, and the flatness along them and along those of the nulls.</summary>
/// <remarks>
/// Memory: the samples and their activations, the directions of the modes twice, and one surrogate window, 4·T·N bytes, at a time; the recorded
/// window stays on disk.
/// </remarks>
internal sealed class CellMeasurement(DimensionCell cell, CellContext context, TrainingData data)
{
    public const string ModesFile = "modes.parquet";
    public const string NullsFile = "nulls.parquet";

    private readonly FullyConnected _network = FullyConnected.Of(data.Train.Width, cell.Width, cell.Width, data.Train.Classes);

    private WorkOptions Work => new(context.Threads, context.Progress, context.Cancellation);

    public CellEnding Run()
    {
        int perEpoch = data.Train.Count / cell.BatchSize;
        if (perEpoch / cell.RecordEvery < 2 || perEpoch % cell.RecordEvery != 0)
            throw new InputException("--set", "record-every", $"{cell.RecordEvery}", $"a divisor of {perEpoch}, the iterations of an epoch, at most half of it");
        var run = Trainer.Run(Plan(), data, context.Folder, Work);
        if (run.Ending == Ending.Diverged || run.OnlyGuesses)
            return CellEnding.Failed(run.Verdict);
        using var trajectory = Trajectory.Open(run.TrajectoryPath!);
        return Measure(trajectory, run)
            ? CellEnding.Measured(run.Verdict)
            : CellEnding.Failed("no weight of layer 2 moves within the window, which has no modes then, and no dimension");
    }

    private TrainingPlan Plan() => new()
    {
        Network = _network,
        BatchSize = cell.BatchSize,
        LearningRate = cell.LearningRate,
        Seed = cell.Seed,
        MaxEpochs = cell.MaxEpochs,
        ExtraEpochs = cell.WindowEpochs,
        Recording = Recording.Exploration,
        RecordedLayers = [2],
        RecordEvery = cell.RecordEvery == 1 ? null : cell.RecordEvery,
    };

    /// <summary>False, and nothing is written, if nothing moves.</summary>
    private bool Measure(Trajectory trajectory, TrainingRun run)
    {
        int rowsPerEpoch = run.IterationsPerEpoch / cell.RecordEvery;
        int rows = cell.WindowEpochs * rowsPerEpoch;
        var window = trajectory.View(trajectory.Iterations - rows, rows);
        context.Progress.Report(new("principal modes", 0, 2));
        var modes = SampledModes.Of(window, count => EffectiveDimension.Sample(count, cell.AllModes, cell.SampledModes));
        if (modes.Count == 0)
            return false;
        context.Progress.Report(new("principal modes", 1, 2));
        var thinned = PrincipalModes.Of(trajectory.View(trajectory.Iterations - rows, rows, every: 2), 1);
        context.Progress.Report(new("principal modes", 2, 2));
        using var landscape = Landscape.Of(run.Weights, data.Train, WeightSpace.Of(_network, 2), threads: context.Threads);
        RowTable.Write(context.File(ModesFile), Rows(modes, landscape, (rank, variance, measured, flatness) =>
            new ModeRow { Rank = rank, Variance = variance, Measured = measured, Flatness = flatness }));
        RowTable.Write(context.File(NullsFile), [.. NullWindows.Names.SelectMany(name => MeasureSurrogate(name, window, rowsPerEpoch, landscape))]);
        new CellResult
        {
            ZeroErrorEpoch = run.ZeroErrorEpoch,
            Epochs = run.CompletedEpochs,
            TestError = run.Epochs[^1].TestError,
            Rows = rows,
            LossAtOrigin = landscape.LossAtOrigin,
            Norm = landscape.Norm,
            ThinnedLearningDimension90 = ExplainedVariance.Modes(thinned.Variances, 0.9),
            ThinnedLearningDimension99 = ExplainedVariance.Modes(thinned.Variances, 0.99),
        }.Write(context.File(CellResult.FileName));
        return true;
    }

    private SurrogateRow[] MeasureSurrogate(string name, IWindow window, int rowsPerEpoch, Landscape landscape)
    {
        var modes = SampledModes.Of(NullWindows.Draw(name, window, rowsPerEpoch, cell.Seed), count => EffectiveDimension.Sample(count, 1, cell.SampledModes));
        context.Cancellation.ThrowIfCancellationRequested();
        return Rows(modes, landscape, (rank, variance, measured, flatness) =>
            new SurrogateRow { Surrogate = name, Rank = rank, Variance = variance, Measured = measured, Flatness = flatness });
    }

    private TRow[] Rows<TRow>(SampledModes modes, Landscape landscape, Func<int, double, int, double?, TRow> row)
    {
        var found = EffectiveDimension.Measure(landscape, Directions.Of(modes.Directions, landscape.Space.Dimension), modes.Ranks, options: Work);
        var measured = found.Ranks.Zip(found.Flatness).ToDictionary(pair => pair.First, pair => pair.Second);
        return [.. modes.Variances.Select((variance, i) => row(i + 1, variance, measured.ContainsKey(i + 1) ? 1 : 0, measured.GetValueOrDefault(i + 1)))];
    }
}
