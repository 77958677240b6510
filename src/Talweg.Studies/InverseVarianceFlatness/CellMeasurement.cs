using Talweg.Landscapes;
using Talweg.Networks;
using Talweg.Studies.Running;
using Talweg.Training;
using Talweg.Trajectories;

namespace Talweg.Studies.InverseVarianceFlatness;

/// <summary>Measures one cell: trains, finds the modes of three windows, and looks at the landscape along them.</summary>
/// <remarks>
/// The middle window is the one that findings speak of; the first and the third tell how much depends on when the window starts, and
/// the third holds out the middle one's modes. Memory: the samples, one window a thread and its covariance matrix.
/// </remarks>
internal sealed class CellMeasurement
{
    /// <summary>Windows that follow one another.</summary>
    public const int Windows = 3;

    /// <summary>The one that findings speak of.</summary>
    public const int Middle = 1;

    /// <summary>Modes that every window is measured along; the claims are about modes up to 200.</summary>
    public const int FewModes = 200;

    private readonly VarianceFlatnessCell _cell;
    private readonly CellContext _context;
    private readonly TrainingData _data;
    private readonly FullyConnected _network;
    private readonly WeightSpace _space;

    public CellMeasurement(VarianceFlatnessCell cell, CellContext context, TrainingData data)
    {
        _cell = cell;
        _context = context;
        _data = data;
        _network = FullyConnected.Parse(cell.Network);
        _space = WeightSpace.Of(_network, cell.Layer);
    }

    public static string ModesFile(int window) => $"window-{window + 1}-modes.parquet";

    public CellEnding Run()
    {
        if (_data.Train.Count / _cell.BatchSize < 2)
            throw new InputException("--set", "batch-sizes", $"{_cell.BatchSize}", $"at most {_data.Train.Count / 2}, half the training samples, so that an epoch has two iterations");
        var run = Trainer.Run(Plan(), _data, _context.Folder, Work);
        if (run.Ending == Ending.Diverged || run.OnlyGuesses)
            return CellEnding.Failed(run.Verdict);
        using var trajectory = Trajectory.Open(run.TrajectoryPath!);
        var windows = FindModes(trajectory, run);
        var results = windows.Select((window, index) => MeasureLandscape(window, index)).ToArray();
        NullTable.Measure(_cell, windows[Middle], trajectory, WeightsAtEnd(windows[Middle]), _space, _data.Train, Work).Write(_context.File(NullTable.FileName));
        DriftPlane.Write(_context, windows[Middle], trajectory);
        new CellResult
        {
            Ending = run.Ending,
            ZeroErrorEpoch = run.ZeroErrorEpoch,
            IterationsPerEpoch = run.IterationsPerEpoch,
            Epochs = run.Epochs,
            Windows = results,
            Drift = [.. windows.SelectMany((window, index) => Drift(window, index, run))],
        }.Write(_context.File("result.json"));
        return CellEnding.Measured(run.Verdict);
    }

    private WorkOptions Work => new(_context.Threads, _context.Progress, _context.Cancellation);

    private TrainingPlan Plan() => new()
    {
        Network = _network,
        BatchSize = _cell.BatchSize,
        LearningRate = _cell.LearningRate,
        Seed = _cell.Seed,
        Drawing = _cell.Drawing,
        MaxEpochs = _cell.MaxEpochs,
        ExtraEpochs = Windows * _cell.WindowEpochs,
        Recording = Recording.Exploration,
        RecordedLayers = [_cell.Layer],
        SnapshotEvery = 1,
    };

    /// <summary>The windows' modes and their motion, several windows at once where there are threads for it.</summary>
    private WindowModes[] FindModes(Trajectory trajectory, TrainingRun run)
    {
        var windows = new WindowModes[Windows];
        int done = 0;
        _context.Progress.Report(new("principal modes", 0, Windows));
        Parallel.For(0, Windows, new ParallelOptions { MaxDegreeOfParallelism = _context.Threads, CancellationToken = _context.Cancellation }, index =>
        {
            TorchThreads.One();
            int wanted = index == Middle ? Math.Max(_cell.Modes, FewModes) : FewModes;
            windows[index] = WindowModes.Find(trajectory, run, index, _cell.WindowEpochs, wanted);
            _context.Progress.Report(new("principal modes", Interlocked.Increment(ref done), Windows));
        });
        return windows;
    }

    private DenseWeights WeightsAtEnd(WindowModes window) => Snapshots.Load(_context.Folder, window.LastEpoch, _network);

