namespace Talweg.Data;

/// <summary>Where the files of a data set lie.</summary>
/// <param name="Folder">Their folder.</param>
/// <param name="Paths">For idx files: train images, train labels, test images, test labels. Else one archive, or the files of a format in its order.</param>
public sealed record DatasetLocation(string Folder, IReadOnlyList<string> Paths)
{
    /// <summary>How the files are to be read.</summary>
    internal DatasetForm Form { get; init; } = new IdxForm();
}

/// <summary>Finds the files of public data sets on disk.</summary>
public static class DatasetLocator
{
    /// <summary>The first folder that holds all files of the data set, or null; see <see cref="DataRoots"/> for where that is.</summary>
    /// <exception cref="InputException">The name is unknown, or <paramref name="root"/> is not a folder.</exception>
    public static DatasetLocation? Find(string name, string? root = null) => Find(DatasetCatalogue.Get(name), DataRoots.Of(root));

    /// <summary>As above, in given roots.</summary>
    public static DatasetLocation? Find(DatasetDescription set, DataRoots roots)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(roots);
        return set.IsDrawn ? null : roots.FoldersFor(set).Select(folder => FindIn(folder, set)).FirstOrDefault(place => place is not null);
    }

    /// <summary>The location of the set if <paramref name="folder"/> holds all its files in one of its forms.</summary>
    internal static DatasetLocation? FindIn(string folder, DatasetDescription set)
    {
        foreach (var form in set.Forms)
        {
            var files = form.Look(set, folder);
            if (files.All(file => file.Path is not null))
                return new(folder, [.. files.Select(file => file.Path!)]) { Form = form };
        }

        return null;
    }

    /// <summary>Where the search looked and what was missing there, one line per folder.</summary>
    internal static string Describe(DatasetDescription set, DataRoots roots) =>
        string.Join("\n", roots.FoldersFor(set).Select(folder => $"  {Path.GetFullPath(folder)}: {Missing(folder, set)}"));

    private static string Missing(string folder, DatasetDescription set)
    {
        if (!Directory.Exists(folder))
            return "no such folder";
        var begun = set.Forms.Select(form => form.Look(set, folder)).FirstOrDefault(files => files.Any(file => file.Path is not null));
        return begun is null ? "none of the files" : "lacks " + string.Join(", ", begun.Where(file => file.Path is null).Select(file => file.Name));
    }
}
