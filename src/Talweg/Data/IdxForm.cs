namespace Talweg.Data;

/// <summary>Four idx files, plain or packed: MNIST's form.</summary>
internal sealed class IdxForm : DatasetForm
{
    public override string Describe(DatasetDescription set) => $"{string.Join(", ", set.Files.Select(file => file.Name))} (plain or .gz)";

    public override IReadOnlyList<(string Name, string? Path)> Look(DatasetDescription set, string folder) =>
        [.. set.Files.Select(file => (file.Name, file.NamesOnDisk().Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists)))];

    public override Dataset Read(DatasetDescription set, IReadOnlyList<string> paths, ReadingContext context)
    {
        BoundedPath[] files = [.. paths.Zip(set.Files, (path, file) => new BoundedPath(path, file.Unpacked))];
        var train = IdxFile.Read($"{set.Name} train", files[0], files[1], set.Classes);
        var test = IdxFile.Read($"{set.Name} test", files[2], files[3], set.Classes);
        RequireSize(train, test, paths[0], paths[2]);
        return Dataset.Of(set.Name, train, test);
    }

    /// <summary>Refuses test images of another size.</summary>
    public static void RequireSize(ImageSet train, ImageSet test, string trainPath, string testPath)
    {
        if ((train.Rows, train.Columns) != (test.Rows, test.Columns))
            throw new InputException(testPath, "image size", test.Size, $"{train.Size} as in {trainPath}");
    }

    public override ChecksumVerdict Compare(DatasetDescription set, int file, string path) => PublishedChecksum.Compare(path, set.Files[file]);
}
