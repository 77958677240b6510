using System.Text;

namespace Talweg.Storage;

/// <summary>Writes a file so that a reader sees the old one or the new one, never a part, even if the program is killed.</summary>
public static class AtomicFile
{
    /// <summary>
    /// Writes to a temporary file in the same folder, flushes it to disk and renames it over <paramref name="path"/>. If
    /// <paramref name="write"/> fails, the old file stays as it was. The folder is made if it is missing.
    /// </summary>
    /// <param name="path">The file to write or replace.</param>
    /// <param name="write">Writes the contents; the stream is seekable and closed by this method.</param>
    /// <exception cref="InputException">The folder does not let this user make the file.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(write);
        string full = Path.GetFullPath(path);
        string temporary = Path.Combine(Path.GetDirectoryName(full) ?? full, $".{Path.GetFileName(full)}.{Path.GetRandomFileName()}.tmp");
        var stream = Create(path, temporary);
        try
        {
            using (stream)
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            Replace(path, temporary, full);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>As <see cref="Write"/>, for text in UTF-8 without a byte order mark.</summary>
    /// <param name="path">The file to write or replace.</param>
    /// <param name="text">Its contents.</param>
    /// <exception cref="InputException">The folder does not let this user make the file.</exception>
    public static void WriteAllText(string path, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text)));
    }

    private static FileStream Create(string path, string temporary) => Refusing(path, () =>
    {
        Directory.CreateDirectory(Path.GetDirectoryName(temporary)!);
        return new FileStream(temporary, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
    });

    private static void Replace(string path, string temporary, string full) => Refusing(path, () =>
    {
        File.Move(temporary, full, overwrite: true);
        return true;
    });

    private static T Refusing<T>(string path, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception e) when (e is UnauthorizedAccessException or DirectoryNotFoundException or PathTooLongException or IOException)
        {
            throw new InputException($"{path}: cannot be written: {e.Message}", e);
        }
    }
}
