namespace Talweg.Data;

/// <summary>Reads one idx file, plain or packed, and refuses it unless every byte is accounted for.</summary>
internal static class IdxReader
{
    private const int FirstBlock = 16 << 20;

    /// <summary>The header and the bytes that follow it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="content">What it should hold.</param>
    /// <param name="published">Bytes that the unpacked file has as it was published: a file that claims more is another one. Null if nobody knows.</param>
    public static (IdxHeader Shape, byte[] Data) Read(string path, IdxContent content, long? published = null)
    {
        try
        {
            using var file = BoundedBytes.Open(path, long.MaxValue, "an idx file");
            return Read(file, content, path, published);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw BoundedBytes.Unreadable(path, e);
        }
    }

    /// <summary>As above, from an open seekable stream that messages call <paramref name="source"/>.</summary>
    public static (IdxHeader Shape, byte[] Data) Read(Stream file, IdxContent content, string source, long? published = null)
    {
        bool packed = Gzip.Starts(file);
        long most = packed ? Gzip.MostFrom(file.Length, Gzip.LargestRatio) : file.Length;
        using var unpacked = packed ? new GzipStreamOfMembers(file, source) : file;
        try
        {
            var shape = IdxHeader.Read(unpacked, content, source);
            RequirePublished(shape, published, source);
            if (shape.HeaderLength + (long)shape.Length > most)
                throw TooShort(shape, packed ? $"a packed file of {file.Length} bytes, of which at most {most} may come" : $"a file that can hold at most {most - shape.HeaderLength}", source);
            return (shape, ReadData(unpacked, shape, source));
        }
        catch (InvalidDataException e)
        {
            throw new InputException($"{source}: packed data: found damage ({e.Message}), expected an intact gzip file; remove it and fetch it again", e);
        }
    }

    private static void RequirePublished(IdxHeader shape, long? published, string source)
    {
        long length = shape.HeaderLength + (long)shape.Length;
        if (length > published)
            throw new InputException(source, "stated size", $"{shape.Count} × {shape.Rows} × {shape.Columns}, a file of {length} bytes",
                $"at most {published}, as published; --data {IdxFilesName.Pattern} reads other files");
    }

    private static byte[] ReadData(Stream unpacked, IdxHeader shape, string source)
    {
        byte[] data = Fill(unpacked, shape, source);
        return unpacked.ReadByte() < 0                         // also makes gzip compare its checksum
            ? data
            : throw new InputException(source, "data", $"more than {shape.Length} bytes", Expected(shape));
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
