namespace Talweg.Data;

/// <summary>Pictures in folders named after their classes: train/CLASS/… and test/CLASS/…, or CLASS/… alone.</summary>
/// <remarks>
/// Classes are numbered in the order of their names, byte by byte, as are the pictures of a class. Without train and test, every fifth picture of
/// a class (the 5th, the 10th, …) is for the test.
/// </remarks>
internal sealed class PictureFolderForm(PictureOptions options) : DatasetForm
{
    private const int TestEvery = 5;

    public override string Describe(DatasetDescription set) => "train/CLASS/*.png or .jpg and test/CLASS/*.png or .jpg";

    public override IReadOnlyList<(string Name, string? Path)> Look(DatasetDescription set, string folder) =>
        [(Path.GetFileName(folder), Directory.Exists(folder) ? folder : null)];

    public override Dataset Read(DatasetDescription set, IReadOnlyList<string> paths, ReadingContext context)
    {
        try
        {
            return Read(set.Name, PictureFolder.Open(paths[0]), context);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{paths[0]}: the folder cannot be read: {e.Message}", e);
        }
    }

    private Dataset Read(string name, PictureFolder folder, ReadingContext context)
    {
        string[] names = [.. folder.Train.Select(one => one.Name)];
        var set = new PictureSet(name, names, options, context);
        var data = folder.Test is null
            ? set.Read(Part(folder.Train, place => place % TestEvery != TestEvery - 1), RequireSome(Part(folder.Train, place => place % TestEvery == TestEvery - 1), folder.TestRoot))
            : set.Read(Part(folder.Train, _ => true), RequireSome(Part(InOrder(folder.Test, names, folder.TestRoot), _ => true), folder.TestRoot));
        return data with { Source = new([]) { PassedOver = folder.PassedOver } };
    }

    private static LabelledPictures Part(IEnumerable<ClassOfPictures> classes, Func<int, bool> belongs) =>
        LabelledPictures.Interleave([.. classes.Select(one => (IReadOnlyList<Picture>)[.. one.Pictures.Where((_, place) => belongs(place))])]);

    private static LabelledPictures RequireSome(LabelledPictures test, string folder) => test.Pictures.Count > 0
        ? test
        : throw new InputException(folder, "test pictures", "none", $"train and test folders, or classes of at least {TestEvery} pictures, of which every fifth is for the test");

    /// <summary>The test's classes under the training's numbers; a class without test pictures is empty.</summary>
    private static IEnumerable<ClassOfPictures> InOrder(IReadOnlyList<ClassOfPictures> test, string[] names, string folder)
    {
        if (test.FirstOrDefault(one => !names.Contains(one.Name)) is { } unknown)
            throw new InputException(folder, "classes", $"\"{unknown.Name}\"", $"only classes that train has: {Suggestion.Among(names, unknown.Name)}");
        return names.Select(name => test.FirstOrDefault(one => one.Name == name) ?? new(name, []));
    }
}
