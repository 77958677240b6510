using System.Text.Json;

namespace Talweg.Data;

/// <summary>The data sets that Talweg knows by name.</summary>
public static class DatasetCatalogue
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<DatasetDescription> All { get; } = Describe();

    /// <summary>
    /// The data set called <paramref name="name"/>: one of <see cref="All"/>, the pictures of a folder, "folder:PATH[,size=N][,grey]", or idx files by
    /// their paths, "idx:IMAGES,LABELS[,TESTIMAGES,TESTLABELS][,from=1]".
    /// </summary>
    /// <exception cref="InputException">There is none; the message lists the known names and the nearest.</exception>
    public static DatasetDescription Get(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name.StartsWith(PictureFolderName.Prefix, StringComparison.Ordinal))
            return PicturesIn(PictureFolderName.Parse(name));
        if (name.StartsWith(IdxFilesName.Prefix, StringComparison.Ordinal))
            return IdxFilesOf(IdxFilesName.Parse(name));
        return All.FirstOrDefault(set => set.Name == name) ?? throw Unknown(name);
    }

    private static InputException Unknown(string name)
    {
        string? nearest = Suggestion.Nearest(All.Select(set => set.Name), name.ToLowerInvariant());
        string known = string.Join(", ", All.Select(set => set.Name).Concat(["folder:PATH", "idx:IMAGES,LABELS"]));
        return new("data set", "name", $"\"{name}\"", nearest is not null ? $"one of {known}; did you mean \"{nearest}\"?" : $"one of {known}");
    }

    private static DatasetDescription[] Describe()
    {
        var mirrors = ReadMirrors();
        return
        [
            new()
            {
                Name = "mnist",
                Title = "handwritten digits, 28 × 28 (LeCun, Cortes and Burges)",
                Files = FilesOf(ChecksumCovers.UnpackedBytes, "6bbc9ace898e44ae57da46a324031adb", "a25bea736e30d166cdddb491f175f624",
                    "2646ac647ad5339dbf082846283269ea", "27ae3e4e09519cfbb04c329615203637"),
                Mirrors = mirrors["mnist"],
                OtherFolders = ["MNIST/raw"],
            },
            new()
            {
                Name = "fashion-mnist",
                Title = "pictures of clothes, 28 × 28 (Xiao, Rasul and Vollgraf)",
                Files = FilesOf(ChecksumCovers.PackedFile, "8d4fb7e6c68d591d4c3dfef9ec88bf0d", "25c81989df183df01b3e8a0aad5dffbe",
                    "bef4ecab320f06d8554ea6380940ec79", "bb300cfdad3c16e7a12a480ee83cd310"),
                Mirrors = mirrors["fashion-mnist"],
                OtherFolders = ["FashionMNIST/raw"],
            },
            new()
            {
                Name = "cifar10",
                Title = "photographs of ten kinds, 3 × 32 × 32 (Krizhevsky)",
                Files = [new("cifar-10-binary.tar", "c32a1d4ab5d03f1284b67883e8d87530", ChecksumCovers.PackedFile)],
                Mirrors = mirrors["cifar10"],
                Subfolder = "cifar-10-batches-bin",
                OtherFolders = ["cifar-10-batches-bin"],
                Forms =
                [
                    new BinaryFilesForm(new CifarFormat()), new BinaryArchiveForm(new CifarFormat(), 200_000_000, toTheEnd: true),   // 184 MB as published
                    new PictureArchiveForm("cifar10-jpeg.tar.gz", CifarFormat.Classes, CifarFormat.Side, "a JPEG copy, whose pixels differ a little from the published ones"),
                ],
            },
            new()
            {
                Name = "stl10",
                Title = "photographs of ten kinds, 3 × 96 × 96 (Coates, Ng and Lee)",
                Files = [new("stl10_binary.tar", "91f7769df0f17e558f3565bffb0c7dfb", ChecksumCovers.PackedFile) { LargestFile = 4L << 30 }],
                Mirrors = mirrors["stl10"],
                Subfolder = "stl10_binary",
                OtherFolders = ["stl10_binary"],
                Forms = [new BinaryFilesForm(new StlFormat()), new BinaryArchiveForm(new StlFormat(), 3_200_000_000, toTheEnd: false)],   // 3.1 GB as published
            },
            new() { Name = "digits", Title = "digits that Talweg draws itself, 28 × 28; needs no network", Forms = [] },
        ];
    }

    private static DatasetDescription PicturesIn(PictureFolderName name) => new()
    {
        Name = name.ToString(),
        Title = "pictures in folders named after their classes",
        Folder = name.Path,
        Forms = [new PictureFolderForm(name.Options)],
    };

    private static DatasetDescription IdxFilesOf(IdxFilesName name) => new()
    {
        Name = name.ToString(),
        Title = "idx files",
        Folder = Path.GetDirectoryName(Path.GetFullPath(name.Paths[0]))!,
        Forms = [new IdxFilesForm(name)],
    };

    private static PublishedFile[] FilesOf(ChecksumCovers covers, string trainImages, string trainLabels, string testImages, string testLabels) =>
    [
        new("train-images-idx3-ubyte", trainImages, covers) { Unpacked = 16 + 60_000 * 28 * 28 },
        new("train-labels-idx1-ubyte", trainLabels, covers) { Unpacked = 8 + 60_000 },
        new("t10k-images-idx3-ubyte", testImages, covers) { Unpacked = 16 + 10_000 * 28 * 28 },
        new("t10k-labels-idx1-ubyte", testLabels, covers) { Unpacked = 8 + 10_000 },
    ];

    private static Dictionary<string, Uri[]> ReadMirrors()
    {
        using var stream = typeof(DatasetCatalogue).Assembly.GetManifestResourceStream("Talweg.Data.mirrors.json")!;
        return JsonSerializer.Deserialize<Dictionary<string, Uri[]>>(stream)!;
    }
}
