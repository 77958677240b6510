namespace Talweg.Data;

/// <summary>Pictures in folders named after their classes: train/CLASS/… and test/CLASS/…, or CLASS/… alone.</summary>
/// <remarks>
/// Classes are numbered in the order of their names, byte by byte, as are the pictures of a class. Without train and test, every fifth picture of
/// a class (the 5th, the 10th, …) is for the test. Hidden files are passed over; links are refused, so that nothing outside the folder is read.
/// </remarks>
internal sealed class PictureFolderForm(PictureOptions options) : DatasetForm
{
    private const int TestEvery = 5;
    private const int MostClasses = 256;
    private static readonly string[] Extensions = [".png", ".jpg", ".jpeg"];

    public override string Describe(DatasetDescription set) => "train/CLASS/*.png or .jpg and test/CLASS/*.png or .jpg";

    public override IReadOnlyList<(string Name, string? Path)> Look(DatasetDescription set, string folder) =>
        [(Path.GetFileName(folder), Directory.Exists(folder) ? folder : null)];

    public override Dataset Read(DatasetDescription set, IReadOnlyList<string> paths, ReadingContext context)
    {
        try
        {
            return Read(set.Name, paths[0], context);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{paths[0]}: the folder cannot be read: {e.Message}", e);
        }
    }

    private Dataset Read(string name, string root, ReadingContext context)
    {
        var folders = Folders(root);
        string[] parts = [.. folders.Select(folder => folder.Name).Where(part => part is "train" or "test")];
        if (parts.Length == 1)
            throw new InputException(root, "folders", parts[0] == "train" ? "train without test" : "test without train", "both, or folders of classes alone");
        bool split = parts.Length == 2;
        var train = Classes(split ? Path.Combine(root, "train") : root);
        if (train.Count is < 2 or > MostClasses)
            throw new InputException(split ? Path.Combine(root, "train") : root, "classes", $"{train.Count} folders", $"2 to {MostClasses}, one a class");
        string[] names = [.. train.Select(one => one.Name)];
        var set = new PictureSet(name, names, options, context);
        if (!split)
            return set.Read(Part(train, place => place % TestEvery != TestEvery - 1), RequireSome(Part(train, place => place % TestEvery == TestEvery - 1), root));
        string testRoot = Path.Combine(root, "test");
        return set.Read(Part(train, _ => true), RequireSome(Part(InOrder(Classes(testRoot), names, testRoot), _ => true), testRoot));
    }

    private static LabelledPictures Part(IEnumerable<ClassOfPictures> classes, Func<int, bool> belongs) =>
        LabelledPictures.Interleave([.. classes.Select(one => (IReadOnlyList<Picture>)[.. one.Pictures.Where((_, place) => belongs(place))])]);

    private static LabelledPictures RequireSome(LabelledPictures test, string folder) => test.Pictures.Count > 0
        ? test
        : throw new InputException(folder, "test pictures", "none", $"train and test folders, or classes of at least {TestEvery} pictures, of which every fifth is for the test");

    /// <summary>The test's classes under the training's numbers; a class without test pictures is empty.</summary>
    private static IEnumerable<ClassOfPictures> InOrder(List<ClassOfPictures> test, string[] names, string folder)
    {
        if (test.Find(one => !names.Contains(one.Name)) is { } unknown)
            throw new InputException(folder, "classes", $"\"{unknown.Name}\"", $"only classes that train has: {Suggestion.Among(names, unknown.Name)}");
        return names.Select(name => test.Find(one => one.Name == name) ?? new(name, []));
    }

    private static List<ClassOfPictures> Classes(string folder) =>
        [.. Folders(folder).Select(one => new ClassOfPictures(one.Name, Pictures(one)))];

    private static List<DirectoryInfo> Folders(string folder) => [.. Entries(new(folder)).OfType<DirectoryInfo>()];

