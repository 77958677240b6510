using Microsoft.Win32.SafeHandles;

namespace Talweg.Data;

/// <summary>Where the bytes of images are: in memory or in a file. Safe from several threads.</summary>
internal abstract class PixelStore
{
    /// <summary>Number of bytes.</summary>
    public abstract long Length { get; }

    /// <summary>All bytes; null where they are not in memory.</summary>
    public virtual ReadOnlyMemory<byte>? Memory => null;

    /// <summary>Copies bytes from <paramref name="start"/> on until <paramref name="bytes"/> is full.</summary>
    public abstract void Read(long start, Span<byte> bytes);

    /// <summary>The first <paramref name="length"/> bytes, not copied.</summary>
    public abstract PixelStore First(long length);
}

/// <summary>Bytes in memory.</summary>
internal sealed class MemoryPixels(ReadOnlyMemory<byte> bytes) : PixelStore
{
    public override long Length => bytes.Length;

    public override ReadOnlyMemory<byte>? Memory => bytes;

    public override void Read(long start, Span<byte> to) => bytes.Span.Slice(checked((int)start), to.Length).CopyTo(to);

    public override PixelStore First(long length) => new MemoryPixels(bytes[..checked((int)length)]);
}

/// <summary>A range of a file, which the operating system keeps in memory as far as there is room.</summary>
/// <remarks>Read, not mapped: a file that somebody cuts short meanwhile gives an error, whereas touching a mapping of it kills the process.</remarks>
internal sealed class FilePixels(SafeFileHandle file, string path, long offset, long length) : PixelStore
{
    public override long Length => length;

    public override void Read(long start, Span<byte> bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes.Length, length - start);
        for (long at = offset + start; bytes.Length > 0;)
        {
            int got = RandomAccess.Read(file, bytes, at);
            if (got == 0)
                throw new InputException(path, "pixels", $"the end of the file at byte {at}", $"{offset + length} bytes; remove the file, and it will be made again");
            at += got;
            bytes = bytes[got..];
        }
    }

    public override PixelStore First(long shorter) => new FilePixels(file, path, offset, shorter);
}
