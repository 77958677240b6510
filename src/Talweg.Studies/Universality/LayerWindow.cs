using Talweg.Networks;
using Talweg.Trajectories;

namespace Talweg.Studies.Universality;

/// <summary>One layer's part of a recorded window: of the file's rows every stride-th, of its columns the layer's.</summary>
internal static class LayerWindow
{
    /// <summary>Rows from one kept to the next: 1 where the layer has at most <paramref name="most"/> weights, else the least that divides an epoch and leaves at most as many rows.</summary>
    /// <remarks>The covariance matrix of a small layer is small whatever T; that of a wide one is replaced by the rows' Gram matrix, whose size is T.</remarks>
    public static int Stride(int weights, int iterationsPerEpoch, int epochs, int most)
    {
        if (weights <= most)
            return 1;
        int fit = Enumerable.Range(1, iterationsPerEpoch / 2).FirstOrDefault(stride => iterationsPerEpoch % stride == 0 && iterationsPerEpoch / stride * epochs <= most);
        return Math.Max(fit, 1);
    }

    /// <summary>Reads the window of <paramref name="count"/> rows from <paramref name="first"/> on; the last row is always kept.</summary>
    /// <param name="trajectory">All recorded layers.</param>
    /// <param name="first">The window's first row.</param>
    /// <param name="count">Its rows, a multiple of <paramref name="stride"/>.</param>
    /// <param name="stride">From one kept row to the next.</param>
    /// <param name="columns">The layer's place in a row.</param>
    public static Window Read(Trajectory trajectory, long first, int count, int stride, WeightSpace.Segment columns)
    {
        var thinned = trajectory.View(first + stride - 1, count - stride + 1, stride);
        var rows = new float[checked(thinned.Iterations * columns.Length)];
        for (int i = 0; i < thinned.Iterations; i++)
            thinned.Read(i, columns.Start, rows.AsSpan(i * columns.Length, columns.Length));
        return new(rows, thinned.Iterations, columns.Length);
    }
}
