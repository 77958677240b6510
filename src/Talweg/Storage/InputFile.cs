using Microsoft.Win32.SafeHandles;

namespace Talweg.Storage;

/// <summary>A file that a user named, opened for reading at any place while others may still write it.</summary>
internal sealed class InputFile : IDisposable
{
    private readonly SafeFileHandle handle;

    private InputFile(string path, SafeFileHandle handle)
    {
        Path = path;
        this.handle = handle;
        Length = RandomAccess.GetLength(handle);
    }

    /// <summary>The path as the user gave it.</summary>
    public string Path { get; }

    /// <summary>Bytes when it was opened.</summary>
    public long Length { get; }

    /// <exception cref="InputException">There is no such file, it is no regular file, or it cannot be read.</exception>
    public static InputFile Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        FileKinds.RequireReadable(path);
        SafeFileHandle? handle = null;
        try
        {
            handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return new InputFile(path, handle);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            handle?.Dispose();
            throw e is FileNotFoundException or DirectoryNotFoundException
                ? new InputException(path, "file", "nothing there", "a file")
                : new InputException($"{path}: cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Fills <paramref name="destination"/> with the bytes from <paramref name="offset"/> on.</summary>
    /// <exception cref="InputException">The file ends before that.</exception>
    public void Read(long offset, Span<byte> destination)
    {
        while (!destination.IsEmpty)
        {
            int read = RandomAccess.Read(handle, destination, offset);
            if (read == 0)
                throw new InputException(Path, "file", $"its end at byte {offset}", $"{Length} bytes, as when it was opened");
            offset += read;
            destination = destination[read..];
        }
    }

    public void Dispose() => handle.Dispose();
}
