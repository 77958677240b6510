using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Talweg.Storage;

/// <summary>Writes a file so that a reader sees the old one or the new one, never a part, even if the program is killed.</summary>
public static partial class AtomicFile
{
    /// <summary>
    /// Writes to a temporary file in the same folder, flushes it to disk and renames it over <paramref name="path"/>. If
    /// <paramref name="write"/> fails, the old file stays as it was. The folder is made if it is missing.
    /// </summary>
    /// <remarks>
    /// A link stays a link: the file that it leads to is replaced. The new file has the old one's mode, and its owner where this
    /// user may give files away. Devices, named pipes, sockets and folders are refused.
    /// </remarks>
    /// <param name="path">The file to write or replace.</param>
    /// <param name="write">Writes the contents; the stream is seekable and closed by this method.</param>
    /// <exception cref="InputException">There is no regular file at the path, the folder does not let this user make the file, or the disk is full.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(write);
        string? temporary = null;
        try
        {
            string target = OutputPath.Of(path);
            string folder = Path.GetDirectoryName(target) ?? target;
            Directory.CreateDirectory(folder);
            temporary = Path.Combine(folder, $".talweg-{RandomNumberGenerator.GetHexString(16, lowercase: true)}.tmp");
            WriteThrough(temporary, write);
            KeepRights(target, temporary);
            File.Move(temporary, target, overwrite: true);
        }
        catch (Exception error) when (OutputPath.IsRefusal(error))
        {
            throw new InputException($"{path}: cannot be written: {OutputPath.Reason(error)}", error);
        }
        finally
        {
            if (File.Exists(temporary))
                File.Delete(temporary);
        }
    }

    /// <summary>As <see cref="Write"/>, for text in UTF-8 without a byte order mark.</summary>
    /// <param name="path">The file to write or replace.</param>
    /// <param name="text">Its contents.</param>
    /// <exception cref="InputException">As <see cref="Write"/>.</exception>
    public static void WriteAllText(string path, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text)));
    }

    /// <summary>Deletes the temporary files of writers that were killed. Only for a folder in which nobody else writes now.</summary>
    /// <param name="folder">The folder; those in it are not looked into. None need be there.</param>
    public static void RemoveLeftovers(string folder)
    {
        if (!Directory.Exists(folder))
            return;
        foreach (string file in Directory.EnumerateFiles(folder, ".talweg-*.tmp").Where(IsLeftover))
            File.Delete(file);
    }

    /// <summary>Whether a file's name is that of a temporary file, which a killed writer may have left.</summary>
    public static bool Owns(string name) => TemporaryName().IsMatch(name);

    private static bool IsLeftover(string file) => Owns(Path.GetFileName(file)) && FileKinds.OfEntry(file) == FileKind.Regular;

    private static void WriteThrough(string temporary, Action<Stream> write)
    {
        using var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
        write(stream);
        stream.Flush(flushToDisk: true);
    }

    private static void KeepRights(string old, string temporary)
    {
        if (OperatingSystem.IsWindows() || !File.Exists(old))
            return;
        // Who may not give files away keeps what he wrote: the rename still does what he asked for.
        if (FileKinds.Owner(old) is { } owner && owner != FileKinds.Owner(temporary))
            _ = ChangeOwner(temporary, owner.User, owner.Group);
        File.SetUnixFileMode(temporary, File.GetUnixFileMode(old));
    }

    [GeneratedRegex(@"^\.talweg-[0-9a-f]{16}\.tmp$")]
    private static partial Regex TemporaryName();

    [LibraryImport("libc", EntryPoint = "chown", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int ChangeOwner(string path, uint user, uint group);
}
