using System.Numerics;
using System.Runtime.InteropServices;

namespace Talweg.Storage;

/// <summary>Converts stored elements to <see cref="float"/> or <see cref="double"/>.</summary>
/// <remarks>
/// Floats are rounded to nearest, but a finite number must stay finite; integers must be represented exactly.
/// NaN and infinities pass: whether they are allowed is the reader's question.
/// </remarks>
internal static class ElementDecoder
{
    /// <returns>The index of the first element that the target type cannot hold, or -1 when all were converted.</returns>
    public static int Decode<T>(ElementType type, ReadOnlySpan<byte> bytes, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => type switch
        {
            ElementType.Float64 => Floats<double, T>(bytes, destination),
            ElementType.Float32 => Floats<float, T>(bytes, destination),
            ElementType.Float16 => Floats<Half, T>(bytes, destination),
            ElementType.BFloat16 => BrainFloats(bytes, destination),
            ElementType.Int64 => Integers<long, T>(bytes, destination),
            ElementType.UInt64 => Integers<ulong, T>(bytes, destination),
            ElementType.Int32 => Integers<int, T>(bytes, destination),
            ElementType.UInt32 => Integers<uint, T>(bytes, destination),
            ElementType.Int16 => Integers<short, T>(bytes, destination),
            ElementType.UInt16 => Integers<ushort, T>(bytes, destination),
            ElementType.Int8 => Integers<sbyte, T>(bytes, destination),
            ElementType.UInt8 => Integers<byte, T>(bytes, destination),
            _ => throw new ArgumentOutOfRangeException(nameof(type), type, "This element type is not converted to floating point."),
        };

    /// <summary>One element as text, for an error message.</summary>
    public static string Show(ElementType type, ReadOnlySpan<byte> element) => type switch
    {
        ElementType.Int64 => MemoryMarshal.Read<long>(element).ToString(),
        ElementType.UInt64 => MemoryMarshal.Read<ulong>(element).ToString(),
        ElementType.Int32 => MemoryMarshal.Read<int>(element).ToString(),
        ElementType.UInt32 => MemoryMarshal.Read<uint>(element).ToString(),
        ElementType.Float64 => MemoryMarshal.Read<double>(element).ToString("R"),
        _ => Convert.ToHexString(element),
    };

    private static int Floats<TSource, T>(ReadOnlySpan<byte> bytes, Span<T> destination)
        where TSource : unmanaged, IBinaryFloatingPointIeee754<TSource>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (typeof(TSource) == typeof(T))
        {
            bytes.CopyTo(MemoryMarshal.AsBytes(destination));
            return -1;
        }
        var source = MemoryMarshal.Cast<byte, TSource>(bytes);
        for (int i = 0; i < source.Length; i++)
        {
            destination[i] = T.CreateTruncating(source[i]);
            if (!T.IsFinite(destination[i]) && TSource.IsFinite(source[i]))
                return i;
        }
        return -1;
    }

    private static int BrainFloats<T>(ReadOnlySpan<byte> bytes, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var source = MemoryMarshal.Cast<byte, ushort>(bytes);
        for (int i = 0; i < source.Length; i++)
            destination[i] = T.CreateTruncating(BitConverter.UInt32BitsToSingle((uint)source[i] << 16));
        return -1;
    }

    private static int Integers<TSource, T>(ReadOnlySpan<byte> bytes, Span<T> destination)
        where TSource : unmanaged, IBinaryInteger<TSource>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var source = MemoryMarshal.Cast<byte, TSource>(bytes);
        for (int i = 0; i < source.Length; i++)
        {
            destination[i] = T.CreateTruncating(source[i]);
            if (Int128.CreateTruncating(destination[i]) != Int128.CreateTruncating(source[i]))
                return i;
        }
        return -1;
    }
}