    private static List<Picture> Pictures(DirectoryInfo folder)
    {
        var pictures = new List<Picture>();
        foreach (var entry in Entries(folder))
        {
            if (entry is not FileInfo || !Extensions.Contains(entry.Extension.ToLowerInvariant()))
                throw new InputException(entry.FullName, "file", entry is FileInfo ? $"\"{entry.Extension}\"" : "a folder", "only pictures in a class's folder: .png, .jpg or .jpeg");
            pictures.Add(new(entry.FullName, null));
        }

        return pictures.Count > 0 ? pictures : throw new InputException(folder.FullName, "pictures", "none", "at least one in each class's folder");
    }

    private static List<FileSystemInfo> Entries(DirectoryInfo folder)
    {
        var entries = folder.EnumerateFileSystemInfos().Where(entry => !entry.Name.StartsWith('.')).OrderBy(entry => entry.Name, StringComparer.Ordinal).ToList();
        return entries.Find(entry => entry.LinkTarget is not null) is { } link
            ? throw new InputException(link.FullName, "file", $"a link to {link.LinkTarget}", "files and folders themselves, for links may lead anywhere")
            : entries;
    }

    private sealed record ClassOfPictures(string Name, IReadOnlyList<Picture> Pictures);
}

/// <summary>Pictures in a tar archive, as train/CLASS/… and test/CLASS/…, of classes that are known: CIFAR-10 as JPEG.</summary>
/// <param name="file">The archive's name.</param>
/// <param name="classes">The classes, in the order of their numbers.</param>
/// <param name="remark">What to tell of such a copy.</param>
internal sealed class PictureArchiveForm(string file, IReadOnlyList<string> classes, string remark) : DatasetForm
{
    private const long Largest = 1L << 30, LongestPicture = 1L << 20;

    public override string? Remark => remark;

    public override string Describe(DatasetDescription set) => file;

    public override IReadOnlyList<(string Name, string? Path)> Look(DatasetDescription set, string folder)
    {
        string path = Path.Combine(folder, file);
        return [(file, File.Exists(path) ? path : null)];
    }

    public override Dataset Read(DatasetDescription set, IReadOnlyList<string> paths, ReadingContext context)
    {
        context.Progress?.Report(new($"reading {file}", 0, 0));
        var entries = TarFile.Read(paths[0], Largest, name => Place(name) is null ? null : LongestPicture, int.MaxValue, context.Cancellation);
        return new PictureSet(set.Name, classes, new(null, false), context).Read(Part("train", entries, paths[0]), Part("test", entries, paths[0]));
    }

    private LabelledPictures Part(string part, List<(string Name, NamedBytes File)> entries, string path)
    {
        var ofPart = entries.Where(entry => Place(entry.Name)!.Value.Part == part).ToLookup(entry => Place(entry.Name)!.Value.Class);
        if (ofPart.Count == 0)
            throw new InputException(path, "files", $"none under {part}/", $"{part}/CLASS/NAME.jpg, with classes {string.Join(", ", classes)}");
        if (ofPart.FirstOrDefault(one => !classes.Contains(one.Key)) is { } unknown)
            throw new InputException(path, "class", $"\"{unknown.Key}\"", Suggestion.Among(classes, unknown.Key));
        return LabelledPictures.Interleave([.. classes.Select(name =>
            (IReadOnlyList<Picture>)[.. ofPart[name].OrderBy(entry => entry.Name, StringComparer.Ordinal).Select(entry => new Picture(entry.File.Source, entry.File.Bytes))])]);
    }

    /// <summary>Part and class of "train/cat/0001.jpg", also with "./" in front; null for other files.</summary>
    private static (string Part, string Class)? Place(string name) =>
        (name.StartsWith("./", StringComparison.Ordinal) ? name[2..] : name).Split('/') is ["train" or "test", var label, var picture] parts
            && picture.EndsWith(".jpg", StringComparison.OrdinalIgnoreCase) ? (parts[0], label) : null;
}
