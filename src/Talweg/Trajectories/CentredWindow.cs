using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Talweg.Trajectories;

/// <summary>A window minus one row of weights, handed out in double precision block by block, so that never all of it is doubled.</summary>
internal sealed class CentredWindow(Window window, double[] origin)
{
    private const int BlockElements = 8 << 20;   // 64 MiB of doubles

    /// <exception cref="InputException">There are fewer than 2 iterations.</exception>
    public static void RequireMotion(Window window)
    {
        if (window.Iterations < 2)
            throw new InputException("the window of weights", "iterations", $"{window.Iterations}", "at least 2, for weights to vary");
    }

    /// <summary>⟨w⟩ [N] in double precision.</summary>
    /// <exception cref="InputException">A weight is not finite.</exception>
    public static double[] Mean(Window window)
    {
        double[] mean = new double[window.Dimension];
        for (int t = 0; t < window.Iterations; t++)
        {
            var row = window.Row(t);
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
        int rows = Math.Clamp(BlockElements / window.Dimension, 1, window.Iterations);
        Blocks(window.Iterations, rows, [rows, window.Dimension], (block, first, count) =>
        {
            Fill(block, first, count, 0, window.Dimension);
            use(block.narrow(0, 0, count), first);
        });
    }

    /// <summary>Calls <paramref name="use"/> with [T, columns] blocks and the first column of each; a block is overwritten by the next.</summary>
    public void ByColumns(Action<Tensor, int> use)
    {
        int columns = Math.Clamp(BlockElements / window.Iterations, 1, window.Dimension);
        Blocks(window.Dimension, columns, [window.Iterations * (long)columns], (block, first, count) =>
        {
            Fill(block, 0, window.Iterations, first, count);
            use(block.narrow(0, 0, (long)window.Iterations * count).view(window.Iterations, count), first);
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
        for (int t = 0; t < rows; t++)
        {
            var source = window.Row(firstRow + t).Slice(firstColumn, columns);
            var target = values.Slice(t * columns, columns);
            for (int j = 0; j < target.Length; j++)
                target[j] = source[j] - means[j];
        }
    }

    private static InputException NotFinite(Window window, int weight)
    {
        int t = 0;
        while (float.IsFinite(window.Row(t)[weight]))
            t++;
        return new("the window of weights", $"iteration {t}, weight {weight}", $"{window.Row(t)[weight]}",
            "a finite number; if the training has diverged, take a window that ends before");
    }
}
