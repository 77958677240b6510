namespace Talweg.Data;

/// <summary>The folder in which Talweg looks for data sets: the first of these that there is, and no other.</summary>
/// <remarks>Whoever names a folder wants the data from there: if they are not there, that is told, and none are taken from elsewhere.</remarks>
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

    /// <summary>The folder that the user named, and the only one in which data are looked for then; null if he named none.</summary>
    public string? Named => Explicit ?? Environment;

    /// <summary>What named it: the option or the variable.</summary>
    public string NamedBy => Explicit is not null ? "--data-root" : Variable;

    /// <summary>The folders in which <paramref name="set"/> may lie, in the order of search.</summary>
    public IEnumerable<string> FoldersFor(DatasetDescription set)
    {
        ArgumentNullException.ThrowIfNull(set);
        if (set.Folder is not null)
            return [set.Folder];
        string root = Named ?? Cache;
        string[] own = set.Subfolder is null ? [set.Name] : [Path.Combine(set.Name, set.Subfolder), set.Name];
        string[] folders = [.. own, .. set.OtherFolders, .. set.Name == "mnist" ? (string[])[""] : []];   // whose file names others share; only mnist may lie without a folder of its own
        return folders.Select(folder => folder.Length == 0 ? root : Path.Combine(root, folder));
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
