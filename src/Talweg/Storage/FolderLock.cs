namespace Talweg.Storage;

/// <summary>Keeps everybody else out of a folder while one writes there, other threads of the same process included.</summary>
/// <remarks>
/// The operating system holds it, as a lock on the folder's file <c>.lock</c>: who dies, however he dies, holds none. That file stays,
/// empty. Beside it <c>.lock-holder</c> names the process while it holds the lock, for others to read.
/// </remarks>
public sealed class FolderLock : IDisposable
{
    private const string FileName = ".lock";

    private readonly FileStream _file;
    private readonly LockHolder _holder;

    private FolderLock(string folder, FileStream file)
    {
        (Folder, _file) = (folder, file);
        _holder = new(folder);
        try
        {
            _holder.Write();
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>The folder, as it was given.</summary>
    public string Folder { get; }

    /// <summary>Takes a folder's lock, or says who has it; the folder is made if it is missing.</summary>
    /// <exception cref="InputException">Another holds it; or the folder cannot be written.</exception>
    public static FolderLock Take(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        return TryTake(folder, "") ?? throw new InputException($"{folder}: {new LockHolder(folder).Name} is running in this folder; wait for it, stop it, or choose another folder.");
    }

    /// <summary>Waits until the lock of a folder is free, and takes it; the folder is made if it is missing.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="wayOut">What to do if the folder cannot be written, a sentence.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="InputException">The folder cannot be written.</exception>
    public static FolderLock Wait(string folder, string wayOut, CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            if (TryTake(folder, wayOut) is { } held)
                return held;
            cancellation.WaitHandle.WaitOne(TimeSpan.FromMilliseconds(100));
        }
    }

    /// <summary>To be asked before a file is written: the folder is still the one that was locked.</summary>
    /// <exception cref="InputException">It was deleted or moved, and is gone or another's.</exception>
    public void RequireHeld()
    {
        if (!_holder.IsStill)
            throw new InputException($"{Folder}: the folder was deleted, moved or unmounted while this process wrote in it; nothing more was written.");
    }

    /// <summary>Whether a folder's file of this name is a lock's, not anybody's work.</summary>
    public static bool Owns(string name) => name is FileName or LockHolder.FileName;

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            _holder.Remove();
        }
        finally
        {
            _file.Dispose();
        }
    }

    private static FolderLock? TryTake(string folder, string wayOut)
    {
        try
        {
            Directory.CreateDirectory(folder);
            return new(folder, Open(Path.Combine(folder, FileName)));
        }
        catch (IOException e) when (IsHeldElsewhere(e))
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{folder}: the folder cannot be written: {OutputPath.Reason(e)}{(wayOut.Length > 0 ? " " : "")}{wayOut}", e);
        }
    }

    /// <summary>Nothing is ever written into the file, so that it does no harm if it is not ours.</summary>
    private static FileStream Open(string path)
    {
        if (new FileInfo(path).LinkTarget is { } target)
            throw new InputException(path, "file", $"a link to {Quoted.Name(target)}", "an empty file of Talweg's own, or none; remove the link");
        if (FileKinds.OfEntry(path) is not (FileKind.None or FileKind.Regular) and var kind)
            throw new InputException(path, "file", kind.InWords(), "an empty file of Talweg's own, or none");
        return new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
    }

    // ERROR_SHARING_VIOLATION on Windows; elsewhere .NET hands on EWOULDBLOCK: 11 on Linux, 35 on macOS. A full disk is something else.
    private static bool IsHeldElsewhere(IOException e) => e.HResult is unchecked((int)0x80070020) or 11 or 35;
}
