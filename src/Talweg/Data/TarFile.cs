using System.IO.Compression;

namespace Talweg.Data;

/// <summary>Reads files out of a tar archive, plain or packed with gzip, without unpacking it to disk. Archives are not trusted.</summary>
internal static class TarFile
{
    /// <summary>The wanted files of an archive, in its order.</summary>
    /// <param name="path">The archive.</param>
    /// <param name="largest">Bytes that it may have once unpacked; a gzip bomb is not unpacked further.</param>
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
            using var unpacked = packed ? new GZipStream(file, CompressionMode.Decompress, leaveOpen: true) : (Stream)file;
            using var bounded = new CountedStream(unpacked, largest, path);
            var found = ReadEntries(bounded, path, longest, most, cancellation);
            if (found.Count == most)
                return found;
            bounded.Drain(cancellation);                       // also makes gzip compare its checksum
            if (packed)
                Gzip.RequireWhole(file, bounded.Count, path);
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

    private static List<(string, NamedBytes)> ReadEntries(Stream archive, string path, Func<string, long?> longest, int most, CancellationToken cancellation)
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
            found.Add((entry.Name, new(source, entries.Read(source))));
        }

        return found;
    }

    /// <summary>Passes a stream on and counts; refuses to go on after the bytes allowed. Not seekable, so that a claimed length is never skipped over.</summary>
    private sealed class CountedStream(Stream inner, long largest, string source) : Stream
    {
        public long Count { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(Span<byte> buffer)
        {
            int got = inner.Read(buffer);
            Count += got;
            return Count <= largest ? got : throw new InputException(source, "unpacked data", $"more than {largest} bytes", "less");
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public void Drain(CancellationToken cancellation)
        {
            byte[] block = new byte[1 << 16];
            while (Read(block) > 0)
                cancellation.ThrowIfCancellationRequested();
        }

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
