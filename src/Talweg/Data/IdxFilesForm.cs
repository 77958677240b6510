using System.Buffers.Binary;

namespace Talweg.Data;

/// <summary>Idx files of any names, with as many classes as their labels say, and labels of any whole type: EMNIST, QMNIST and one's own.</summary>
/// <remarks>
/// Without test files, every fifth image of a class (the 5th, the 10th, …) is for the test, as with pictures. Labels are taken as they are, so a
/// network's outputs have the numbers that other programs give them; of labels in two dimensions (QMNIST's), the first column is the class.
/// </remarks>
internal sealed class IdxFilesForm(IdxFilesName name) : DatasetForm
{
    private const int TestEvery = 5;
    private const int MostClasses = 256;

    public override string Describe(DatasetDescription set) => string.Join(", ", name.Paths);

    public override IReadOnlyList<(string Name, string? Path)> Look(DatasetDescription set, string folder) =>
        [.. name.Paths.Select(path => (path, Path.GetFullPath(path)))];        // one that is not there is refused by its name

    public override Dataset Read(DatasetDescription set, IReadOnlyList<string> paths, ReadingContext context)
    {
        var labels = paths.Where((_, i) => i % 2 == 1).Select(Labels).ToList();
        int classes = labels.Max(one => one.Classes.Max()) + 1;
        if (classes < 2)
            throw new InputException(paths[1], "labels", "one class only", "at least 2");
        var train = Images($"{set.Name} train", paths[0], paths[1], labels[0], classes);
        if (paths.Count == 2)
            return Split(set.Name, train, paths[0]);
        var test = Images($"{set.Name} test", paths[2], paths[3], labels[1], classes);
        IdxForm.RequireSize(train, test, paths[0], paths[2]);
        return Dataset.Of(set.Name, train, test);
    }

    private static ImageSet Images(string what, string path, string labelsPath, (IdxHeader Shape, byte[] Classes) labels, int classes)
    {
        var (shape, pixels) = IdxReader.Read(path, IdxContent.Images);
        IdxFile.RequireCount(shape, labels.Shape, path, labelsPath);
        return new(what, pixels, labels.Classes, shape.Rows, shape.Columns, classes);
    }

    private static Dataset Split(string name, ImageSet all, string path)
    {
        int[] seen = new int[all.Classes];
        var places = Enumerable.Range(0, all.Count).ToLookup(image => seen[all.Label(image)]++ % TestEvery == TestEvery - 1);
        if (!places[true].Any())
            throw new InputException(path, "test images", "none", $"files of test images and labels too, or classes of at least {TestEvery} images, of which every fifth is for the test");
        return Dataset.Of(name, all.Select([.. places[false]]), all.Select([.. places[true]]));
    }

    private (IdxHeader Shape, byte[] Classes) Labels(string path)
    {
        var (shape, data) = IdxReader.Read(path, IdxContent.AnyLabels);
        byte[] classes = new byte[shape.Count];
        int row = data.Length / shape.Count;
        for (int i = 0; i < classes.Length; i++)
            classes[i] = Class(Number(data.AsSpan(i * row), shape.Type), i, path);
        return (shape, classes);
    }

    private byte Class(int label, int place, string path) => label - name.FirstLabel is >= 0 and < MostClasses and int number
        ? (byte)number
        : throw new InputException(path, $"label {place}", $"{label}", $"{name.FirstLabel} to {MostClasses - 1 + name.FirstLabel}");

    private static int Number(ReadOnlySpan<byte> bytes, IdxType type) => type switch
    {
        IdxType.SignedByte => (sbyte)bytes[0],
        IdxType.Short => BinaryPrimitives.ReadInt16BigEndian(bytes),
        IdxType.Int => BinaryPrimitives.ReadInt32BigEndian(bytes),
        _ => bytes[0],
    };
}
