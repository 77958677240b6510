namespace Talweg.Networks.Layers;

/// <summary>The arithmetic of windows that slide over an image.</summary>
internal static class Windows
{
    /// <summary>How many windows of <paramref name="size"/> fit: ⌊(n + 2·padding − size)/stride⌋ + 1 rows, and columns likewise.</summary>
    /// <exception cref="ArgumentException">None fits.</exception>
    public static ImageShape After(NetworkLayer layer, ImageShape input, int size, int stride, int padding)
    {
        int rows = input.Rows + 2 * padding - size;
        int columns = input.Columns + 2 * padding - size;
        return rows < 0 || columns < 0
            ? throw new ArgumentException($"{layer} needs at least {size} × {size} pixels, but gets {input}.", nameof(input))
            : new(input.Channels, rows / stride + 1, columns / stride + 1);
    }
}
