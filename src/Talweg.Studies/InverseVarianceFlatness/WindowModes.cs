using Talweg.Landscapes;
using Talweg.Training;
using Talweg.Trajectories;

namespace Talweg.Studies.InverseVarianceFlatness;

/// <summary>One window's principal modes, the motion along them, and the same modes in the next window.</summary>
internal sealed record WindowModes
{
    /// <summary>The window's first epoch, counted from 1.</summary>
    public required int FirstEpoch { get; init; }

    public required int LastEpoch { get; init; }

    /// <summary>The trajectory's row at which the window begins.</summary>
    public required long FirstRow { get; init; }

    public required int Iterations { get; init; }

    public required int IterationsPerEpoch { get; init; }

    public required PrincipalModes Modes { get; init; }

    public required IReadOnlyList<ModeDrift> Drift { get; init; }

    /// <summary>θ₁(t).</summary>
    public required double[] DriftProjection { get; init; }

    /// <summary>p₁ against the window's last weights.</summary>
    public required WeightAlignment Alignment { get; init; }

    /// <summary>Empty for the last window.</summary>
    public required double[] HeldOutVariances { get; init; }

    public required IReadOnlyList<ModeDrift> HeldOutDrift { get; init; }

    public static WindowModes Find(Trajectory trajectory, TrainingRun run, int index, int windowEpochs, int wanted)
    {
        int perEpoch = run.IterationsPerEpoch;
        long rows = (long)windowEpochs * perEpoch;
        long first = trajectory.Iterations - (CellMeasurement.Windows - index) * rows;
        var window = trajectory.Slice(first, rows);
        var modes = PrincipalModes.Of(window, Math.Min(wanted, Math.Min(window.Iterations, window.Dimension)));
        int few = Math.Min(CellMeasurement.FewModes, modes.Count);
        int firstEpoch = run.FirstRecordedEpoch!.Value + (int)(first / perEpoch);
        var found = new WindowModes
        {
            FirstEpoch = firstEpoch,
            LastEpoch = firstEpoch + windowEpochs - 1,
            FirstRow = first,
            Iterations = window.Iterations,
            IterationsPerEpoch = perEpoch,
            Modes = modes,
            Drift = ModeDrift.OfModes(modes, window, perEpoch, few),
            DriftProjection = modes.Projections(window, 0),
            Alignment = WeightAlignment.Of(modes.Direction(0), window.Row(window.Iterations - 1)),
            HeldOutVariances = [],
            HeldOutDrift = [],
        };
        return index == CellMeasurement.Windows - 1 ? found : found.HeldOutIn(trajectory.Slice(first + rows, rows), few);
    }

    /// <summary>Measures the same modes in the next window, which is read only now: two windows at a time would take twice the memory.</summary>
    private WindowModes HeldOutIn(Window next, int few) => this with
    {
        HeldOutVariances = Modes.VariancesIn(next),
        HeldOutDrift = ModeDrift.OfModes(Modes, next, IterationsPerEpoch, few),
    };

    /// <summary>Directions of <paramref name="count"/> modes from index <paramref name="first"/> on.</summary>
    public Directions Directions(int first, int count) =>
        Landscapes.Directions.Of(Modes.Directions.AsSpan(first * Modes.Dimension, count * Modes.Dimension), Modes.Dimension);
}
