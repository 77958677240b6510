namespace Talweg.Data;

/// <summary>Where the four files of a data set lie.</summary>
/// <param name="Folder">Their folder.</param>
/// <param name="Paths">Train images, train labels, test images, test labels.</param>
public sealed record DatasetLocation(string Folder, IReadOnlyList<string> Paths);

/// <summary>Finds the files of public data sets on disk.</summary>
public static class DatasetLocator
{
    /// <summary>The first folder that holds all four files of the data set, or null; see <see cref="DataRoots"/> for the order.</summary>
    /// <exception cref="InputException">The name is unknown, or <paramref name="root"/> is not a folder.</exception>
    public static DatasetLocation? Find(string name, string? root = null) => Find(DatasetCatalogue.Get(name), DataRoots.Of(root));

    /// <summary>As above, in given roots.</summary>
    public static DatasetLocation? Find(DatasetDescription set, DataRoots roots)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(roots);
        return set.IsDrawn ? null : roots.FoldersFor(set).Select(folder => FindIn(folder, set)).FirstOrDefault(place => place is not null);
    }

    /// <summary>The location of the set if <paramref name="folder"/> holds all its files.</summary>
    internal static DatasetLocation? FindIn(string folder, DatasetDescription set)
    {
        string?[] paths = [.. set.Files.Select(file => PathOf(folder, file))];
        return paths.All(path => path is not null) ? new(folder, paths!) : null;
    }

    /// <summary>Where the search looked and what was missing there, one line per folder.</summary>
    internal static string Describe(DatasetDescription set, DataRoots roots) =>
        string.Join("\n", roots.FoldersFor(set).Select(folder => $"  {folder}: {Missing(folder, set)}"));

    private static string Missing(string folder, DatasetDescription set)
    {
        if (!Directory.Exists(folder))
            return "no such folder";
        string[] missing = [.. set.Files.Where(file => PathOf(folder, file) is null).Select(file => file.Name)];
        return missing.Length == set.Files.Count ? "none of the files" : "lacks " + string.Join(", ", missing);
    }

    private static string? PathOf(string folder, PublishedFile file) =>
        file.NamesOnDisk().Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
}
