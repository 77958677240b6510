namespace Talweg.Data;

/// <summary>Labelled images of one size, as bytes. Immutable: <see cref="First"/> shares memory with the whole.</summary>
public sealed class ImageSet
{
    /// <summary>Wraps <paramref name="pixels"/> and <paramref name="labels"/>, which must not be changed afterwards.</summary>
    /// <param name="name">What messages call this set: "mnist train".</param>
    /// <param name="pixels">Grey values, [count, rows, columns], row-major.</param>
    /// <param name="labels">One class per image, each below <paramref name="classes"/>.</param>
    /// <param name="rows">Height of an image.</param>
    /// <param name="columns">Width of an image.</param>
    /// <param name="classes">The number of classes, 1 to 256.</param>
    /// <exception cref="ArgumentException">The numbers of pixels and labels do not fit, or a label is not a class.</exception>
    public ImageSet(string name, ReadOnlyMemory<byte> pixels, ReadOnlyMemory<byte> labels, int rows, int columns, int classes)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rows);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(columns);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(classes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(classes, 256);
        if ((long)labels.Length * rows * columns != pixels.Length)
            throw new ArgumentException($"{labels.Length} images of {rows} × {columns} need as many pixels, but there are {pixels.Length}.", nameof(pixels));
        int wrong = classes == 256 ? -1 : labels.Span.IndexOfAnyInRange((byte)classes, byte.MaxValue);
        if (wrong >= 0)
            throw new ArgumentException($"Label {wrong} is {labels.Span[wrong]}, but there are {classes} classes, numbered from 0.", nameof(labels));
        (Name, Pixels, Labels, Rows, Columns, Classes) = (name, pixels, labels, rows, columns, classes);
    }

    /// <summary>What messages call this set: "mnist train".</summary>
    public string Name { get; }

    /// <summary>Grey values, [<see cref="Count"/>, <see cref="Rows"/>, <see cref="Columns"/>], row-major.</summary>
    public ReadOnlyMemory<byte> Pixels { get; }

    /// <summary>One class per image.</summary>
    public ReadOnlyMemory<byte> Labels { get; }

    /// <summary>The number of images.</summary>
    public int Count => Labels.Length;

    /// <summary>Height of an image.</summary>
    public int Rows { get; }

    /// <summary>Width of an image.</summary>
    public int Columns { get; }

    /// <summary>Values per pixel: 1, grey.</summary>
    public int Channels { get; } = 1;

    /// <summary>The number of classes.</summary>
    public int Classes { get; }

    /// <summary>Rows × columns × channels: the number of inputs of a network.</summary>
    public int PixelsPerImage => Rows * Columns * Channels;

    /// <summary>The pixels of image <paramref name="index"/>, [<see cref="Rows"/>, <see cref="Columns"/>].</summary>
    public ReadOnlySpan<byte> Image(int index)
    {
        RequireImage(index);
        return Pixels.Span.Slice(index * PixelsPerImage, PixelsPerImage);
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
        scaling ??= PixelScaling.Unit;
        float[] table = new float[256];
        for (int value = 0; value < table.Length; value++)
            table[value] = (float)((value - scaling.Offset) * scaling.Factor);
        float[] inputs = new float[Pixels.Length];
        var pixels = Pixels.Span;
        for (int i = 0; i < inputs.Length; i++)
            inputs[i] = table[pixels[i]];
        return inputs;
    }

    /// <summary>All labels as 64-bit integers, as losses take them.</summary>
    public long[] ToClassIndices() => Array.ConvertAll(Labels.ToArray(), label => (long)label);

    /// <summary>The first <paramref name="samples"/> images.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer, or none is asked for.</exception>
    public ImageSet First(int samples)
    {
        if (samples < 1 || samples > Count)
            throw new ArgumentOutOfRangeException(nameof(samples), samples, $"{Name} has {Count} images: ask for 1 to {Count}.");
        return new(Name, Pixels[..(samples * PixelsPerImage)], Labels[..samples], Rows, Columns, Classes);
    }

    private void RequireImage(int index)
    {
        if ((uint)index >= (uint)Count)
            throw new ArgumentOutOfRangeException(nameof(index), index, $"{Name} has {Count} images, numbered from 0.");
    }
}
