using Talweg.Landscapes;
using Talweg.Networks;
using Talweg.Noise;
using Talweg.Statistics;
using Talweg.Studies.Running;
using Talweg.Trajectories;

namespace Talweg.Studies.SgdNoise;

/// <summary>FT-11 to FT-14 in one cell: ensembles, temperatures and velocities along the modes of several windows.</summary>
/// <remarks>
/// Minibatches are one shuffled epoch of the training samples, the same for every direction. Memory: the samples, one window a thread and
/// its covariance matrix.
/// </remarks>
internal sealed class ModesMeasurement(TrainedCell trained)
{
    private const int ProfilePoints = 21;

    /// <summary>The mode whose minibatch profiles are kept for the figure; the paper shows i = 30.</summary>
    public const int ShownMode = 30;

    /// <summary>The mode whose temperature profile is followed through training; the paper shows i = 10.</summary>
    public const int FollowedMode = 10;

    /// <summary>Modes whose temperature is followed through training, and whose profiles are kept.</summary>
    public static readonly int[] FollowedModes = [1, 2, FollowedMode, 30, 100];

    private const int MinibatchesShown = 12;

    private readonly WeightSpace _space = WeightSpace.Of(trained.Network, trained.Cell.Layer);

    private readonly MinibatchSets _sets = MinibatchSets.Shuffled(trained.Data.Train.Count, trained.Cell.BatchSize, new RandomStream(trained.Cell.Seed, "noise/minibatches"));

    private NoiseCell Cell => trained.Cell;

    private CellContext Context => trained.Context;

    public static string MotionFile(int window) => $"window-{window + 1}-motion.parquet";

    public static string EnsembleFile(int window) => $"window-{window + 1}-ensemble.parquet";

    public void Run()
    {
        using var trajectory = Trajectory.Open(trained.Run.TrajectoryPath!);
        var windows = FindModes(trajectory);
        var flatness = windows.Select(MeasureWindow).ToArray()[Cell.Windows / 2];
        var middle = windows[Cell.Windows / 2];
        using (var landscape = LandscapeAt(middle.Weights(trained)))
        {
            MeasureTemperatures(landscape, middle, flatness);
            RowTable.Write(Context.File("nulls.parquet"), [.. Enumerable.Range(0, NullWindows.Names.Count).SelectMany(index => MeasureNull(landscape, trajectory, middle, index))]);
        }

        FollowTemperatures(middle, flatness);
    }

    private MotionWindow[] FindModes(Trajectory trajectory)
    {
        var windows = new MotionWindow[Cell.Windows];
        int done = 0;
        Context.Progress.Report(new("principal modes", 0, windows.Length));
        Parallel.For(0, windows.Length, new ParallelOptions { MaxDegreeOfParallelism = Context.Threads, CancellationToken = Context.Cancellation }, index =>
        {
            TorchThreads.One();
            windows[index] = MotionWindow.Find(trajectory, trained.Run, Cell, index);
            Context.Progress.Report(new("principal modes", Interlocked.Increment(ref done), windows.Length));
        });
        return windows;
    }

    private Landscape LandscapeAt(DenseWeights weights) => Landscape.Of(weights, trained.Data.Train, _space, threads: Context.Threads);

    /// <summary>Motion and flatness of all modes, the latter returned; the ensemble of all of them in the middle window, of a few in the others.</summary>
    private IReadOnlyList<Flatness> MeasureWindow(MotionWindow window, int index)
    {
        using var landscape = LandscapeAt(window.Weights(trained));
        int[] all = [.. Enumerable.Range(1, window.Count)];
        int[] ranks = index == Cell.Windows / 2 ? all : [1, .. NullWindows.Ranks(Cell.FewModes, window.Count)];
        var flatness = Flatness.Along(landscape, window.Directions(all), FlatnessOptions.Default, trained.Work);
        RowTable.Write(Context.File(MotionFile(index)), [.. all.Select(rank => Motion(rank, window, flatness[rank - 1]))]);
        var ensembles = MinibatchEnsemble.Along(landscape, window.Directions(ranks), _sets, trained.Work);
        RowTable.Write(Context.File(EnsembleFile(index)), [.. ranks.Select((rank, i) => EnsembleRows.Of(rank, ensembles[i], Cell.LearningRate))]);
        if (index != Cell.Windows / 2)
            return flatness;
        WriteValleys(ensembles[Math.Min(ShownMode, window.Count) - 1]);
        WriteProfiles(landscape, window, flatness);
        return flatness;
    }

    private static MotionRow Motion(int rank, MotionWindow window, Flatness flatness)
    {
        var drift = window.Drift[rank - 1];
        return new()
        {
            Rank = rank,
            Variance = window.Modes.Variances[rank - 1],
            Flatness = flatness.Value,
            VelocityVariance = drift.VelocityVariance,
            VelocityVarianceError = drift.VelocityVarianceError,
            CorrelationTime = drift.CorrelationTime,
            CorrelationTimeError = drift.CorrelationTimeError,
            MeanVelocity = drift.MeanVelocity,
        };
    }

    /// <summary>Every minibatch's own valley along one mode.</summary>
    private void WriteValleys(MinibatchEnsemble ensemble) => RowTable.Write(Context.File("minibatch-valleys.parquet"), [.. ensemble.Valleys.Select((valley, minibatch) => new ValleyRow
    {
        Minibatch = minibatch,
        Minimum = valley?.Minimum,
        Curvature = valley?.Curvature,
        LossAtOrigin = ensemble.LossesAtOrigin[minibatch],
    })]);

