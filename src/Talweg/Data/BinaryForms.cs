namespace Talweg.Data;

/// <summary>The files of a <see cref="BinaryFormat"/> in a folder.</summary>
internal sealed class BinaryFilesForm(BinaryFormat format) : DatasetForm
{
    public override string Describe(DatasetDescription set) => string.Join(", ", format.Names);

    public override IReadOnlyList<(string Name, string? Path)> Look(DatasetDescription set, string folder) =>
        [.. format.Names.Select(name => (name, Path.Combine(folder, name))).Select(file => (file.name, File.Exists(file.Item2) ? file.Item2 : null))];

    public override Dataset Read(DatasetDescription set, IReadOnlyList<string> paths, ReadingContext context)
    {
        string classNames = Path.Combine(Path.GetDirectoryName(paths[0])!, format.ClassNamesFile);
        string[] all = File.Exists(classNames) ? [.. paths, classNames] : [.. paths];
        return format.Assemble(set.Name, all.ToDictionary(path => Path.GetFileName(path), path =>
        {
            context.Cancellation.ThrowIfCancellationRequested();
            return BoundedBytes.ReadFile(path, format.LongestOf(Path.GetFileName(path)), $"a file of {set.Name}");
        }));
    }
}

/// <summary>The files of a <see cref="BinaryFormat"/> in the tar archive that is published, read without unpacking it to disk.</summary>
/// <param name="format">What the files hold.</param>
/// <param name="largest">Bytes that the archive may have once unpacked.</param>
/// <param name="toTheEnd">Whether to read on, and so check the whole archive, when all files have been found.</param>
internal sealed class BinaryArchiveForm(BinaryFormat format, long largest, bool toTheEnd) : DatasetForm
{
    public override string Describe(DatasetDescription set) => $"{set.Files[0].Name}.gz";

    public override IReadOnlyList<(string Name, string? Path)> Look(DatasetDescription set, string folder) =>
        [(Describe(set), set.Files[0].NamesOnDisk().Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists))];

    public override Dataset Read(DatasetDescription set, IReadOnlyList<string> paths, ReadingContext context)
    {
        context.Progress?.Report(new($"reading {Path.GetFileName(paths[0])}", 0, 0));
        var files = new Dictionary<string, NamedBytes>();
        foreach (var (name, file) in TarFile.Read(paths[0], largest, LongestOf, toTheEnd ? int.MaxValue : format.Names.Count + 1, context.Cancellation))
        {
            if (!files.TryAdd(Path.GetFileName(name), file))
                throw new InputException(file.Source, "file", "a second one of this name", "each file once");
        }

        var missing = format.Names.Where(name => !files.ContainsKey(name)).ToList();
        if (missing.Count > 0)
            throw new InputException(paths[0], "files", $"none called {string.Join(", ", missing)}", string.Join(", ", format.Names));
        return format.Assemble(set.Name, files);
    }

    public override ChecksumVerdict Compare(DatasetDescription set, int file, string path) => PublishedChecksum.Compare(path, set.Files[0], largest);

    private long? LongestOf(string entry)
    {
        string name = Path.GetFileName(entry);
        return format.Names.Contains(name) || name == format.ClassNamesFile ? format.LongestOf(name) : null;
    }
}
