using Talweg.Storage;

namespace Talweg.Studies.Running;

/// <summary>Where a run keeps its files.</summary>
/// <param name="Path">The folder given by <c>--out</c>.</param>
internal sealed record RunFolder(string Path)
{
    public string Cells => System.IO.Path.Combine(Path, "cells");

    public string Figures => System.IO.Path.Combine(Path, "figures");

    public string Findings => System.IO.Path.Combine(Path, "findings.json");

    public string Report => System.IO.Path.Combine(Path, "report.html");

    public string Cell(PlannedCell cell) => System.IO.Path.Combine(Cells, cell.Address);

    /// <summary>Makes the folder if need be, and refuses one that holds something else.</summary>
    public void Open()
    {
        if (File.Exists(Path))
            throw new InputException("--out", Path, "a file", "a folder, or a path where one can be made");
        Directory.CreateDirectory(Path);
        bool isRun = File.Exists(System.IO.Path.Combine(Path, "study.json"));
        if (!isRun && Directory.EnumerateFileSystemEntries(Path).Any(e => !FolderLock.Owns(System.IO.Path.GetFileName(e))))
            throw new InputException("--out", Path, "files, but no study.json of a run", "an empty folder, a run to continue, or a new path");
    }

    /// <summary>Deletes what runs write, and nothing else.</summary>
    public void Clear()
    {
        foreach (string cell in Subfolders(Cells).Where(IsAddress))
            Directory.Delete(cell, recursive: true);
        foreach (string figure in Files(Figures).Where(f => System.IO.Path.GetExtension(f) is ".svg" or ".png"))
            File.Delete(figure);
        foreach (string folder in new[] { Cells, Figures }.Where(f => Directory.Exists(f) && !Directory.EnumerateFileSystemEntries(f).Any()))
            Directory.Delete(folder);
        foreach (string file in new[] { Findings, Report, System.IO.Path.Combine(Path, "study.json") })
            File.Delete(file);
    }

    /// <summary>Refuses to continue a run of something else.</summary>
    public void RequireSame(RunRecord earlier, RunRecord now)
    {
        var differences = Differences(earlier, now).ToList();
        if (differences.Count > 0)
            throw new InputException($"{Path}: holds a run that differs: {string.Join("; ", differences)}. Give --fresh to delete that run, or another --out.");
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

    private static IEnumerable<string> Subfolders(string folder) => Directory.Exists(folder) ? Directory.EnumerateDirectories(folder) : [];

    private static IEnumerable<string> Files(string folder) => Directory.Exists(folder) ? Directory.EnumerateFiles(folder) : [];

    private static bool IsAddress(string folder) =>
        System.IO.Path.GetFileName(folder) is { Length: 16 } name && name.All(char.IsAsciiHexDigitLower);
}