    /// <summary>A few minibatches' profiles along one mode, over twice its valley.</summary>
    private void WriteProfiles(Landscape landscape, MotionWindow window, IReadOnlyList<Flatness> flatness)
    {
        int rank = Math.Min(ShownMode, window.Count);
        if (flatness[rank - 1] is not { Left: { } left, Right: { } right })
        {
            RowTable.Write<ProfileRow>(Context.File("minibatch-profiles.parquet"), []);
            return;
        }

        double[] points = MathNet.Numerics.Generate.LinearSpaced(2 * ProfilePoints - 1, 2 * left, 2 * right);
        var profiles = MinibatchProfiles.Along(landscape, window.Modes.Direction(rank - 1), _sets, points, withSlopes: false);
        var mean = landscape.Profile(window.Modes.Direction(rank - 1), points);
        IEnumerable<ProfileRow> Rows(int minibatch, IEnumerable<double> losses) =>
            losses.Zip(points, (loss, point) => new ProfileRow { Minibatch = minibatch, Displacement = point, Loss = loss });
        RowTable.Write(Context.File("minibatch-profiles.parquet"), [
            .. Rows(-1, mean.Loss),
            .. Enumerable.Range(0, Math.Min(MinibatchesShown, profiles.Count)).SelectMany(minibatch => Rows(minibatch, profiles.Loss(minibatch).ToArray())),
        ]);
    }

    /// <summary>T at the origin of every mode, and its profile over the valley of a few.</summary>
    private void MeasureTemperatures(Landscape landscape, MotionWindow window, IReadOnlyList<Flatness> flatness)
    {
        int[] all = [.. Enumerable.Range(1, window.Count)];
        long iteration = (long)window.LastEpoch * trained.Run.IterationsPerEpoch;
        var origin = ActiveTemperature.Along(landscape, window.Directions(all), _sets, Cell.LearningRate, [0], trained.Work);
        RowTable.Write(Context.File("temperatures.parquet"), [.. all.SelectMany(rank => Rows(iteration, rank, origin[rank - 1]))]);
        var profiles = new List<TemperatureRow>();
        foreach (int rank in FollowedModes.Where(rank => rank <= window.Count))
        {
            if (flatness[rank - 1] is not { Left: { } left, Right: { } right })
                continue;
            double[] points = MathNet.Numerics.Generate.LinearSpaced(ProfilePoints, 2 * left, 2 * right);
            profiles.AddRange(Rows(iteration, rank, ActiveTemperature.Along(landscape, window.Directions([rank]), _sets, Cell.LearningRate, points, trained.Work)[0]));
        }

        RowTable.Write(Context.File("temperature-profiles.parquet"), profiles);
    }

    /// <summary>T of the middle window's modes at the weights of many times of training.</summary>
    /// <remarks>Displacements reach over half the flatness of the followed mode, so that profiles of all times share them; over 1 where its valley is open.</remarks>
    private void FollowTemperatures(MotionWindow window, IReadOnlyList<Flatness> flatness)
    {
        int[] ranks = [.. FollowedModes.Where(rank => rank <= window.Count)];
        var directions = window.Directions(ranks);
        double reach = flatness[Math.Min(FollowedMode, window.Count) - 1].Value / 2 ?? 1;
        double[] points = MathNet.Numerics.Generate.LinearSpaced(ProfilePoints, -reach, reach);
        var times = trained.Times;
        var rows = new List<TemperatureRow>();
        for (int i = 0; i < times.Count; i++)
        {
            Context.Cancellation.ThrowIfCancellationRequested();
            Context.Progress.Report(new("temperatures over training", i, times.Count));
            using var landscape = LandscapeAt(times[i].Weights());
            var profiles = ActiveTemperature.Along(landscape, directions, _sets, Cell.LearningRate, points, new(Context.Threads, null, Context.Cancellation));
            rows.AddRange(ranks.SelectMany((rank, k) => Rows(times[i].Update, rank, profiles[k], times[i].Epoch)));
        }

        RowTable.Write(Context.File("temperatures-over-training.parquet"), rows);
    }

    private static IEnumerable<TemperatureRow> Rows(long iteration, int rank, ActiveTemperature profile, int? epoch = null) =>
        profile.Displacements.Select((displacement, d) => new TemperatureRow
        {
            Iteration = iteration,
            Epoch = epoch,
            Rank = rank,
            Displacement = displacement,
            Temperature = profile.Temperature[d],
            StandardError = profile.StandardError?[d],
            Loss = profile.Loss[d],
        });

    /// <summary>The surrogate's own modes: their velocities, and the flatness of the real landscape along some of them.</summary>
    private IEnumerable<SurrogateRow> MeasureNull(Landscape landscape, Trajectory trajectory, MotionWindow window, int index)
    {
        TorchThreads.One();
        Context.Progress.Report(new("null surrogates", index, NullWindows.Names.Count));
        var surrogate = NullWindows.Draw(NullWindows.Names[index], trajectory.Slice(window.FirstRow, window.Iterations), trained.Run.IterationsPerEpoch, Cell.Seed);
        var modes = PrincipalModes.Of(surrogate, window.Count);
        int[] ranks = NullWindows.Ranks(Cell.FewModes, modes.Count);
        double[] chosen = [.. ranks.SelectMany(rank => modes.Direction(rank - 1).ToArray())];
        var flatness = Flatness.Along(landscape, Directions.Of(chosen, modes.Dimension), new() { Fit = false }, trained.Work);
        var drift = ModeDrift.OfModes(modes, surrogate, trained.Run.IterationsPerEpoch);
        return ranks.Select((rank, i) => new SurrogateRow
        {
            Surrogate = NullWindows.Names[index],
            Rank = rank,
            Flatness = flatness[i].Value,
            VelocityVariance = drift[rank - 1].VelocityVariance,
            CorrelationTime = drift[rank - 1].CorrelationTime,
        });
    }
}
