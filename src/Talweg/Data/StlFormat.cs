namespace Talweg.Data;

/// <summary>STL-10's binary files: 3 × 96 × 96 bytes an image, red before green before blue, column after column; labels 1 to 10 in files of their own.</summary>
/// <remarks>
/// Coates, Ng and Lee, An analysis of single-layer networks in unsupervised feature learning, AISTATS (2011). The images without labels and
/// the folds are not read.
/// </remarks>
internal sealed class StlFormat : BinaryFormat
{
    public const int Side = 96, Pixels = 3 * Side * Side;
    private const int TrainAsPublished = 5_000, TestAsPublished = 8_000;

    public static IReadOnlyList<string> Classes { get; } = ["airplane", "bird", "car", "cat", "deer", "dog", "horse", "monkey", "ship", "truck"];

    public override IReadOnlyList<string> Names { get; } = ["train_X.bin", "train_y.bin", "test_X.bin", "test_y.bin"];

    public override string ClassNamesFile => "class_names.txt";

    public override IReadOnlyList<string> ClassNames => Classes;

    public override long LongestOf(string name)
    {
        long images = name.StartsWith("train", StringComparison.Ordinal) ? TrainAsPublished : TestAsPublished;
        return name == ClassNamesFile ? 1 << 16 : name.EndsWith("_y.bin", StringComparison.Ordinal) ? images : images * Pixels;
    }

    protected override (ImageSet Train, ImageSet Test) Split(string name, IReadOnlyDictionary<string, NamedBytes> files) =>
        (Read($"{name} train", files["train_X.bin"], files["train_y.bin"]), Read($"{name} test", files["test_X.bin"], files["test_y.bin"]));

    private static ImageSet Read(string name, NamedBytes images, NamedBytes labels)
    {
        if (images.Bytes.Length % Pixels != 0)
            throw new InputException(images.Source, "length", $"{images.Bytes.Length} bytes", $"a multiple of {Pixels}: images of 3 × 96 × 96");
        if (images.Bytes.Length / Pixels != labels.Bytes.Length)
            throw new InputException(labels.Source, "length", $"{labels.Bytes.Length} labels", $"{images.Bytes.Length / Pixels}, as many as images in {images.Source}");
        byte[] classes = new byte[labels.Bytes.Length];
        for (int i = 0; i < classes.Length; i++)
            classes[i] = Class(labels, i);
        return new(name, Upright(images.Bytes), classes, Side, Side, Classes.Count, channels: 3);
    }

    private static byte Class(NamedBytes labels, int image) => labels.Bytes[image] is >= 1 and <= 10 and byte label
        ? (byte)(label - 1)
        : throw new InputException(labels.Source, $"label {image}", $"{labels.Bytes[image]}", "1 to 10");

    /// <summary>Columns become rows, in place: a copy would take as much memory again.</summary>
    private static byte[] Upright(byte[] images)
    {
        for (int plane = 0; plane < images.Length; plane += Side * Side)
        {
            for (int row = 0; row < Side; row++)
            {
                for (int column = row + 1; column < Side; column++)
                {
                    int above = plane + row * Side + column, below = plane + column * Side + row;
                    (images[above], images[below]) = (images[below], images[above]);
                }
            }
        }

        return images;
    }
}
