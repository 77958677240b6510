using Talweg.Storage;

namespace Talweg.Studies.Running;

/// <summary>Where a run keeps its files.</summary>
/// <param name="path">The folder given by <c>--out</c>.</param>
internal sealed class RunFolder(string path)
{
    private readonly OwnFolder _own = new(path);

    /// <summary>The documents that every run writes.</summary>
    public static IReadOnlyList<string> Documents { get; } = [RunRecord.FileName, "findings.json", "report.html"];

    public string Path => path;

    public string Findings => _own.File("findings.json");

    public string Report => _own.File("report.html");

    /// <summary>The figures' folder, made if need be.</summary>
    public OwnFolder Figures => _own.Folder("figures");

    /// <summary>The files that the run made.</summary>
    public MadeFiles Made { get; } = new(new(path));

    public CellFolder Cell(PlannedCell cell) => new(_own, Made, cell.Address);

    /// <summary>Makes the folder if need be, and refuses one that holds something else.</summary>
    public void Open()
    {
        if (File.Exists(Path))
            throw new InputException("--out", Path, "a file", "a folder, or a path where one can be made");
        Directory.CreateDirectory(Path);
        if (!RunRecord.IsIn(Path) && Directory.EnumerateFileSystemEntries(Path).Any(e => !MayBeOurs(System.IO.Path.GetFileName(e))))
            throw new InputException("--out", Path, "files, but no study.json of a run", "an empty folder, a run to continue, or a new path");
    }

    /// <summary>Deletes what a writer that was killed left behind. The lock must be held.</summary>
    public void RemoveLeftovers()
    {
        foreach (string folder in (string[])["figures", "cells"])
            _ = _own.PathOf(folder);     // a link that leads out is refused before anything is measured
        AtomicFile.RemoveLeftovers(Path);
        foreach (string folder in Directory.EnumerateDirectories(Path, "*", WithoutLinks))
            AtomicFile.RemoveLeftovers(folder);
    }

    /// <summary>Deletes what this run recorded that it made, what its cells' trainings keep, folders that are then empty, and nothing else.</summary>
    /// <exception cref="InputException">There is a run, but no record of what it made.</exception>
    public void Clear()
    {
        if (!Made.Exists && RunRecord.IsIn(Path))
            throw new InputException(Path, MadeFiles.FileName, "nothing there", "the list of the files that the run made, without which --fresh cannot know them; delete the run's files by hand, or choose another --out");
        string[] cells = [.. Made.Read().Where(name => name.StartsWith("cells/", StringComparison.Ordinal)).Select(name => name[..name.LastIndexOf('/')]).Distinct()];
        Made.Delete();
        foreach (string cell in cells)
            new CellWeights(_own, cell).Remove();
        foreach (string folder in ((string[])[.. cells, "cells", "figures"]))
            RemoveEmpty(folder);
    }

    /// <summary>Refuses to continue a run of something else.</summary>
    public void RequireSame(RunRecord earlier, RunRecord now)
    {
        var differences = Differences(earlier, now).ToList();
        if (differences.Count > 0)
            throw new InputException($"{Path}: holds a run that differs: {string.Join("; ", differences)}. Give --fresh to delete that run, or another --out.");
    }

    private static EnumerationOptions WithoutLinks => new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };

    private static bool MayBeOurs(string name) => FolderLock.Owns(name) || AtomicFile.Owns(name) || name == MadeFiles.FileName;

    private void RemoveEmpty(string folder)
    {
        string path = _own.PathOf(folder);
        if (Directory.Exists(path) && new DirectoryInfo(path).LinkTarget is null && !Directory.EnumerateFileSystemEntries(path).Any())
            Directory.Delete(path);
    }

    private static IEnumerable<string> Differences(RunRecord earlier, RunRecord now)
    {
        if (earlier.Study != now.Study)
        {
            yield return $"study {earlier.Study} there, {now.Study} here";
            yield break;
        }
        if (earlier.Preset != now.Preset)
            yield return $"preset {earlier.Preset} there, {now.Preset} here";
        foreach (string name in earlier.Parameters.Select(p => p.Key).Union(now.Parameters.Select(p => p.Key)))
        {
            string there = Value(earlier, name), here = Value(now, name);
            if (there != here)
                yield return $"{name} {there} there, {here} here";
        }
    }

    private static string Value(RunRecord record, string name) =>
        record.Parameters.TryGetPropertyValue(name, out var value) ? Parameters.AsText(value) : "absent";
}
