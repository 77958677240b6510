using System.Buffers.Binary;

namespace Talweg.Data;

/// <summary>What a PNG or JPEG file says of itself before any pixel is decoded. Files are not trusted.</summary>
/// <param name="Rows">Height.</param>
/// <param name="Columns">Width.</param>
/// <param name="Channels">1 if it is stored as grey, else 3.</param>
internal sealed record PictureHeader(int Rows, int Columns, int Channels)
{
    /// <summary>No picture that is decoded is taller or wider; nor has it more pixels than <see cref="MostPixels"/>, whatever its file's length.</summary>
    public const int LargestSide = 8192;

    /// <summary>32 Mi: 128 MiB once decoded.</summary>
    public const int MostPixels = 1 << 25;

    private const string Kinds = "a PNG or JPEG picture";
    private static readonly byte[] PngSignature = [0x89, .. "PNG\r\n\u001A\n"u8];

    /// <summary>Reads the header from the start of a seekable stream.</summary>
    /// <exception cref="InputException">It is no PNG or JPEG, is cut short, animated, too large, or of a kind that is not read.</exception>
    public static PictureHeader Read(Stream file, string source)
    {
        Span<byte> start = stackalloc byte[8];
        int got = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        if (got == 8 && start.SequenceEqual(PngSignature))
            return ReadPng(file, source);
        if (got < 3 || start is not [0xFF, 0xD8, 0xFF, ..])
            throw new InputException(source, "format", Describe(start[..got]), Kinds);
        file.Position = 2;
        return ReadJpeg(file, source);
    }

    private static PictureHeader ReadPng(Stream file, string source)
    {
        Span<byte> head = stackalloc byte[8 + 13];
        Take(file, head, source);
        if (!head[..8].SequenceEqual((ReadOnlySpan<byte>)[0, 0, 0, 13, .. "IHDR"u8]))
            throw new InputException(source, "first chunk", Describe(head[4..8]), "IHDR");
        int channels = head[8 + 9] switch
        {
            0 or 4 => 1,
            2 or 3 or 6 => 3,
            byte type => throw new InputException(source, "colour type", $"{type}", "0, 2, 3, 4 or 6"),
        };
        var header = Sized(BinaryPrimitives.ReadUInt32BigEndian(head[12..]), BinaryPrimitives.ReadUInt32BigEndian(head[8..]), channels, source);
        file.Seek(4, SeekOrigin.Current);
        RequireOneWholePng(file, source);
        return header;
    }

    /// <summary>Walks over all chunks: up to the last, without an animation's.</summary>
    private static void RequireOneWholePng(Stream file, string source)
    {
        Span<byte> chunk = stackalloc byte[8];
        while (true)
        {
            Take(file, chunk, source);
            if (chunk[4..].SequenceEqual("acTL"u8))
                throw new InputException(source, "format", "an animated PNG", "one picture");
            long end = file.Position + BinaryPrimitives.ReadUInt32BigEndian(chunk) + 4;
            if (end > file.Length)
                throw CutShort(file, source);
            if (chunk[4..].SequenceEqual("IEND"u8))
                return;
            file.Position = end;
        }
    }

    private static PictureHeader ReadJpeg(Stream file, string source)
    {
        Span<byte> segment = stackalloc byte[8];
        while (true)
        {
            int marker = NextMarker(file, source);
            if (marker is 0x01 or (>= 0xD0 and <= 0xD8))       // these have no content
                continue;
            if (marker is 0xD9 or 0xDA)
                throw new InputException(source, "header", "none", "the size of the picture in front of its pixels");
            Take(file, segment[..2], source);
            int length = BinaryPrimitives.ReadUInt16BigEndian(segment);
            long end = file.Position - 2 + length;
            if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC))
            {
                Take(file, segment, source);
                return Frame(marker, segment, source);
            }
            if (length < 2 || end > file.Length)
                throw CutShort(file, source);
            file.Position = end;
        }
    }

    private static int NextMarker(Stream file, string source)
    {
        int value = file.ReadByte();
        if (value is not (0xFF or -1))
            throw new InputException(source, "header", $"byte 0x{value:X2}", "a JPEG marker, 0xFF");
        while (value == 0xFF)
            value = file.ReadByte();
        return value >= 0 ? value : throw CutShort(file, source);
    }

    private static PictureHeader Frame(int marker, ReadOnlySpan<byte> frame, string source)
    {
        if (marker > 0xC2)
            throw new InputException(source, "JPEG process", $"SOF{marker - 0xC0}", "SOF0, SOF1 or SOF2: baseline, extended or progressive");
        if (frame[0] != 8)
            throw new InputException(source, "bits a value", $"{frame[0]}", "8");
        if (frame[5] is not (1 or 3 or 4))
            throw new InputException(source, "components", $"{frame[5]}", "1, grey, 3, colour, or 4, the inks of a printer");
        return Sized(BinaryPrimitives.ReadUInt16BigEndian(frame[1..]), BinaryPrimitives.ReadUInt16BigEndian(frame[3..]), frame[5] == 1 ? 1 : 3, source);
    }

    private static PictureHeader Sized(uint rows, uint columns, int channels, string source)
    {
        if (rows is < 1 or > LargestSide || columns is < 1 or > LargestSide || (long)rows * columns > MostPixels)
            throw new InputException(source, "size", $"{rows} × {columns}", $"1 to {LargestSide} rows and columns, {MostPixels} pixels at most");
        return new((int)rows, (int)columns, channels);
    }

    private static void Take(Stream file, Span<byte> bytes, string source)
    {
        if (file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length)
            throw CutShort(file, source);
    }

    private static InputException CutShort(Stream file, string source) => new(source, "data", $"the end of the file after {file.Length} bytes", $"a whole picture; the file is cut short");

    private static string Describe(ReadOnlySpan<byte> start) => start switch
    {
        [(byte)'G', (byte)'I', (byte)'F', ..] => "a GIF",
        [(byte)'B', (byte)'M', ..] => "a BMP",
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', ..] => "a RIFF file, such as WebP",
        [0x49, 0x49, 0x2A, 0, ..] or [0x4D, 0x4D, 0, 0x2A, ..] => "a TIFF",
        [] => "nothing",
        _ => $"bytes {Convert.ToHexString(start)}",
    };
}
