namespace Talweg.Data;

/// <summary>Reads files out of a tar archive, plain or packed with gzip, without unpacking it to disk. Archives are not trusted.</summary>
internal static class TarFile
{
    /// <summary>The wanted files of an archive, in its order.</summary>
    /// <param name="path">The archive.</param>
    /// <param name="largest">Bytes that it may have once unpacked. It may not have more than <see cref="Gzip.MostFrom"/> either.</param>
    /// <param name="longest">How long a file of this name may be; null if it is not wanted. Links, folders and devices are never asked about.</param>
    /// <param name="most">After so many wanted files the rest is not read.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="InputException">The archive is missing, damaged or cut short, or a wanted file is too long or empty.</exception>
    public static List<(string Name, NamedBytes File)> Read(string path, long largest, Func<string, long?> longest, int most, CancellationToken cancellation)
    {
        try
        {
            using var file = BoundedBytes.Open(path, largest, "a tar archive");
            bool packed = Gzip.Starts(file);
            using var unpacked = packed ? new GzipStreamOfMembers(file, path) : (Stream)file;
            var bounded = new CountedStream(unpacked, packed ? Math.Min(largest, Gzip.MostFrom(file.Length, Gzip.LargestRatioOfPhotographs)) : largest, path);
            var found = ReadEntries(bounded, path, longest, most, cancellation);
            if (found.Count < most)
                bounded.Drain(cancellation);                   // also makes gzip compare its checksum
            return found;
        }
        catch (EndOfStreamException e)
        {
            throw new InputException($"{path}: archive: found its end in the middle of a file, expected a whole tar archive; remove it and fetch it again", e);
        }
        catch (Exception e) when (e is InvalidDataException or FormatException or ArgumentException or InvalidOperationException or NotSupportedException or OverflowException)
        {
            throw new InputException($"{path}: archive: found damage ({e.Message}), expected an intact tar archive, plain or packed with gzip; remove it and fetch it again", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw BoundedBytes.Unreadable(path, e);
        }
    }

    private static List<(string, NamedBytes)> ReadEntries(CountedStream archive, string path, Func<string, long?> longest, int most, CancellationToken cancellation)
    {
        var found = new List<(string, NamedBytes)>();
        var entries = new TarEntries(archive, path);
        while (found.Count < most && entries.Next() is { } entry)
        {
            cancellation.ThrowIfCancellationRequested();
            if (longest(entry.Name) is not { } allowed)
                continue;
            string source = $"{path}: {entry.Name}";
            BoundedBytes.RequireLength(entry.Length, allowed, source);
            if (entry.Length > archive.Left)
                throw new InputException(source, "length", $"{entry.Length} bytes", $"at most {archive.Left}, which may still come out of this archive");
            found.Add((entry.Name, new(source, entries.Read(source))));
        }

        return found;
    }
}
