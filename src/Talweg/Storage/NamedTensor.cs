using System.Runtime.InteropServices;

namespace Talweg.Storage;

/// <summary>A tensor to be written: name, shape and numbers in row-major order, in single or double precision.</summary>
/// <remarks>The numbers are not copied: they must not change until they are written.</remarks>
public sealed class NamedTensor
{
    private const int ElementsAtOnce = 1 << 20;   // the bytes of a longer span could exceed what a span can count

    private readonly ReadOnlyMemory<float> singles;
    private readonly ReadOnlyMemory<double> doubles;

    /// <summary>A tensor of single-precision numbers.</summary>
    /// <param name="name">Not empty, and not <c>__metadata__</c>.</param>
    /// <param name="shape">Extents, slowest first; empty for a single number.</param>
    /// <param name="values">As many as the product of the shape.</param>
    /// <exception cref="ArgumentException">The name is not allowed, or shape and values differ in size.</exception>
    public NamedTensor(string name, IReadOnlyList<long> shape, ReadOnlyMemory<float> values)
        : this(name, shape, ElementType.Float32, values.Length) => singles = values;

    /// <summary>A tensor of double-precision numbers.</summary>
    /// <inheritdoc cref="NamedTensor(string, IReadOnlyList{long}, ReadOnlyMemory{float})"/>
    public NamedTensor(string name, IReadOnlyList<long> shape, ReadOnlyMemory<double> values)
        : this(name, shape, ElementType.Float64, values.Length) => doubles = values;

    private NamedTensor(string name, IReadOnlyList<long> shape, ElementType type, int count)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(shape);
        if (name == "__metadata__")
            throw new ArgumentException("A tensor may not be named '__metadata__': safetensors keeps that name for itself.", nameof(name));
        if (shape.Any(extent => extent < 0) || shape.Aggregate((Int128)1, Times) != count)
        {
            throw new ArgumentException(
                $"Tensor '{name}' has {count} values, but its shape [{string.Join(", ", shape)}] holds another number.", nameof(shape));
        }
        Name = name;
        Shape = [.. shape];
        Type = type;
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Its extents, slowest first.</summary>
    public IReadOnlyList<long> Shape { get; }

    /// <summary><see cref="ElementType.Float32"/> or <see cref="ElementType.Float64"/>.</summary>
    public ElementType Type { get; }

    /// <summary>Bytes of data.</summary>
    internal long ByteCount => 4L * singles.Length + 8L * doubles.Length;

    /// <summary>Writes the data, without a header.</summary>
    internal void WriteTo(Stream stream)
    {
        Write(stream, singles.Span);
        Write(stream, doubles.Span);
    }

    private static void Write<T>(Stream stream, ReadOnlySpan<T> values)
        where T : unmanaged
    {
        while (!values.IsEmpty)
        {
            var part = values[..Math.Min(ElementsAtOnce, values.Length)];
            stream.Write(MemoryMarshal.AsBytes(part));
            values = values[part.Length..];
        }
    }

    private static Int128 Times(Int128 product, long extent) =>
        product > long.MaxValue ? product : product * extent;   // once too large it stays so, and never overflows
}
