namespace Talweg.Storage;

/// <summary>A folder that Talweg keeps by itself: a run's, a training's. Nothing in it leads out of it, and all in it are regular files and folders.</summary>
/// <remarks>
/// The folder may come from somebody else, with a link by the name of a file that Talweg writes, or a named pipe by the name of one
/// that it reads. So every path below it is asked for here, each time that it is used.
/// </remarks>
/// <param name="path">The folder; it may itself be reached by links.</param>
public sealed class OwnFolder(string path)
{
    /// <summary>The folder, as it was named.</summary>
    public string Path { get; } = path;

    /// <summary>The path of a file or a folder in the folder, whether it is there or not.</summary>
    /// <param name="name">Its name, or its path relative to the folder.</param>
    /// <exception cref="InputException">A link on the way leads out of the folder, something else than a file or folder is there, or the folder is gone.</exception>
    public string PathOf(string name)
    {
        string path = Within(name);
        if (FileKinds.Of(path) is not (FileKind.None or FileKind.Regular or FileKind.Folder) and var kind)
            throw new InputException(path, "file", kind.InWords(), "a regular file or a folder, as Talweg writes them");
        return path;
    }

    /// <summary>The path of a file in the folder, to be read or written, whether it is there or not.</summary>
    /// <param name="name">Its name, or its path relative to the folder.</param>
    /// <exception cref="InputException">A link on the way leads out of the folder, something else than a regular file is there, or the folder is gone.</exception>
    public string File(string name)
    {
        string file = Within(name);
        if (FileKinds.Of(file) is not (FileKind.None or FileKind.Regular) and var kind)
            throw new InputException(file, "file", kind.InWords(), "a regular file, as Talweg writes it");
        return file;
    }

    /// <summary>A folder in the folder, made if need be; what is asked of it may not lead out of it either.</summary>
    /// <param name="name">Its name, or its path relative to the folder.</param>
    /// <exception cref="InputException">A link on the way leads out of this folder, there is something else than a folder, or this folder is gone.</exception>
    public OwnFolder Folder(string name)
    {
        string folder = Within(name);
        if (FileKinds.Of(folder) is not (FileKind.None or FileKind.Folder) and var kind)
            throw new InputException(folder, "folder", kind.InWords(), "a folder, as Talweg makes it");
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{folder}: the folder cannot be made: {OutputPath.Reason(error)}", error);
        }
        return new(folder);
    }

    /// <summary>Deletes a file, if it is a regular one and no link leads to it; anything else stays as it is.</summary>
    /// <param name="name">Its name, or its path relative to the folder.</param>
    public void Remove(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        string[] parts = name.Split('/');
        if (System.IO.Path.IsPathRooted(name) || parts.Contains("..") || !LiesInFolders(parts) || FileKinds.OfEntry(System.IO.Path.Combine(Path, name)) != FileKind.Regular)
            return;
        System.IO.File.Delete(System.IO.Path.Combine(Path, name));
    }

    private bool LiesInFolders(string[] parts)
    {
        string folder = Path;
        return parts[..^1].All(part => FileKinds.OfEntry(folder = System.IO.Path.Combine(folder, part)) == FileKind.Folder);
    }

    private string Within(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (!Directory.Exists(Path))
            throw new InputException($"{Path}: the folder is gone; somebody has deleted, moved or unmounted it.");
        string full = System.IO.Path.Combine(Path, name);
        string root = RealPath.Of(Path);
        string real = RealPath.Of(full);
        string inside = root.EndsWith(System.IO.Path.DirectorySeparatorChar) ? root : root + System.IO.Path.DirectorySeparatorChar;
        return real.StartsWith(inside, StringComparison.Ordinal) ? full
            : throw new InputException($"{full}: leads out of {Path}, to {real}. Files in this folder are Talweg's own; delete the link, or choose another folder.");
    }
}
