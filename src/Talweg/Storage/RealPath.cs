namespace Talweg.Storage;

/// <summary>Where a path really leads.</summary>
internal static class RealPath
{
    private const int MostLinks = 40;   // as Linux does

    /// <summary>The full path with every link in it followed, folders first, as the system would; what is missing stays as it is.</summary>
    /// <exception cref="InputException">Links lead round in a circle, or into an open file of a process.</exception>
    public static string Of(string path)
    {
        string full = Path.Combine(Environment.CurrentDirectory, path);
        string done = Path.GetPathRoot(full)!;
        var rest = new Stack<string>(Parts(full[done.Length..]));
        for (int links = 0; rest.TryPop(out string? part);)
        {
            if (part == "..")
            {
                done = Path.GetDirectoryName(done) ?? done;
                continue;
            }
            string next = Path.Combine(done, part);
            if (new FileInfo(next).LinkTarget is not { } target)
            {
                done = next;
                continue;
            }
            if (++links > MostLinks || next.StartsWith("/proc/", StringComparison.Ordinal))
                throw new InputException(path, "file", links > MostLinks ? "links that lead round in a circle" : "an open file of a process", "a file, or a link to one");
            if (Path.IsPathRooted(target))
                done = Path.GetPathRoot(target)!;
            foreach (string step in Parts(target[(Path.GetPathRoot(target)?.Length ?? 0)..]))
                rest.Push(step);
        }
        return done;
    }

    /// <summary>The names along a relative path, the last first.</summary>
    private static IEnumerable<string> Parts(string path) =>
        path.Split([Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar], StringSplitOptions.RemoveEmptyEntries).Where(part => part != ".").Reverse();
}
