using System.Buffers.Binary;

namespace Talweg.Data;

/// <summary>The first bytes of an idx file: what it holds and how much of it. All integers are big-endian.</summary>
/// <param name="Type">What an element is.</param>
/// <param name="Dimensions">How many sizes there are: 1 or 2 for labels, 3 for images.</param>
/// <param name="Count">Items: images or labels.</param>
/// <param name="Rows">Height of an image; 1 for labels.</param>
/// <param name="Columns">Width of an image; numbers of a label.</param>
internal sealed record IdxHeader(IdxType Type, int Dimensions, int Count, int Rows, int Columns)
{
    /// <summary>No image that Talweg trains on is taller or wider.</summary>
    private const uint LargestSide = 4096;

    /// <summary>Bytes of the header itself.</summary>
    public int HeaderLength => 4 * (1 + Dimensions);

    /// <summary>Bytes that follow the header.</summary>
    public int Length => Count * Rows * Columns * Type.Size();

    /// <summary>Reads the header of a file that should hold <paramref name="content"/>; refuses everything else.</summary>
    public static IdxHeader Read(Stream from, IdxContent content, string source)
    {
        byte[] magic = new byte[4];
        int got = from.ReadAtLeast(magic, 4, throwOnEndOfStream: false);
        var (type, dimensions) = got < 4 ? (IdxType.Byte, content.Usual().Dimensions) : content.Require(BinaryPrimitives.ReadUInt32BigEndian(magic), source);
        byte[] sizes = new byte[4 * dimensions];
        got += from.ReadAtLeast(sizes, sizes.Length, throwOnEndOfStream: false);
        if (got < 4 + sizes.Length)
            throw new InputException(source, "header", $"{got} bytes", $"an idx header of {4 + sizes.Length} bytes");
        uint count = BinaryPrimitives.ReadUInt32BigEndian(sizes);
        uint rows = dimensions > 2 ? Side(sizes.AsSpan(4), "rows", source) : 1;
        uint columns = dimensions > 1 ? Side(sizes.AsSpan(4 * (dimensions - 1)), "columns", source) : 1;
        return Sized(type, dimensions, count, rows, columns, source);
    }

    /// <summary>The header as it is stored, of labels in 1 dimension or of grey images in 3.</summary>
    public byte[] ToBytes()
    {
        int[] words = [((int)Type << 8) | Dimensions, Count, Rows, Columns];
        byte[] bytes = new byte[HeaderLength];
        for (int i = 0; i <= Dimensions; i++)
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(4 * i), words[i]);
        return bytes;
    }

    private static uint Side(ReadOnlySpan<byte> bytes, string field, string source)
    {
        uint side = BinaryPrimitives.ReadUInt32BigEndian(bytes);
        return side is >= 1 and <= LargestSide ? side : throw new InputException(source, field, $"{side}", $"1 to {LargestSide}");
    }

    private static IdxHeader Sized(IdxType type, int dimensions, uint count, uint rows, uint columns, string source)
    {
        if (count == 0)
            throw new InputException(source, "count", "0", "at least 1");
        ulong length = (ulong)count * rows * columns;          // below 2³² · 2²⁴, and at most 4 bytes each: cannot overflow
        if (length * (ulong)type.Size() > (ulong)Array.MaxLength)
            throw new InputException(source, "stated size", $"{count} × {rows} × {columns} = {length} {(type.Size() == 1 ? "bytes" : "numbers")}", $"at most {Array.MaxLength} bytes (2 GiB)");
        return new(type, dimensions, (int)count, (int)rows, (int)columns);
    }
}
