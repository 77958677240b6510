namespace Talweg.Data;

/// <summary>The folders in which Talweg looks for data sets.</summary>
/// <param name="Explicit">Given by the user for this command (`--data-root`); null if not.</param>
/// <param name="Environment">From TALWEG_DATA; null if not set.</param>
/// <param name="Cache">The user's cache, where downloads and the drawn digits go.</param>
public sealed record DataRoots(string? Explicit, string? Environment, string Cache)
{
    /// <summary>The environment variable that names a data folder.</summary>
    public const string Variable = "TALWEG_DATA";

    /// <summary>The roots of this process, with <paramref name="explicitRoot"/> first.</summary>
    /// <exception cref="InputException">The explicit root is not a folder.</exception>
    public static DataRoots Of(string? explicitRoot)
    {
        if (explicitRoot is not null && !Directory.Exists(explicitRoot))
            throw new InputException("--data-root", "folder", $"\"{explicitRoot}\", which does not exist", "a folder with data sets");
        string? variable = System.Environment.GetEnvironmentVariable(Variable);
        return new(explicitRoot, string.IsNullOrWhiteSpace(variable) ? null : variable, UserCache());
    }

    /// <summary>The roots in the order of search.</summary>
    public IEnumerable<string> InOrder() => ((string?[])[Explicit, Environment, Cache]).OfType<string>().Distinct();

    /// <summary>The folders in which <paramref name="set"/> may lie, in the order of search.</summary>
    public IEnumerable<string> FoldersFor(DatasetDescription set)
    {
        ArgumentNullException.ThrowIfNull(set);
        if (set.Folder is not null)
        {
            yield return set.Folder;
            yield break;
        }
        foreach (string root in InOrder())
        {
            if (set.Subfolder is not null)
                yield return Path.Combine(root, set.Name, set.Subfolder);
            yield return Path.Combine(root, set.Name);
            if (set.Name == "mnist")                           // whose file names others share; only mnist may lie without a folder of its own
                yield return root;
        }
    }

    private static string UserCache()
    {
        if (OperatingSystem.IsWindows())
            return Path.Combine(Folder(System.Environment.SpecialFolder.LocalApplicationData), "talweg", "data");
        string? cache = System.Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        if (!Path.IsPathFullyQualified(cache ?? ""))           // the XDG standard: relative paths are to be ignored
            cache = Path.Combine(Folder(System.Environment.SpecialFolder.UserProfile), ".cache");
        return Path.Combine(cache!, "talweg", "data");
    }

    private static string Folder(System.Environment.SpecialFolder folder)
    {
        string path = System.Environment.GetFolderPath(folder);
        return path.Length > 0 ? path : Path.GetTempPath();
    }
}
