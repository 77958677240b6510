namespace Talweg.Data;

/// <summary>Inputs and labels as a network sees them: numbers in single precision, one row a sample.</summary>
public sealed class LabelledSamples
{
    /// <param name="inputs">[count, width], row-major.</param>
    /// <param name="labels">[count], each in 0 … classes − 1.</param>
    /// <param name="width">Numbers a sample.</param>
    /// <param name="classes">Number of classes.</param>
    /// <exception cref="ArgumentException">The lengths do not fit, or a label lies outside the classes.</exception>
    public LabelledSamples(float[] inputs, int[] labels, int width, int classes)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 2);
        if (labels.Length == 0)
            throw new ArgumentException("There must be at least one sample.", nameof(labels));
        if (inputs.LongLength != (long)labels.Length * width)
            throw new ArgumentException($"{labels.Length} samples of width {width} need {(long)labels.Length * width} numbers, but there are {inputs.LongLength}.", nameof(inputs));
        foreach (int label in labels)
        {
            if ((uint)label >= (uint)classes)
                throw new ArgumentException($"Labels must lie in 0 … {classes - 1}, but there is a label {label}.", nameof(labels));
        }

        Inputs = inputs;
        Labels = labels;
        Width = width;
        Classes = classes;
    }

    /// <summary>Images as inputs: scaled to [0, 1] unless another scaling is given.</summary>
    public static LabelledSamples Of(ImageSet images, PixelScaling? scaling = null)
    {
        ArgumentNullException.ThrowIfNull(images);
        int[] labels = [.. Enumerable.Range(0, images.Count).Select(images.Label)];
        return new(images.ToSingles(scaling), labels, images.PixelsPerImage, images.Classes);
    }

    /// <summary>[<see cref="Count"/>, <see cref="Width"/>], row-major.</summary>
    public float[] Inputs { get; }

    /// <summary>[<see cref="Count"/>], each in 0 … <see cref="Classes"/> − 1.</summary>
    public int[] Labels { get; }

    /// <summary>Numbers a sample.</summary>
    public int Width { get; }

    /// <summary>Number of classes.</summary>
    public int Classes { get; }

    /// <summary>Number of samples.</summary>
    public int Count => Labels.Length;

    /// <summary>The inputs of one sample, [<see cref="Width"/>].</summary>
    public ReadOnlySpan<float> Input(int sample) => Inputs.AsSpan(checked(sample * Width), Width);

    /// <summary>Copies the inputs of consecutive samples, wherever they are kept: what measures and training read through. Safe from several threads.</summary>
    /// <param name="first">The first sample.</param>
    /// <param name="count">How many.</param>
    /// <param name="inputs">[count, <see cref="Width"/>], row-major; overwritten.</param>
    /// <exception cref="ArgumentException">A sample is none of these, or <paramref name="inputs"/> has another size.</exception>
    public void Read(int first, int count, Span<float> inputs)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Count - first);
        RequireRoom(count, inputs);
        for (int row = 0; row < count; row++)
            Input(first + row).CopyTo(inputs[(row * Width)..]);
    }

    /// <summary>Copies the inputs of samples in any order, also the same one twice.</summary>
    /// <param name="which">The samples.</param>
    /// <param name="inputs">[samples, <see cref="Width"/>], row-major; overwritten.</param>
    /// <exception cref="ArgumentException">A sample is none of these, or <paramref name="inputs"/> has another size.</exception>
    public void Read(ReadOnlySpan<int> which, Span<float> inputs)
    {
        RequireRoom(which.Length, inputs);
        for (int row = 0; row < which.Length; row++)
        {
            if ((uint)which[row] >= (uint)Count)
                throw new ArgumentOutOfRangeException(nameof(which), which[row], $"There are {Count} samples, numbered from 0.");
            Input(which[row]).CopyTo(inputs[(row * Width)..]);
        }
    }

    /// <summary>The first <paramref name="count"/> samples.</summary>
    public LabelledSamples First(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Count);
        return count == Count ? this : new(Inputs[..checked(count * Width)], Labels[..count], Width, Classes);
    }

    private void RequireRoom(int samples, ReadOnlySpan<float> inputs)
    {
        if ((long)samples * Width != inputs.Length)
            throw new ArgumentException($"{samples} samples of width {Width} need room for {(long)samples * Width} numbers, but there is room for {inputs.Length}.", nameof(inputs));
    }
}
