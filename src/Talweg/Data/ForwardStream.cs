namespace Talweg.Data;

/// <summary>A stream that is read from its start to its end and knows nothing else.</summary>
internal abstract class ForwardStream : Stream
{
    public sealed override bool CanRead => true;

    public sealed override bool CanSeek => false;

    public sealed override bool CanWrite => false;

    public sealed override long Length => throw new NotSupportedException();

    public sealed override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public abstract override int Read(Span<byte> buffer);

    public sealed override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public sealed override void Flush() => throw new NotSupportedException();

    public sealed override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public sealed override void SetLength(long value) => throw new NotSupportedException();

    public sealed override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}

/// <summary>Passes a stream on and counts; refuses to go on after the bytes allowed. Not seekable, so that a claimed length is never skipped over.</summary>
/// <param name="inner">Not disposed of.</param>
/// <param name="largest">Bytes allowed.</param>
/// <param name="source">What messages call it.</param>
internal sealed class CountedStream(Stream inner, long largest, string source) : ForwardStream
{
    private long _count;

    /// <summary>Bytes that may still come.</summary>
    public long Left => largest - _count;

    public override int Read(Span<byte> buffer)
    {
        int got = inner.Read(buffer);
        _count += got;
        return _count <= largest ? got : throw new InputException(source, "unpacked data", $"more than {largest} bytes", "less");
    }

    /// <summary>Reads to the end, which is how packed data are checked.</summary>
    public void Drain(CancellationToken cancellation)
    {
        byte[] block = new byte[1 << 16];
        while (Read(block) > 0)
            cancellation.ThrowIfCancellationRequested();
    }
}
