namespace Talweg.Data;

/// <summary>The way to data: by name, from disk, else downloaded or drawn.</summary>
public static class Datasets
{
    /// <summary>Loads a data set of the catalogue; what is missing is downloaded into the user's cache, unless a folder was named, or drawn.</summary>
    /// <param name="name">A name in <see cref="DatasetCatalogue"/>.</param>
    /// <param name="root">The folder to look in; see <see cref="DataRoots"/>.</param>
    /// <param name="progress">Told of downloads and drawing, which take seconds to minutes.</param>
    /// <param name="cancellation">Stops a download; what has arrived is kept and resumed.</param>
    /// <exception cref="InputException">The name is unknown, files are damaged, the set is not in the folder that was named, or it is neither on disk nor to be had.</exception>
    public static Dataset Load(string name, string? root = null, IProgress<WorkProgress>? progress = null, CancellationToken cancellation = default) =>
        Load(DatasetCatalogue.Get(name), DataRoots.Of(root), new DownloadLimits(), progress, cancellation);

    /// <summary>Reports on every data set of the catalogue without loading any.</summary>
    public static IReadOnlyList<DatasetStatus> InspectAll(string? root = null) =>
        [.. DatasetCatalogue.All.Select(set => Inspect(set, DataRoots.Of(root), read: false))];

    /// <summary>Reports on one data set.</summary>
    /// <param name="name">A name in <see cref="DatasetCatalogue"/>.</param>
    /// <param name="root">The folder to look in; see <see cref="DataRoots"/>.</param>
    /// <param name="read">Whether to read the files, count images and compare checksums, which takes a second.</param>
    public static DatasetStatus Inspect(string name, string? root = null, bool read = true) =>
        Inspect(DatasetCatalogue.Get(name), DataRoots.Of(root), read);

    internal static Dataset Load(
        DatasetDescription set, DataRoots roots, DownloadLimits limits, IProgress<WorkProgress>? progress, CancellationToken cancellation)
    {
        if (set.IsDrawn)
            return DigitsCache.Standard.Load(roots.Cache, progress, cancellation);
        var place = DatasetLocator.Find(set, roots) ?? Download(set, roots, limits, progress, cancellation);
        return Read(set, place, new(roots.Cache, progress, cancellation));
    }

    private static Dataset Read(DatasetDescription set, DatasetLocation place, ReadingContext context)
    {
        var data = place.Form.Read(set, place.Paths, context);
        return data with { Source = data.Source with { Files = [.. place.Paths.Select(Path.GetFullPath)], Remark = place.Form.Remark } };
    }

    internal static DatasetStatus Inspect(DatasetDescription set, DataRoots roots, bool read)
    {
        if (set.IsDrawn)
            return InspectDrawn(set, DigitsCache.FolderIn(roots.Cache), read);
        var status = new DatasetStatus { Name = set.Name, Title = set.Title, Presence = DatasetPresence.Missing };
        if (DatasetLocator.Find(set, roots) is not { } place)
            return CanDownload(set, roots) ? status with { Presence = DatasetPresence.ToDownload } : status with { Remark = NotThere(set, roots) };
        status = status with { Presence = DatasetPresence.Present, Folder = place.Folder, Remark = place.Form.Remark };
        return read ? ReadInto(status, set, place, new(roots.Cache, null, CancellationToken.None)) : status;
    }

    private static DatasetStatus InspectDrawn(DatasetDescription set, string folder, bool read)
    {
        var status = new DatasetStatus { Name = set.Name, Title = set.Title, Presence = DatasetPresence.ToDraw };
        if (!DigitsCache.IsPresent(folder))
            return status;
        status = status with { Presence = DatasetPresence.Present, Folder = folder };
        if (!read)
            return status;
        return DigitsCache.Standard.TryRead(folder) is { } data
            ? status with { Source = data.Source, TrainCount = data.Train.Count, TestCount = data.Test.Count, Checksum = data.Checksum }
            : status with { Problem = "the cached files are not the digits that Talweg draws; the next use draws them anew" };
    }

    private static DatasetStatus ReadInto(DatasetStatus status, DatasetDescription set, DatasetLocation place, ReadingContext context)
    {
        try
        {
            var data = Read(set, place, context);
            var files = set.Files.Count == 0 ? [] : place.Paths.Select((path, file) => new FileVerdict(path, place.Form.Compare(set, file, path)));
            return status with { Source = data.Source, TrainCount = data.Train.Count, TestCount = data.Test.Count, Checksum = data.Checksum, Files = [.. files] };
        }
        catch (InputException e)
        {
            return status with { Problem = e.Message };
        }
    }

    private static DatasetLocation Download(
        DatasetDescription set, DataRoots roots, DownloadLimits limits, IProgress<WorkProgress>? progress, CancellationToken cancellation)
    {
        if (set.Folder is not null)
            throw new InputException(set.Name, "folder", $"none at {set.Folder}", $"a folder with {set.Forms[0].Describe(set)}");
        if (!CanDownload(set, roots))
            throw new InputException($"{set.Name}: {NotThere(set, roots)}; looked in\n{DatasetLocator.Describe(set, roots)}\n{WayOut(set, roots)}");
        string folder = Path.Combine(roots.Cache, set.Name);
        try
        {
            using var downloader = new DatasetDownloader(limits);
            downloader.Download(set, folder, progress, cancellation);
        }
        catch (InputException e)
        {
            throw new InputException($"{e.Message}\nIt is not on disk either; looked in\n{DatasetLocator.Describe(set, roots)}\n{Remedy(set)}", e);
        }
        return DatasetLocator.FindIn(folder, set) ?? throw new InputException(folder, set.Name, "files removed meanwhile", "the files just downloaded");
    }

    /// <summary>Only what others publish can be had, and only where the user did not say where it lies.</summary>
    private static bool CanDownload(DatasetDescription set, DataRoots roots) => set.Files.Count > 0 && roots.Named is null;

    private static string NotThere(DatasetDescription set, DataRoots roots) =>
        set.Folder is null ? $"not in {Path.GetFullPath(roots.Named!)}, which {roots.NamedBy} names" : "there is no such folder";

    private static string WayOut(DatasetDescription set, DataRoots roots) =>
        $"Expected in one of these: {Forms(set)}. Put them there, name another folder, or {(roots.Explicit is not null ? "leave --data-root out" : $"unset {DataRoots.Variable}")}: "
        + "where no folder is named, the user's cache is looked in, and what is not there is downloaded.";

    private static string Forms(DatasetDescription set) => string.Join(", or ", set.Forms.Select(form => form.Describe(set)));

    private static string Remedy(DatasetDescription set) =>
        $"To provide it, put {Forms(set)} into FOLDER/{set.Name} "
        + $"and give --data-root FOLDER or set {DataRoots.Variable}=FOLDER. The data set \"digits\" needs no files and no network.";
}
