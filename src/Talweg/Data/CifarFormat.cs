namespace Talweg.Data;

/// <summary>CIFAR-10's binary files: records of a label and 3 × 32 × 32 bytes, red before green before blue, row-major.</summary>
/// <remarks>Krizhevsky, Learning multiple layers of features from tiny images (2009). The published files hold 10,000 records each; others may hold fewer, not more.</remarks>
internal sealed class CifarFormat : BinaryFormat
{
    public const int Side = 32, Pixels = 3 * Side * Side, Record = 1 + Pixels;
    private const int RecordsAsPublished = 10_000;
    private const string TestFile = "test_batch.bin";
    private static readonly string[] TrainFiles = [.. Enumerable.Range(1, 5).Select(batch => $"data_batch_{batch}.bin")];

    public static IReadOnlyList<string> Classes { get; } = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"];

    public override IReadOnlyList<string> Names { get; } = [.. TrainFiles, TestFile];

    public override string ClassNamesFile => "batches.meta.txt";

    public override IReadOnlyList<string> ClassNames => Classes;

    public override long LongestOf(string name) => name == ClassNamesFile ? 1 << 16 : (long)RecordsAsPublished * Record;

    protected override (ImageSet Train, ImageSet Test) Split(string name, IReadOnlyDictionary<string, NamedBytes> files) =>
        (Read($"{name} train", [.. TrainFiles.Select(file => files[file])]), Read($"{name} test", [files[TestFile]]));

    private static ImageSet Read(string name, NamedBytes[] files)
    {
        byte[] labels = new byte[files.Sum(Records)];
        byte[] pixels = new byte[labels.Length * Pixels];
        int image = 0;
        foreach (var file in files)
        {
            for (int start = 0; start < file.Bytes.Length; start += Record, image++)
            {
                labels[image] = Label(file, start);
                file.Bytes.AsSpan(start + 1, Pixels).CopyTo(pixels.AsSpan(image * Pixels));
            }
        }

        return new(name, pixels, labels, Side, Side, Classes.Count, channels: 3);
    }

    private static int Records(NamedBytes file) => file.Bytes.Length % Record == 0
        ? file.Bytes.Length / Record
        : throw new InputException(file.Source, "length", $"{file.Bytes.Length} bytes", $"a multiple of {Record}: records of a label and 3 × 32 × 32 pixels (30730000 bytes as published)");

    private static byte Label(NamedBytes file, int start) => file.Bytes[start] < Classes.Count
        ? file.Bytes[start]
        : throw new InputException(file.Source, $"label of record {start / Record}", $"{file.Bytes[start]}", $"0 to {Classes.Count - 1}");
}
