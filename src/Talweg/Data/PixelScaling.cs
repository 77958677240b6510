using System.Globalization;

namespace Talweg.Data;

/// <summary>How the stored bytes of one channel become inputs of a network: (byte − <paramref name="Offset"/>) · <paramref name="Factor"/>.</summary>
/// <param name="Offset">Subtracted first, in units of bytes (0 to 255).</param>
/// <param name="Factor">Multiplied next, per byte.</param>
public readonly record struct ChannelScaling(double Offset, double Factor);

/// <summary>How stored bytes become inputs of a network: one <see cref="ChannelScaling"/> for all channels, or one for each.</summary>
public sealed class PixelScaling : IEquatable<PixelScaling>
{
    /// <summary>The same for all channels: (byte − <paramref name="offset"/>) · <paramref name="factor"/>.</summary>
    public PixelScaling(double offset, double factor)
        : this([new(offset, factor)])
    {
    }

    /// <param name="channels">One for all channels, or one for each of red, green and blue.</param>
    /// <exception cref="ArgumentException">There are neither 1 nor 3.</exception>
    public PixelScaling(IReadOnlyList<ChannelScaling> channels)
    {
        ArgumentNullException.ThrowIfNull(channels);
        if (channels.Count is not (1 or 3))
            throw new ArgumentException($"There must be one scaling for all channels, or one for each of 3, but there are {channels.Count}.", nameof(channels));
        Channels = [.. channels];
    }

    /// <summary>Bytes 0 to 255 become 0 to 1; the background stays exactly zero.</summary>
    public static PixelScaling Unit { get; } = new(0, 1.0 / 255);

    /// <summary>One for all channels, or one for each.</summary>
    public IReadOnlyList<ChannelScaling> Channels { get; }

    /// <summary>Mean 0 and (population) standard deviation 1 over all pixels of the training set; the test set uses the same numbers.</summary>
    /// <exception cref="ArgumentException">All pixels are equal, so there is no spread to divide by.</exception>
    public static PixelScaling Standardised(ImageSet train)
    {
        ArgumentNullException.ThrowIfNull(train);
        var (sums, squares) = Moments(train);
        return new([Standardised(train, "", sums.Sum(), squares.Sum(), (double)train.Count * train.PixelsPerImage)]);
    }

    /// <summary>Mean 0 and (population) standard deviation 1 over each channel of the training set; the test set uses the same numbers.</summary>
    /// <exception cref="ArgumentException">All pixels of a channel are equal, so there is no spread to divide by.</exception>
    public static PixelScaling StandardisedByChannel(ImageSet train)
    {
        ArgumentNullException.ThrowIfNull(train);
        var (sums, squares) = Moments(train);
        double count = (double)train.Count * train.Rows * train.Columns;
        return new([.. sums.Zip(squares, (sum, square) => Standardised(train, train.Channels == 1 ? "" : " of one channel", sum, square, count))]);
    }

    /// <summary>"(x − 33.3) · 0.0127", for each channel, with all digits: what a run records of its inputs.</summary>
    public override string ToString() =>
        string.Join("; ", Channels.Select(channel => string.Create(CultureInfo.InvariantCulture, $"(x − {channel.Offset:R}) · {channel.Factor:R}")));

    /// <summary>Whether all numbers are the same.</summary>
    public bool Equals(PixelScaling? other) => other is not null && Channels.SequenceEqual(other.Channels);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as PixelScaling);

    /// <inheritdoc/>
    public override int GetHashCode() => Channels.Aggregate(0, HashCode.Combine);

    /// <summary>What each byte becomes in a channel, [256].</summary>
    internal float[] Table(int channel)
    {
        var (offset, factor) = Channels[Channels.Count == 1 ? 0 : channel];
        float[] table = new float[256];
        for (int value = 0; value < table.Length; value++)
            table[value] = (float)((value - offset) * factor);
        return table;
    }

    private static ChannelScaling Standardised(ImageSet train, string which, long sum, long squares, double count)
    {
        double mean = sum / count;
        double variance = squares / count - mean * mean;
        if (!(variance > 0))
            throw new ArgumentException($"The {count} pixels{which} of {train.Name} are all equal: they cannot be standardised. Use {nameof(Unit)}.", nameof(train));
        return new(mean, 1 / Math.Sqrt(variance));
    }

    /// <summary>Σ x and Σ x² of each channel, exact in integers.</summary>
    private static (long[] Sums, long[] Squares) Moments(ImageSet train)
    {
        long[] sums = new long[train.Channels], squares = new long[train.Channels];
        int plane = train.Rows * train.Columns;
        foreach (var block in train.Blocks())
        {
            for (int start = 0; start < block.Length; start += plane)
            {
                int channel = start / plane % train.Channels;
                foreach (byte pixel in block.Span.Slice(start, plane))
                {
                    sums[channel] += pixel;
                    squares[channel] += pixel * pixel;
                }
            }
        }

        return (sums, squares);
    }
}
