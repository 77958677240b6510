namespace Talweg.Data;

/// <summary>Four idx files, plain or packed: MNIST's form.</summary>
internal sealed class IdxForm : DatasetForm
{
    public override string Describe(DatasetDescription set) => $"{string.Join(", ", set.Files.Select(file => file.Name))} (plain or .gz)";

    public override IReadOnlyList<(string Name, string? Path)> Look(DatasetDescription set, string folder) =>
        [.. set.Files.Select(file => (file.Name, file.NamesOnDisk().Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists)))];

    public override Dataset Read(DatasetDescription set, IReadOnlyList<string> paths, ReadingContext context)
    {
        var train = IdxFile.Read($"{set.Name} train", paths[0], paths[1], set.Classes);
        var test = IdxFile.Read($"{set.Name} test", paths[2], paths[3], set.Classes);
        if ((train.Rows, train.Columns) != (test.Rows, test.Columns))
            throw new InputException(paths[2], "image size", test.Size, $"{train.Size} as in {paths[0]}");
        return Dataset.Of(set.Name, train, test);
    }

    public override ChecksumVerdict Compare(DatasetDescription set, int file, string path) => PublishedChecksum.Compare(path, set.Files[file]);
}
