using Talweg.Storage;
using Talweg.Studies.Running;
using Talweg.Trajectories;

namespace Talweg.Studies.InverseVarianceFlatness;

/// <summary>The motion in two planes of modes, thinned for the figures: mode 1 with 2, and 49 with 50.</summary>
internal static class DriftPlane
{
    public const string FileName = "motion.parquet";

    private const int MostPoints = 4000;

    /// <summary>Indices from 0 of the modes shown.</summary>
    private static readonly int[] Modes = [0, 1, 48, 49];

    public static void Write(CellContext context, WindowModes window, Trajectory trajectory)
    {
        var slice = trajectory.Slice(window.FirstRow, window.Iterations);
        int step = (window.Iterations + MostPoints - 1) / MostPoints;
        int[] rows = [.. Enumerable.Range(0, (window.Iterations + step - 1) / step).Select(i => i * step)];
        var columns = new List<Column> { new("epoch", [.. rows.Select(row => window.FirstEpoch - 1 + (row + 1.0) / window.IterationsPerEpoch)]) };
        foreach (int mode in Modes.Where(mode => mode < window.Modes.Count))
        {
            double[] projection = window.Modes.Projections(slice, mode);
            columns.Add(new($"mode_{mode + 1}", [.. rows.Select(row => projection[row])]));
        }

        ParquetTable.Write(context.File(FileName), columns);
    }
}
