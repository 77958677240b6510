namespace Talweg.Data;

/// <summary>Labelled images of one size, as bytes, in memory or in a file. Immutable: <see cref="First"/> shares memory with the whole.</summary>
public sealed class ImageSet
{
    private readonly PixelStore _pixels;

    /// <summary>Wraps <paramref name="pixels"/> and <paramref name="labels"/>, which must not be changed afterwards.</summary>
    /// <param name="name">What messages call this set: "mnist train".</param>
    /// <param name="pixels">Values, [count, channels, rows, columns], row-major: a grey image, or one for each of red, green and blue.</param>
    /// <param name="labels">One class per image, each below <paramref name="classes"/>.</param>
    /// <param name="rows">Height of an image.</param>
    /// <param name="columns">Width of an image.</param>
    /// <param name="classes">The number of classes, 1 to 256.</param>
    /// <param name="channels">1 for grey, 3 for colour.</param>
    /// <exception cref="ArgumentException">The numbers of pixels and labels do not fit, or a label is not a class.</exception>
    public ImageSet(string name, ReadOnlyMemory<byte> pixels, ReadOnlyMemory<byte> labels, int rows, int columns, int classes, int channels = 1)
        : this(name, new MemoryPixels(pixels), labels, rows, columns, classes, channels)
    {
    }

    internal ImageSet(string name, PixelStore pixels, ReadOnlyMemory<byte> labels, int rows, int columns, int classes, int channels)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rows);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(columns);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(classes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(classes, 256);
        if (channels is not (1 or 3))
            throw new ArgumentOutOfRangeException(nameof(channels), channels, "An image has 1 channel, grey, or 3, red, green and blue.");
        PixelsPerImage = checked(rows * columns * channels);
        if ((long)labels.Length * PixelsPerImage != pixels.Length)
            throw new ArgumentException($"{labels.Length} images of {SizeText(channels, rows, columns)} need as many pixels, but there are {pixels.Length}.", nameof(pixels));
        int wrong = classes == 256 ? -1 : labels.Span.IndexOfAnyInRange((byte)classes, byte.MaxValue);
        if (wrong >= 0)
            throw new ArgumentException($"Label {wrong} is {labels.Span[wrong]}, but there are {classes} classes, numbered from 0.", nameof(labels));
        (Name, _pixels, Labels, Rows, Columns, Classes, Channels) = (name, pixels, labels, rows, columns, classes, channels);
    }

    /// <summary>What messages call this set: "mnist train".</summary>
    public string Name { get; }

    /// <summary>Values, [<see cref="Count"/>, <see cref="Channels"/>, <see cref="Rows"/>, <see cref="Columns"/>], row-major.</summary>
    /// <exception cref="InvalidOperationException">The images are in a file (<see cref="IsInMemory"/>): <see cref="Read"/> them piece by piece.</exception>
    public ReadOnlyMemory<byte> Pixels =>
        _pixels.Memory ?? throw new InvalidOperationException($"The images of {Name} are in a file, for they would take {_pixels.Length} bytes of memory: read them piece by piece.");

    /// <summary>Whether <see cref="Pixels"/> can be had at once.</summary>
    public bool IsInMemory => _pixels.Memory is not null;

    /// <summary>One class per image.</summary>
    public ReadOnlyMemory<byte> Labels { get; }

    /// <summary>The number of images.</summary>
    public int Count => Labels.Length;

    /// <summary>Height of an image.</summary>
    public int Rows { get; }

    /// <summary>Width of an image.</summary>
    public int Columns { get; }

    /// <summary>Values per pixel: 1, grey, or 3: red, green, blue, one whole image after the other.</summary>
    public int Channels { get; }

    /// <summary>The number of classes.</summary>
    public int Classes { get; }

    /// <summary>Channels × rows × columns: the number of inputs of a network.</summary>
    public int PixelsPerImage { get; }

    /// <summary>The size as messages put it: "28 × 28" or "3 × 32 × 32".</summary>
    public string Size => SizeText(Channels, Rows, Columns);

    /// <summary>The pixels of image <paramref name="index"/>, [<see cref="Channels"/>, <see cref="Rows"/>, <see cref="Columns"/>].</summary>
    public ReadOnlySpan<byte> Image(int index)
    {
        RequireImage(index);
        if (_pixels.Memory is { } pixels)
            return pixels.Span.Slice(index * PixelsPerImage, PixelsPerImage);
        byte[] image = new byte[PixelsPerImage];
        Read(index, image);
        return image;
    }

    /// <summary>Copies consecutive images, as many as <paramref name="pixels"/> has room for.</summary>
    /// <param name="first">The first image.</param>
    /// <param name="pixels">[images, channels, rows, columns]; overwritten.</param>
    /// <exception cref="ArgumentException">There are not as many, or there is room for a part of an image.</exception>
    public void Read(int first, Span<byte> pixels)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        if (pixels.Length % PixelsPerImage != 0)
            throw new ArgumentException($"Images of {Size} do not fill {pixels.Length} bytes.", nameof(pixels));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(pixels.Length / PixelsPerImage, Count - first, nameof(pixels));
        _pixels.Read((long)first * PixelsPerImage, pixels);
    }

    /// <summary>The class of image <paramref name="index"/>.</summary>
    public int Label(int index)
    {
        RequireImage(index);
        return Labels.Span[index];
    }

    /// <summary>All images as inputs, [<see cref="Count"/>, <see cref="PixelsPerImage"/>]; <see cref="PixelScaling.Unit"/> unless told otherwise.</summary>
    public float[] ToSingles(PixelScaling? scaling = null)
    {
        var inputs = new ScaledImages(this, scaling ?? PixelScaling.Unit);
        float[] all = new float[checked(Count * (long)PixelsPerImage)];
        for (int image = 0; image < Count; image++)
            inputs.Read(image, all.AsSpan(image * PixelsPerImage, PixelsPerImage));
        return all;
    }

    /// <summary>All labels as 64-bit integers, as losses take them.</summary>
    public long[] ToClassIndices() => Array.ConvertAll(Labels.ToArray(), label => (long)label);

    /// <summary>The first <paramref name="samples"/> images.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer, or none is asked for.</exception>
    public ImageSet First(int samples)
    {
        if (samples < 1 || samples > Count)
            throw new ArgumentOutOfRangeException(nameof(samples), samples, $"{Name} has {Count} images: ask for 1 to {Count}.");
        return new(Name, _pixels.First((long)samples * PixelsPerImage), Labels[..samples], Rows, Columns, Classes, Channels);
    }

    /// <summary>All images, some at a time, one after the other.</summary>
    internal IEnumerable<ReadOnlyMemory<byte>> Blocks()
    {
        if (_pixels.Memory is { } all)
        {
            yield return all;
            yield break;
        }
        int atOnce = Math.Max(1, (4 << 20) / PixelsPerImage);
        byte[] block = new byte[atOnce * PixelsPerImage];
        for (int first = 0; first < Count; first += atOnce)
        {
            var part = block.AsMemory(0, Math.Min(atOnce, Count - first) * PixelsPerImage);
            Read(first, part.Span);
            yield return part;
        }
    }

    internal static string SizeText(int channels, int rows, int columns) => channels == 1 ? $"{rows} × {columns}" : $"{channels} × {rows} × {columns}";

    private void RequireImage(int index)
    {
        if ((uint)index >= (uint)Count)
            throw new ArgumentOutOfRangeException(nameof(index), index, $"{Name} has {Count} images, numbered from 0.");
    }
}
