using Talweg.Landscapes;
using Talweg.Networks;
using Talweg.Training;
using Talweg.Trajectories;

namespace Talweg.Studies.SgdNoise;

/// <summary>One of the windows that follow one another up to the end of a recorded run, its modes, and the motion along them.</summary>
internal sealed record MotionWindow
{
    public required long FirstRow { get; init; }

    public required int Iterations { get; init; }

    /// <summary>The epoch at whose end w₀ is taken.</summary>
    public required int LastEpoch { get; init; }

    public required PrincipalModes Modes { get; init; }

    public required IReadOnlyList<ModeDrift> Drift { get; init; }

    public int Count => Modes.Count;

    /// <param name="trajectory">The recorded weights, ending with the last window.</param>
    /// <param name="run">The run that recorded them.</param>
    /// <param name="cell">How many windows of how many epochs, and how many modes.</param>
    /// <param name="index">Which of them, from 0.</param>
    public static MotionWindow Find(Trajectory trajectory, TrainingRun run, NoiseCell cell, int index)
    {
        int perEpoch = run.IterationsPerEpoch;
        long rows = (long)cell.WindowEpochs * perEpoch;
        long first = trajectory.Iterations - (cell.Windows - index) * rows;
        var window = trajectory.Slice(first, rows);
        var modes = PrincipalModes.Of(window, Math.Min(cell.Modes, Math.Min(window.Iterations, window.Dimension)));
        return new()
        {
            FirstRow = first,
            Iterations = window.Iterations,
            LastEpoch = run.FirstRecordedEpoch!.Value + (int)((first + rows) / perEpoch) - 1,
            Modes = modes,
            Drift = ModeDrift.OfModes(modes, window, perEpoch),
        };
    }

    /// <summary>w₀: the window's last weights.</summary>
    public DenseWeights Weights(TrainedCell cell) => Snapshots.Load(cell.Context.Folder, LastEpoch, cell.Network);

    /// <summary>pᵢ of the given ranks, which count from 1.</summary>
    public Directions Directions(IEnumerable<int> ranks) =>
        Landscapes.Directions.Of([.. ranks.SelectMany(rank => Modes.Direction(rank - 1).ToArray())], Modes.Dimension);
}
