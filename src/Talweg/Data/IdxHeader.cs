using System.Buffers.Binary;

namespace Talweg.Data;

/// <summary>The first bytes of an idx file: what it holds and how much of it. All integers are big-endian.</summary>
/// <param name="Count">Items: images or labels.</param>
/// <param name="Rows">Height of an image; 1 for labels.</param>
/// <param name="Columns">Width of an image; 1 for labels.</param>
internal sealed record IdxHeader(int Count, int Rows, int Columns)
{
    public const uint ImagesMagic = 0x0803, LabelsMagic = 0x0801;
    public const int ImagesLength = 16, LabelsLength = 8;

    /// <summary>No image that Talweg trains on is taller or wider.</summary>
    private const uint LargestSide = 4096;

    /// <summary>Bytes that follow the header.</summary>
    public int Length => Count * Rows * Columns;

    /// <summary>Reads the header of a file that should hold <paramref name="magic"/>; refuses everything else.</summary>
    public static IdxHeader Read(ReadOnlySpan<byte> bytes, uint magic, string source)
    {
        int length = LengthFor(magic);
        if (bytes.Length >= 4)
            RequireMagic(BinaryPrimitives.ReadUInt32BigEndian(bytes), magic, source);
        if (bytes.Length < length)
            throw new InputException(source, "header", $"{bytes.Length} bytes", $"an idx header of {length} bytes");
        uint count = BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]);
        if (magic == LabelsMagic)
            return Sized(count, 1, 1, source);
        return Sized(count, Side(bytes[8..], "rows", source), Side(bytes[12..], "columns", source), source);
    }

    /// <summary>The header as it is stored, for images or for labels.</summary>
    public byte[] ToBytes(uint magic)
    {
        byte[] bytes = new byte[LengthFor(magic)];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, magic);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(4), Count);
        if (magic == ImagesMagic)
        {
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(8), Rows);
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(12), Columns);
        }
        return bytes;
    }

    /// <summary>The length of the header with this magic number.</summary>
    public static int LengthFor(uint magic) => magic == ImagesMagic ? ImagesLength : LabelsLength;

    private static uint Side(ReadOnlySpan<byte> bytes, string field, string source)
    {
        uint side = BinaryPrimitives.ReadUInt32BigEndian(bytes);
        return side is >= 1 and <= LargestSide ? side : throw new InputException(source, field, $"{side}", $"1 to {LargestSide}");
    }

    private static IdxHeader Sized(uint count, uint rows, uint columns, string source)
    {
        if (count == 0)
            throw new InputException(source, "count", "0", "at least 1");
        ulong length = (ulong)count * rows * columns;          // below 2³² · 2²⁴: cannot overflow
        if (length > (ulong)Array.MaxLength)
            throw new InputException(source, "stated size", $"{count} × {rows} × {columns} = {length} bytes", $"at most {Array.MaxLength} bytes (2 GiB)");
        return new((int)count, (int)rows, (int)columns);
    }

    private static void RequireMagic(uint found, uint expected, string source)
    {
        if (found != expected)
            throw new InputException(source, "magic number", Describe(found), Describe(expected));
    }

    private static string Describe(uint magic) => magic switch
    {
        ImagesMagic => "2051 (idx images: bytes in 3 dimensions)",
        LabelsMagic => "2049 (idx labels: bytes in 1 dimension)",
        <= 0xFFFF when magic >> 8 != 8 => $"{magic} (idx type 0x{magic >> 8:X2}, not bytes 0x08)",
        <= 0xFFFF => $"{magic} (idx bytes in {magic & 0xFF} dimensions)",
        _ => $"0x{magic:X8} (not an idx file)",
    };
}
