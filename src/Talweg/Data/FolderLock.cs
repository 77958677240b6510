namespace Talweg.Data;

/// <summary>Keeps other processes from filling the same folder at the same time.</summary>
internal static class FolderLock
{
    /// <summary>Waits until this process alone may write into <paramref name="folder"/>, which is made if need be; dispose to let go.</summary>
    /// <exception cref="InputException">The folder cannot be written.</exception>
    public static FileStream Take(string folder, CancellationToken cancellation)
    {
        string path = Path.Combine(folder, ".lock");
        try
        {
            Directory.CreateDirectory(folder);
            while (true)
            {
                cancellation.ThrowIfCancellationRequested();
                if (TryOpen(path) is { } held)
                    return held;
                cancellation.WaitHandle.WaitOne(TimeSpan.FromMilliseconds(100));
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{folder}: the folder for data cannot be written ({e.Message}). Set XDG_CACHE_HOME, or put the files into a folder and name it with --data-root.", e);
        }
    }

    private static FileStream? TryOpen(string path)
    {
        try
        {
            return new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (IsHeldElsewhere(e))
        {
            return null;
        }
    }

    // ERROR_SHARING_VIOLATION on Windows; elsewhere .NET hands on EWOULDBLOCK: 11 on Linux, 35 on macOS.
    private static bool IsHeldElsewhere(IOException e) => e.HResult is unchecked((int)0x80070020) or 11 or 35;
}
