using System.Numerics;

namespace Talweg.Data;

/// <summary>Inputs and labels as a network sees them: numbers in single precision, one row a sample.</summary>
/// <remarks>
/// In memory, or, where they would take more than a budget, images that stay bytes (in memory or in a file) and are scaled each time they are
/// read. <see cref="Read(int, int, Span{float})"/> and <see cref="Read(ReadOnlySpan{int}, Span{float})"/> hide the difference.
/// </remarks>
public sealed class LabelledSamples
{
    /// <summary>Up to this many bytes a set's inputs are kept as numbers: 600 MiB, which hold CIFAR-10's 50,000 training images (586 MiB).</summary>
    public const long MemoryBudget = 600L << 20;

    private readonly float[]? _inputs;
    private readonly ScaledImages? _images;

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
        RequireClasses(labels, classes);
        _inputs = inputs;
        Labels = labels;
        Width = width;
        Classes = classes;
    }

    /// <summary>As above, with labels as <see cref="ImageSet.ToClassIndices"/> gives them, and losses take them.</summary>
    /// <param name="inputs">[count, width], row-major.</param>
    /// <param name="labels">[count], each in 0 … classes − 1.</param>
    /// <param name="width">Numbers a sample.</param>
    /// <param name="classes">Number of classes.</param>
    /// <exception cref="ArgumentException">The lengths do not fit, or a label lies outside the classes.</exception>
    public LabelledSamples(float[] inputs, long[] labels, int width, int classes)
        : this(inputs, Narrowed(labels, classes), width, classes)
    {
    }

    private LabelledSamples(ScaledImages images, int[] labels)
    {
        _images = images;
        Labels = labels;
        Width = images.Images.PixelsPerImage;
        Classes = images.Images.Classes;
    }

    /// <summary>Images as inputs: scaled to [0, 1] unless another scaling is given.</summary>
    /// <param name="images">The images, at least 1, of at least 2 classes.</param>
    /// <param name="scaling">How bytes become numbers.</param>
    /// <param name="budget">Inputs that would take more bytes than this stay bytes, a quarter of the size, and are scaled whenever they are read.</param>
    public static LabelledSamples Of(ImageSet images, PixelScaling? scaling = null, long budget = MemoryBudget)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentOutOfRangeException.ThrowIfLessThan(images.Classes, 2, nameof(images));
        ArgumentOutOfRangeException.ThrowIfLessThan(images.Count, 1, nameof(images));
        int[] labels = Array.ConvertAll(images.Labels.ToArray(), label => (int)label);
        bool fits = (long)images.Count * images.PixelsPerImage * sizeof(float) <= budget;
        return fits && images.IsInMemory
            ? new(images.ToSingles(scaling), labels, images.PixelsPerImage, images.Classes)
            : new(new ScaledImages(images, scaling ?? PixelScaling.Unit), labels);
    }

    /// <summary>Whether <see cref="Inputs"/> can be had at once.</summary>
    public bool IsInMemory => _inputs is not null;

    /// <summary>[<see cref="Count"/>, <see cref="Width"/>], row-major.</summary>
    /// <exception cref="InvalidOperationException">The samples are bytes (<see cref="IsInMemory"/>): read them piece by piece.</exception>
    public float[] Inputs => _inputs
        ?? throw new InvalidOperationException($"The inputs of {_images!.Images.Name} would take {(long)Count * Width * sizeof(float)} bytes of memory: read them piece by piece with {nameof(Read)}.");

    /// <summary>[<see cref="Count"/>], each in 0 … <see cref="Classes"/> − 1.</summary>
    public int[] Labels { get; }

    /// <summary>Numbers a sample.</summary>
    public int Width { get; }

    /// <summary>Number of classes.</summary>
    public int Classes { get; }

    /// <summary>Number of samples.</summary>
    public int Count => Labels.Length;

    /// <summary>The inputs of one sample, [<see cref="Width"/>]; made anew by each call where samples are bytes.</summary>
    public ReadOnlySpan<float> Input(int sample)
    {
        if (_inputs is not null)
            return _inputs.AsSpan(checked(sample * Width), Width);
        float[] input = new float[Width];
        _images!.Read(sample, input);
        return input;
    }

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
        if (_inputs is not null)
            _inputs.AsSpan(checked(first * Width), inputs.Length).CopyTo(inputs);
        else
            for (int row = 0; row < count; row++)
                _images!.Read(first + row, inputs.Slice(row * Width, Width));
    }

    /// <summary>Copies the inputs of samples in any order, also the same one twice. Safe from several threads.</summary>
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
            Read(which[row], 1, inputs.Slice(row * Width, Width));
        }
    }

    /// <summary>The first <paramref name="count"/> samples.</summary>
    public LabelledSamples First(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Count);
        if (count == Count)
            return this;
        return _inputs is not null
            ? new(_inputs[..checked(count * Width)], Labels[..count], Width, Classes)
            : new(new ScaledImages(_images!.Images.First(count), _images.Scaling), Labels[..count]);
    }

    /// <summary>Several sets of samples of one width as one, in single precision, in memory.</summary>
    /// <exception cref="ArgumentException">There is none, or widths differ.</exception>
    public static LabelledSamples Together(IReadOnlyList<LabelledSamples> sets)
    {
        ArgumentNullException.ThrowIfNull(sets);
        if (sets.Count == 0)
            throw new ArgumentException("There must be at least one set of samples.", nameof(sets));
        int width = sets[0].Width;
        if (sets.FirstOrDefault(set => set.Width != width) is { } other)
            throw new ArgumentException($"Samples of width {width} and of width {other.Width} cannot be put together.", nameof(sets));
        float[] inputs = new float[checked(sets.Sum(set => set.Count) * width)];
        int start = 0;
        foreach (var set in sets)
        {
            set.Read(0, set.Count, inputs.AsSpan(start, set.Count * width));
            start += set.Count * width;
        }

        return new(inputs, [.. sets.SelectMany(set => set.Labels)], width, sets.Max(set => set.Classes));
    }

    /// <summary>The same inputs, all with one label; they share memory.</summary>
    internal LabelledSamples Labelled(int label, int classes)
    {
        int[] labels = new int[Count];
        Array.Fill(labels, label);
        return _inputs is not null ? new(_inputs, labels, Width, classes) : new(_images!, labels);
    }

    private static int[] Narrowed(long[] labels, int classes)
    {
        ArgumentNullException.ThrowIfNull(labels);
        RequireClasses(labels, classes);
        return Array.ConvertAll(labels, label => (int)label);
    }

    private static void RequireClasses<T>(T[] labels, int classes)
        where T : IBinaryInteger<T>
    {
        foreach (T label in labels)
        {
            if (T.IsNegative(label) || label >= T.CreateSaturating(classes))
                throw new ArgumentException($"Labels must lie in 0 … {classes - 1}, but there is a label {label}.", nameof(labels));
        }
    }

    private void RequireRoom(int samples, ReadOnlySpan<float> inputs)
    {
        if ((long)samples * Width != inputs.Length)
            throw new ArgumentException($"{samples} samples of width {Width} need room for {(long)samples * Width} numbers, but there is room for {inputs.Length}.", nameof(inputs));
    }
}