    private WindowResult MeasureLandscape(WindowModes window, int index)
    {
        var weights = WeightsAtEnd(window);
        using var landscape = Landscape.Of(weights, _data.Train, _space, threads: _context.Threads);
        bool middle = index == Middle;
        int few = Math.Min(FewModes, window.Modes.Count);
        var directions = window.Directions(0, few);
        var fitted = Flatness.Along(landscape, directions, FlatnessOptions.Default, Work);
        int more = middle ? Math.Min(_cell.Modes, window.Modes.Count) - few : 0;
        var rest = more > 0 ? Flatness.Along(landscape, window.Directions(few, more), new() { Fit = false }, Work) : [];
        var level2 = middle ? Flatness.Along(landscape, directions, new() { Level = 2, Fit = false }, Work) : [];
        var aroundMean = middle ? FlatnessAroundMean(window, weights, directions) : [];
        Tabulate(window, [.. fitted, .. rest], level2, aroundMean).Write(_context.File(ModesFile(index)));
        var driftMode = DriftModeMeasurement.Run(landscape, window, weights, _data.Train.First(Math.Min(_cell.MarginSamples, _data.Train.Count)), middle ? _context : null);
        if (middle)
            ProfileTable.Write(_context.File(ProfileTable.FileName), landscape, window, fitted, Work);
        return new()
        {
            FirstEpoch = window.FirstEpoch,
            LastEpoch = window.LastEpoch,
            LossAtOrigin = landscape.LossAtOrigin,
            Norm = landscape.Norm,
            Alignment = window.Alignment.Cosine,
            DriftMode = driftMode,
        };
    }

    private IReadOnlyList<Flatness> FlatnessAroundMean(WindowModes window, DenseWeights weights, Directions directions)
    {
        using var landscape = Landscape.Of(_space.With(weights, [.. window.Modes.Mean.Select(w => (float)w)]), _data.Train, _space, threads: _context.Threads);
        return Flatness.Along(landscape, directions, new() { Fit = false }, Work);
    }

    private static ModeTable Tabulate(WindowModes window, IReadOnlyList<Flatness> flatness, IReadOnlyList<Flatness> level2, IReadOnlyList<Flatness> aroundMean)
    {
        int count = window.Modes.Variances.Length;
        return new()
        {
            Variance = window.Modes.Variances,
            HeldOutVariance = Pad(window.HeldOutVariances.Select(v => (double?)v), count),
            Flatness = Pad(flatness.Select(f => f.Value), count),
            OpenSides = Pad(flatness.Select(f => (double?)ValleySides.NotFound(f)), count),
            FitFlatness = Pad(flatness.Select(f => f.FitFlatness), count),
            FitRSquared = Pad(flatness.Select(f => f.FitRSquared), count),
            FlatnessAtLevel2 = Pad(level2.Select(f => f.Value), count),
            FlatnessAroundMean = Pad(aroundMean.Select(f => f.Value), count),
            Straightness = Pad(window.Drift.Select(d => d.Straightness), count),
            Persistence = Pad(window.Drift.Select(d => d.DisplacementCorrelation), count),
            CorrelationTime = Pad(window.Drift.Select(d => d.CorrelationTime), count),
            HeldOutStraightness = Pad(window.HeldOutDrift.Select(d => d.Straightness), count),
            HeldOutPersistence = Pad(window.HeldOutDrift.Select(d => d.DisplacementCorrelation), count),
        };
    }

    private static double?[] Pad(IEnumerable<double?> values, int count)
    {
        var padded = new double?[count];
        values.Take(count).ToArray().CopyTo(padded, 0);
        return padded;
    }

    private static IEnumerable<EpochDrift> Drift(WindowModes window, int index, TrainingRun run)
    {
        int perEpoch = run.IterationsPerEpoch;
        for (int e = 0; e <= window.LastEpoch - window.FirstEpoch; e++)
        {
            int epoch = window.FirstEpoch + e;
            int first = Math.Max(e * perEpoch - 1, 0);
            int last = (e + 1) * perEpoch - 1;
            double velocity = window.Alignment.Orientation * (window.DriftProjection[last] - window.DriftProjection[first]) / (last - first);
            yield return new(epoch, index, velocity, Math.Sqrt(run.Epochs[Math.Max(epoch - 2, 0)].TrainLoss * run.Epochs[epoch - 1].TrainLoss));
        }
    }
}
