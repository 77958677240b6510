using System.Runtime.InteropServices;

namespace Talweg.Cli.Host;

/// <summary>Standard output by its descriptor. Unlike the console's own stream it does not keep silent when the reader has gone.</summary>
internal sealed class ResultStream(int descriptor) : Stream
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    /// <exception cref="InputException">Standard output takes no more.</exception>
    public override unsafe void Write(ReadOnlySpan<byte> buffer)
    {
        fixed (byte* bytes = buffer)
        {
            for (int done = 0; done < buffer.Length;)
            {
                nint written = LinuxCalls.Write(descriptor, bytes + done, buffer.Length - done);
                if (written >= 0)
                    done += (int)written;
                else
                    Judge(Marshal.GetLastPInvokeError());
            }
        }
    }

    private static void Judge(int error)
    {
        if (error == LinuxCalls.TryAgain)
            Thread.Sleep(Pause);                               // somebody made the pipe non-blocking, and it is full
        else if (error != LinuxCalls.Interrupted)
            throw new InputException("standard output", "writing", error == LinuxCalls.BrokenPipe ? "that its reader has gone" : Marshal.GetPInvokeErrorMessage(error), "one that takes all results; files were written whole");
    }
}
