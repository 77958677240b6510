using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Talweg.Trajectories;

/// <summary>A window minus one row of weights, handed out in double precision block by block, so that never all of it is doubled.</summary>
internal sealed class CentredWindow(IWindow window, double[] origin)
{
    /// <summary>64 MiB of doubles; 256 MiB from disk, since a strip of columns is read in short pieces there: 11 kB of each of 12,000 rows.</summary>
    private readonly int _blockElements = window is Window ? 8 << 20 : 32 << 20;

    private readonly float[] _row = new float[window.Dimension];

    public int Iterations => window.Iterations;

    public int Dimension => window.Dimension;

    /// <exception cref="InputException">There are fewer than 2 iterations.</exception>
    public static void RequireMotion(IWindow window)
    {
        if (window.Iterations < 2)
            throw new InputException("the window of weights", "iterations", $"{window.Iterations}", "at least 2, for weights to vary");
    }

    /// <summary>⟨w⟩ [N] in double precision.</summary>
    /// <exception cref="InputException">A weight is not finite.</exception>
    public static double[] Mean(IWindow window)
    {
        double[] mean = new double[window.Dimension];
        float[] row = new float[window.Dimension];
        for (int t = 0; t < window.Iterations; t++)
        {
            window.Read(t, 0, row);
            for (int j = 0; j < mean.Length; j++)
                mean[j] += row[j];
        }
        for (int j = 0; j < mean.Length; j++)
        {
            if (!double.IsFinite(mean[j]))
                throw NotFinite(window, j);
            mean[j] /= window.Iterations;
        }
        return mean;
    }

    /// <summary>Calls <paramref name="use"/> with [rows, N] blocks and the first row of each; a block is overwritten by the next.</summary>
    public void ByRows(Action<Tensor, int> use)
    {
        int rows = Math.Clamp(_blockElements / Dimension, 1, Iterations);
        Blocks(Iterations, rows, [rows, Dimension], (block, first, count) =>
        {
            Fill(block, first, count, 0, Dimension);
            use(block.narrow(0, 0, count), first);
        });
    }

    /// <summary>Calls <paramref name="use"/> with [T, columns] blocks and the first column of each; a block is overwritten by the next.</summary>
    public void ByColumns(Action<Tensor, int> use)
    {
        int columns = Math.Clamp(_blockElements / Iterations, 1, Dimension);
        Blocks(Dimension, columns, [Iterations * (long)columns], (block, first, count) =>
        {
            Fill(block, 0, Iterations, first, count);
            use(block.narrow(0, 0, (long)Iterations * count).view(Iterations, count), first);
        });
    }

    private static void Blocks(int total, int size, long[] shape, Action<Tensor, int, int> use)
    {
        using var buffer = empty(shape, ScalarType.Float64);
        for (int first = 0; first < total; first += size)
        {
            using var scope = NewDisposeScope();
            use(buffer, first, Math.Min(size, total - first));
        }
    }

    private void Fill(Tensor block, int firstRow, int rows, int firstColumn, int columns)
    {
        var values = MemoryMarshal.Cast<byte, double>(block.bytes);
        var means = origin.AsSpan(firstColumn, columns);
        var source = _row.AsSpan(0, columns);
        for (int t = 0; t < rows; t++)
        {
            window.Read(firstRow + t, firstColumn, source);
            var target = values.Slice(t * columns, columns);
            for (int j = 0; j < target.Length; j++)
                target[j] = source[j] - means[j];
        }
    }

    private static InputException NotFinite(IWindow window, int weight)
    {
        float[] value = new float[1];
        int t = -1;
        do
            window.Read(++t, weight, value);
        while (float.IsFinite(value[0]));
        return new("the window of weights", $"iteration {t}, weight {weight}", $"{value[0]}",
            "a finite number; if the training has diverged, take a window that ends before");
    }
}
