using System.IO.Compression;

namespace Talweg.Data;

/// <summary>Reads one idx file, plain or packed, and refuses it unless every byte is accounted for.</summary>
internal static class IdxReader
{
    /// <summary>Deflate cannot shrink data more than this.</summary>
    private const long LargestRatio = 1032;

    private const int FirstBlock = 16 << 20;

    /// <summary>The header and the bytes that follow it.</summary>
    public static (IdxHeader Shape, byte[] Data) Read(string path, uint magic)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            return Read(file, magic, path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InputException(path, "file", "nothing", "an idx file");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path}: the file cannot be read: {e.Message}", e);
        }
    }

    /// <summary>As above, from an open seekable stream that messages call <paramref name="source"/>.</summary>
    public static (IdxHeader Shape, byte[] Data) Read(Stream file, uint magic, string source)
    {
        bool packed = Gzip.Starts(file);
        long most = packed ? LargestRatio * (file.Length + 1) : file.Length - IdxHeader.LengthFor(magic);
        using var content = packed ? new GZipStream(file, CompressionMode.Decompress, leaveOpen: true) : file;
        try
        {
            var (shape, data) = ReadContent(content, magic, most, source);
            if (packed)
                Gzip.RequireWhole(file, IdxHeader.LengthFor(magic) + (long)data.Length, source);
            return (shape, data);
        }
        catch (InvalidDataException e)
        {
            throw new InputException($"{source}: packed data: found damage ({e.Message}), expected an intact gzip file; remove it and fetch it again", e);
        }
    }

    private static (IdxHeader, byte[]) ReadContent(Stream content, uint magic, long most, string source)
    {
        byte[] head = new byte[IdxHeader.LengthFor(magic)];
        int got = content.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        var shape = IdxHeader.Read(head.AsSpan(0, got), magic, source);
        if (shape.Length > most)
            throw TooShort(shape, $"a file that can hold at most {Math.Max(0, most)}", source);
        byte[] data = Fill(content, shape, source);
        if (content.ReadByte() >= 0)                           // also makes gzip compare its checksum
            throw new InputException(source, "data", $"more than {shape.Length} bytes", Expected(shape));
        return (shape, data);
    }

    // Grows as bytes arrive, so that a header's claim alone allocates little.
    private static byte[] Fill(Stream content, IdxHeader shape, string source)
    {
        byte[] data = new byte[Math.Min(shape.Length, FirstBlock)];
        int filled = 0;
        while (true)
        {
            filled += content.ReadAtLeast(data.AsSpan(filled), data.Length - filled, throwOnEndOfStream: false);
            if (filled < data.Length)
                throw TooShort(shape, $"{filled} bytes", source);
            if (filled == shape.Length)
                return data;
            Array.Resize(ref data, (int)Math.Min(shape.Length, 4L * data.Length));
        }
    }

    private static InputException TooShort(IdxHeader shape, string found, string source) =>
        new(source, "data", found, Expected(shape));

    private static string Expected(IdxHeader shape) => $"{shape.Length} bytes, as the header's {shape.Count} × {shape.Rows} × {shape.Columns} states";
}
