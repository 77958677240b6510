namespace Talweg.Data;

/// <summary>Bilinear resizing: every new pixel is a mean of old ones with weights that fall off linearly from its centre.</summary>
/// <remarks>
/// Pixel i of n covers [i, i + 1); new centre (j + ½)·n/m. The weights reach 1 old pixel, or n/m old pixels when the image shrinks, so that
/// each old pixel counts (as Pillow's and torchvision's antialiased bilinear filters do). First along rows, then along columns, in double
/// precision, rounded once: the same bytes on every machine.
/// </remarks>
internal static class TriangleFilter
{
    /// <summary>Resizes one channel.</summary>
    public static void Resize(ReadOnlySpan<byte> from, int rows, int columns, Span<byte> to, int newRows, int newColumns)
    {
        var across = Weights(columns, newColumns);
        var down = Weights(rows, newRows);
        double[] narrowed = new double[rows * newColumns];
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < newColumns; column++)
            {
                var (first, weights) = across[column];
                double sum = 0;
                for (int i = 0; i < weights.Length; i++)
                    sum += weights[i] * from[row * columns + first + i];
                narrowed[row * newColumns + column] = sum;
            }
        }

        for (int row = 0; row < newRows; row++)
        {
            var (first, weights) = down[row];
            for (int column = 0; column < newColumns; column++)
            {
                double sum = 0;
                for (int i = 0; i < weights.Length; i++)
                    sum += weights[i] * narrowed[(first + i) * newColumns + column];
                to[row * newColumns + column] = (byte)Math.Clamp(Math.Floor(sum + 0.5), 0, 255);
            }
        }
    }

    /// <summary>For each new pixel the first old one that counts, and the weights from there on, with sum 1.</summary>
    private static (int First, double[] Weights)[] Weights(int count, int newCount)
    {
        var all = new (int, double[])[newCount];
        double step = (double)count / newCount, reach = Math.Max(1, step);
        for (int j = 0; j < newCount; j++)
        {
            double centre = (j + 0.5) * step;
            int first = Math.Max(0, (int)Math.Floor(centre - reach)), end = Math.Min(count, (int)Math.Ceiling(centre + reach));
            double[] weights = [.. Enumerable.Range(first, end - first).Select(i => Math.Max(0, 1 - Math.Abs(i + 0.5 - centre) / reach))];
            double sum = weights.Sum();
            all[j] = (first, [.. weights.Select(weight => weight / sum)]);
        }

        return all;
    }
}
