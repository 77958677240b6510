using System.IO.Compression;

namespace Talweg.Data;

/// <summary>Unpacks a gzip file of one member or several (RFC 1952, section 2.2), and refuses one that does not end where a member does.</summary>
/// <remarks>
/// .NET's <see cref="GZipStream"/> unpacks a cut file without complaint, passes over bytes behind the last member, and does not tell where it stopped.
/// So a member of ours is put behind the file: its content comes out if, and only if, the file was whole.
/// </remarks>
internal sealed class GzipStreamOfMembers : ForwardStream
{
    private static readonly byte[] Content = [.. "the file was whole"u8];
    private static readonly byte[] Seal = Pack(Content);

    private readonly string _source;
    private readonly FileAndSeal _packed;
    private readonly GZipStream _unpacked;
    private bool _isOver;

    /// <param name="file">At its start; not disposed of.</param>
    /// <param name="source">What messages call it.</param>
    public GzipStreamOfMembers(Stream file, string source)
    {
        _source = source;
        _packed = new(file);
        _unpacked = new(_packed, CompressionMode.Decompress);
    }

    /// <summary>Bytes of the file's content; 0 at its end, after the last checksum was compared.</summary>
    /// <exception cref="InputException">The file is cut, or has other bytes behind its end.</exception>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty || _isOver)
            return 0;
        try
        {
            int got = _unpacked.Read(buffer);
            if (!_packed.IsSealRead && got > 0)
                return got;
            RequireSeal(buffer[..got]);
            return 0;
        }
        catch (InvalidDataException) when (_packed.IsSealRead)
        {
            throw NotWhole();
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _unpacked.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>The seal is asked for when all of the file has been unpacked, so nothing but its content may follow.</summary>
    private void RequireSeal(ReadOnlySpan<byte> first)
    {
        Span<byte> found = stackalloc byte[Content.Length + 1];
        if (first.Length > Content.Length)
            throw NotWhole();
        first.CopyTo(found);
        int length = first.Length + _unpacked.ReadAtLeast(found[first.Length..], found.Length - first.Length, throwOnEndOfStream: false);
        _isOver = found[..length].SequenceEqual(Content) ? true : throw NotWhole();
    }

    private InputException NotWhole() => new(_source, "packed data", "its end in the middle of a gzip member, or other bytes behind the last one", "a whole gzip file; it is cut or damaged: remove it and fetch it again");

    private static byte[] Pack(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.NoCompression, leaveOpen: true))
            gzip.Write(bytes);
        return packed.ToArray();
    }

    /// <summary>The file's bytes, then the seal's.</summary>
    private sealed class FileAndSeal(Stream file) : ForwardStream
    {
        private int _given;

        public bool IsSealRead { get; private set; }

        public override int Read(Span<byte> buffer)
        {
            if (!IsSealRead && file.Read(buffer) is > 0 and int got)
                return got;
            IsSealRead = true;
            int length = Math.Min(buffer.Length, Seal.Length - _given);
            Seal.AsSpan(_given, length).CopyTo(buffer);
            _given += length;
            return length;
        }
    }
}
