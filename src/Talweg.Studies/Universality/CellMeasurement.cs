using Talweg.Data;
using Talweg.Landscapes;
using Talweg.Networks;
using Talweg.Studies.Running;
using Talweg.Training;
using Talweg.Trajectories;

namespace Talweg.Studies.Universality;

/// <summary>Measures one cell: trains, and for each layer finds the modes of the window after zero training error and the flatness along them.</summary>
/// <remarks>
/// A second window follows, in which the same modes' variances are held out. Memory: the samples, and of one layer at a time its part of one window, that
/// of a surrogate, and the matrix that is diagonalised.
/// </remarks>
internal sealed class CellMeasurement
{
    /// <summary>The one that is measured, and the one to hold out.</summary>
    public const int Windows = 2;

    private readonly UniversalityCell _cell;
    private readonly CellContext _context;
    private readonly TrainingData _data;
    private readonly Network _network;
    private readonly WeightSpace _recorded;
    private readonly LabelledSamples _landscapeSamples;

    public CellMeasurement(UniversalityCell cell, CellContext context, TrainingData data)
    {
        (_cell, _context, _data) = (cell, context, data);
        _network = Network.Parse(cell.Network);
        _recorded = WeightSpace.Of(_network, [.. cell.Layers]);
        _landscapeSamples = cell.LandscapeSamples == 0 ? data.Train : data.Train.First(Math.Min(cell.LandscapeSamples, data.Train.Count));
    }

    private WorkOptions Work => new(_context.Threads, _context.Progress, _context.Cancellation);

    public static string ModesFile(int layer) => $"layer-{layer}-modes.parquet";

    public static string NullsFile(int layer) => $"layer-{layer}-nulls.parquet";

    public CellEnding Run()
    {
        if (_data.Train.Count / _cell.BatchSize < 2)
            throw new InputException("--set", "batch-size", $"{_cell.BatchSize}", $"at most {_data.Train.Count / 2}, half the training samples, so that an epoch has two iterations");
        if (_data.Train.Width != _network.Inputs)
            throw new InputException("--set", _cell.Definition.InColour ? "colour-data" : "data", $"{_cell.Data}, images of {_data.Train.Width} numbers", $"images of {_network.Inputs}, as {_network} takes");
        var run = Trainer.Run(Plan(), _data, _context.Folder, Work);
        if (run.Ending == Ending.Diverged || run.OnlyGuesses)
            return CellEnding.Failed(run.Verdict);
        using var trajectory = Trajectory.Open(run.TrajectoryPath!);
        Measure(run, trajectory);
        return CellEnding.Measured(run.Verdict);
    }

    private TrainingPlan Plan() => new()
    {
        Network = _network,
        BatchSize = _cell.BatchSize,
        Optimizer = Optimizer.Parse(_cell.Optimizer),
        Seed = _cell.Seed,
        MaxEpochs = _cell.MaxEpochs,
        ExtraEpochs = Windows * _cell.WindowEpochs,
        Recording = Recording.Exploration,
        RecordedLayers = _cell.Layers,
        SnapshotEvery = 1,
    };

    private void Measure(TrainingRun run, Trajectory trajectory)
    {
        int rows = _cell.WindowEpochs * run.IterationsPerEpoch;
        long first = trajectory.Iterations - (long)Windows * rows;
        int firstEpoch = run.FirstRecordedEpoch!.Value + (int)(first / run.IterationsPerEpoch);
        var weights = Snapshots.Load(_context.Folder, firstEpoch + _cell.WindowEpochs - 1, _network);
        new CellResult
        {
            Ending = run.Ending,
            ZeroErrorEpoch = run.ZeroErrorEpoch,
            IterationsPerEpoch = run.IterationsPerEpoch,
            FirstEpoch = firstEpoch,
            Epochs = run.Epochs,
            Layers = [.. _cell.Layers.Select(layer => MeasureLayer(layer, trajectory, first, run.IterationsPerEpoch, weights))],
        }.Write(_context.File("result.json"));
    }

    private LayerResult MeasureLayer(int layer, Trajectory trajectory, long first, int perEpoch, NetworkWeights weights)
    {
        var columns = _recorded.Segments.Single(segment => segment.Layer == layer - 1);
        int stride = LayerWindow.Stride(columns.Length, perEpoch, _cell.WindowEpochs, _cell.Rows);
        int rows = _cell.WindowEpochs * perEpoch;
        _context.Progress.Report(new($"principal modes of layer {layer}", 0, 1));
        var window = LayerWindow.Read(trajectory, first, rows, stride, columns);
        var modes = Modes(window);
        double[] heldOut = modes.VariancesIn(LayerWindow.Read(trajectory, first + rows, rows, stride, columns));
        using var landscape = Landscape.Of(weights, _landscapeSamples, WeightSpace.Of(_network, layer), threads: _context.Threads);
        int[] ranks = Ranks(_cell.Ranks, modes.Count);
        var flatness = Along(landscape, modes, ranks);
        RowTable.Write<LayerModeRow>(_context.File(ModesFile(layer)),
        [
            .. Enumerable.Range(1, modes.Count).Select(rank => Array.IndexOf(ranks, rank) is >= 0 and var place
                ? Row(rank, flatness[place].Value, ValleySides.NotFound(flatness[place]))
                : Row(rank, null, null)),
        ]);
        RowTable.Write<LayerNullRow>(_context.File(NullsFile(layer)), [.. Nulls(landscape, window, perEpoch / stride)]);
        return new(layer, _network.WeightOf(layer - 1).Shape, stride, landscape.LossAtOrigin, landscape.Norm, landscape.Path);

        LayerModeRow Row(int rank, double? value, double? openSides) => new()
        {
            Rank = rank,
            Variance = modes.Variances[rank - 1],
            HeldOutVariance = heldOut[rank - 1],
            Flatness = value,
            OpenSides = openSides,
        };
    }

    private IEnumerable<LayerNullRow> Nulls(Landscape landscape, Window recorded, int perEpoch)
    {
        for (int index = 0; index < NullWindows.Names.Count; index++)
        {
            _context.Cancellation.ThrowIfCancellationRequested();
            var modes = Modes(NullWindows.Draw(NullWindows.Names[index], recorded, perEpoch, _cell.Seed));
            int[] ranks = Ranks(_cell.NullRanks, modes.Count);
            var flatness = Along(landscape, modes, ranks);
            for (int i = 0; i < ranks.Length; i++)
                yield return new() { Surrogate = NullWindows.Names[index], Rank = ranks[i], Variance = modes.Variances[ranks[i] - 1], Flatness = flatness[i].Value };
        }
    }

    private PrincipalModes Modes(Window window) => PrincipalModes.Of(window, Math.Min(_cell.Modes, Math.Min(window.Iterations, window.Dimension)));

    private IReadOnlyList<Flatness> Along(Landscape landscape, PrincipalModes modes, int[] ranks)
    {
        double[] chosen = [.. ranks.SelectMany(rank => modes.Direction(rank - 1).ToArray())];
        return Flatness.Along(landscape, Directions.Of(chosen, modes.Dimension), new() { Fit = false }, Work);
    }

    /// <summary>Ranks from 2 to <paramref name="last"/>: all, or so many evenly over ln rank.</summary>
    internal static int[] Ranks(int count, int last) => count >= last - 1 ? [.. Enumerable.Range(2, last - 1)] : NullWindows.Ranks(count, last);
}
