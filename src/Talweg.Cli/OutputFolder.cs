using System.CommandLine;
using Talweg.Storage;

namespace Talweg.Cli;

/// <summary>The folder that <c>--out</c> names.</summary>
internal static class OutputFolder
{
    /// <summary>The option that lets a command replace what it did not make, or begin anew what it did.</summary>
    public static Option<bool> OverwriteOption(string what) => new("--overwrite") { Description = $"Start afresh, and replace {what} that is there (default: go on with what the same command began, and refuse anything else)" };

    /// <exception cref="InputException">It holds something else than this command's work.</exception>
    public static void RequireOwn(string folder, Func<string, bool> isOwn, string record, bool overwrite)
    {
        if (!overwrite && Directory.Exists(folder) && !isOwn(folder) && Directory.EnumerateFileSystemEntries(folder).Any(IsSomebodys))
            throw new InputException("--out", folder, $"files, but no {record}", "an empty folder, one in which the same command was run before, or a new path; --overwrite replaces files of the names that this command writes");
    }

    private static bool IsSomebodys(string path) => Path.GetFileName(path) is var name && !FolderLock.Owns(name) && !AtomicFile.Owns(name);
}
