namespace Talweg.Data;

/// <summary>The pictures of a folder by classes, in the order of the names of both, byte by byte.</summary>
/// <remarks>Links are refused, so that nothing outside the folder is read. What operating systems leave in every folder is passed over.</remarks>
/// <param name="Train">The classes of the training set, or of both.</param>
/// <param name="Test">Those of the test set; null if the folder does not tell the two apart.</param>
/// <param name="TestRoot">The test set's folder, or the folder of both.</param>
/// <param name="PassedOver">What was not read, as paths in the folder.</param>
internal sealed record PictureFolder(IReadOnlyList<ClassOfPictures> Train, IReadOnlyList<ClassOfPictures>? Test, string TestRoot, IReadOnlyList<string> PassedOver)
{
    private const int MostClasses = 256;
    private const string TrainName = "train";
    private static readonly string[] Extensions = [".png", ".jpg", ".jpeg"];
    private static readonly string[] Clutter = ["Thumbs.db", "ehthumbs.db", "desktop.ini", "__MACOSX"];

    /// <summary>The names of test sets; the first is taken where there are others too.</summary>
    private static readonly string[] TestNames = ["test", "val", "valid", "validation"];

    /// <summary>Lists the folder.</summary>
    /// <exception cref="InputException">It holds something else, or a link.</exception>
    public static PictureFolder Open(string root)
    {
        var passedOver = new List<string>();
        var folders = Folders(root, passedOver);
        string? test = TestFolder(root, [.. folders.Select(folder => folder.Name)]);
        string trainRoot = test is null ? root : Path.Combine(root, TrainName), testRoot = Path.Combine(root, test ?? "");
        if (test is not null)
            passedOver.AddRange(folders.Where(folder => folder.Name is not TrainName && folder.Name != test).Select(folder => folder.FullName));
        var train = Classes(test is null ? folders : Folders(trainRoot, passedOver), passedOver);
        if (train.Count is < 2 or > MostClasses)
            throw new InputException(trainRoot, "classes", $"{train.Count} folders", $"2 to {MostClasses}, one a class");
        var tested = test is null ? null : Classes(Folders(testRoot, passedOver), passedOver);
        return new(train, tested, test is null ? root : testRoot, [.. passedOver.Select(path => Path.GetRelativePath(root, path))]);
    }

    /// <summary>The name of the test set's folder beside train; null where there is neither.</summary>
    private static string? TestFolder(string root, string[] names)
    {
        bool hasTrain = names.Contains(TrainName), hasTest = names.Contains(TestNames[0]);
        string[] others = [.. TestNames[1..].Where(names.Contains)];
        if (hasTrain == hasTest)
            return hasTrain ? TestNames[0] : null;
        if (hasTrain && others.Length == 1)
            return others[0];
        throw new InputException(root, "folders", hasTest ? "test without train" : others.Length == 0 ? "train without test" : $"train with {string.Join(" and ", others)}",
            $"train and test (which may be called {string.Join(" or ", TestNames[1..])}), or folders of classes alone");
    }

    private static List<DirectoryInfo> Folders(string folder, List<string> passedOver)
    {
        var entries = Entries(new(folder), passedOver);
        passedOver.AddRange(entries.OfType<FileInfo>().Select(file => file.FullName));
        return [.. entries.OfType<DirectoryInfo>()];
    }

    private static List<ClassOfPictures> Classes(List<DirectoryInfo> folders, List<string> passedOver) =>
        [.. folders.Select(folder => new ClassOfPictures(folder.Name, Pictures(folder, passedOver)))];

    private static List<Picture> Pictures(DirectoryInfo folder, List<string> passedOver)
    {
        var pictures = new List<Picture>();
        foreach (var entry in Entries(folder, passedOver))
        {
            if (entry is not FileInfo || !Extensions.Contains(entry.Extension.ToLowerInvariant()))
                throw new InputException(entry.FullName, "file", entry is FileInfo ? $"\"{entry.Extension}\"" : "a folder", "only pictures in a class's folder: .png, .jpg or .jpeg");
            pictures.Add(new(entry.FullName, null));
        }

        return pictures.Count > 0 ? pictures : throw new InputException(folder.FullName, "pictures", "none", "at least one in each class's folder");
    }

    /// <summary>Without hidden entries and clutter, which are passed over unread, whatever they are.</summary>
    private static List<FileSystemInfo> Entries(DirectoryInfo folder, List<string> passedOver)
    {
        var all = folder.EnumerateFileSystemInfos().OrderBy(entry => entry.Name, StringComparer.Ordinal).ToLookup(IsClutter);
        passedOver.AddRange(all[true].Select(entry => entry.FullName));
        return all[false].FirstOrDefault(entry => entry.LinkTarget is not null) is { } link
            ? throw new InputException(link.FullName, "file", $"a link to {link.LinkTarget}", "files and folders themselves, for links may lead anywhere")
            : [.. all[false]];
    }

    private static bool IsClutter(FileSystemInfo entry) => entry.Name.StartsWith('.') || Clutter.Contains(entry.Name, StringComparer.OrdinalIgnoreCase);
}

/// <summary>The pictures of one class.</summary>
/// <param name="Name">The folder's name.</param>
/// <param name="Pictures">In the order of their names.</param>
internal sealed record ClassOfPictures(string Name, IReadOnlyList<Picture> Pictures);
