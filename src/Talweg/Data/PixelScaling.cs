namespace Talweg.Data;

/// <summary>How stored bytes become inputs of a network: (byte − <paramref name="Offset"/>) · <paramref name="Factor"/>.</summary>
/// <param name="Offset">Subtracted first, in units of bytes (0 to 255).</param>
/// <param name="Factor">Multiplied next, per byte.</param>
public sealed record PixelScaling(double Offset, double Factor)
{
    /// <summary>Bytes 0 to 255 become 0 to 1; the background stays exactly zero.</summary>
    public static PixelScaling Unit { get; } = new(0, 1.0 / 255);

    /// <summary>Mean 0 and (population) standard deviation 1 over all pixels of the training set; the test set uses the same numbers.</summary>
    /// <exception cref="ArgumentException">All pixels are equal, so there is no spread to divide by.</exception>
    public static PixelScaling Standardised(ImageSet train)
    {
        ArgumentNullException.ThrowIfNull(train);
        long sum = 0, squares = 0;
        foreach (byte pixel in train.Pixels.Span)
        {
            sum += pixel;
            squares += pixel * pixel;
        }
        double count = train.Pixels.Length;
        double mean = sum / count;
        double variance = squares / count - mean * mean;
        if (!(variance > 0))
            throw new ArgumentException($"The {count} pixels of {train.Name} are all equal: they cannot be standardised. Use {nameof(Unit)}.", nameof(train));
        return new(mean, 1 / Math.Sqrt(variance));
    }
}
