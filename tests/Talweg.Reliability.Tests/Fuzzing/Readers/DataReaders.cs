using System.Buffers.Binary;
using Talweg.Data;
using Talweg.Tests.Data;

namespace Talweg.Reliability.Tests.Fuzzing.Readers;

/// <summary>Data sets: idx files, CIFAR-10 and STL-10, plain and packed.</summary>
internal static class DataReaders
{
    private static readonly byte[] Labels = IdxBytes.Labels(6);
    private static readonly byte[] Images = IdxBytes.Images(6, 4, 5);

    public static IEnumerable<FuzzReader> All() =>
    [
        new("idx-images", [Images, IdxBytes.Images(6, 1, 1)], (bytes, folder) => ReadIdx(bytes, Labels, bytes, folder)),
        new("idx-labels", [Labels], (bytes, folder) => ReadIdx(Images, bytes, null, folder)),
        new("idx-packed", [Images], (bytes, folder) => ReadIdx(bytes, Labels, null, folder)) { Finish = Packed },
        new("cifar", [BinaryBytes.Cifar(1, 3, 9)], (bytes, folder) => Load("cifar10", folder, "cifar-10-batches-bin", BinaryBytes.CifarFiles(), "data_batch_2.bin", bytes)) { Share = 0.5 },
        new("cifar-archive", [BinaryBytes.Tar(BinaryBytes.CifarFiles(), "cifar-10-batches-bin/", packed: false)],
            (bytes, folder) => LoadArchive("cifar10", folder, "cifar-10-binary.tar.gz", bytes)) { Finish = Packed, Share = 0.3 },
        new("stl", [[2, 3, 10]], (bytes, folder) => Load("stl10", folder, "stl10_binary", BinaryBytes.StlFiles(), "train_y.bin", bytes)) { Share = 0.2 },
        new("stl-archive", [BinaryBytes.Tar(BinaryBytes.StlFiles(), "stl10_binary/", packed: false)],
            (bytes, folder) => LoadArchive("stl10", folder, "stl10_binary.tar.gz", bytes)) { Finish = Packed, Share = 0.1 },
    ];

    /// <param name="images">The images' file.</param>
    /// <param name="labels">The labels' file.</param>
    /// <param name="plain">The images' file if it may be a plain one, which is read here too.</param>
    /// <param name="folder">For both.</param>
    private static void ReadIdx(byte[] images, byte[] labels, byte[]? plain, string folder)
    {
        var set = IdxFile.Read("images", FuzzFile.Write(folder, "images", images), FuzzFile.Write(folder, "labels", labels), 10);
        if (plain is not [0, 0, 8, 3, ..])
            return;
        FuzzFile.Require(set.Count == BinaryPrimitives.ReadInt32BigEndian(plain.AsSpan(4)), "another number of images");
        FuzzFile.Require((set.Rows, set.Columns) == (BinaryPrimitives.ReadInt32BigEndian(plain.AsSpan(8)), BinaryPrimitives.ReadInt32BigEndian(plain.AsSpan(12))), "another size");
        FuzzFile.Require(set.Pixels.Span.SequenceEqual(plain.AsSpan(16)), "other pixels");
    }

    private static void Load(string name, string folder, string subfolder, Dictionary<string, byte[]> files, string changed, byte[] bytes)
    {
        string place = Path.Combine(folder, name, subfolder);
        if (!Directory.Exists(place))
        {
            foreach (var (file, content) in files)
                FuzzFile.Write(place, file, content);
        }

        FuzzFile.Write(place, changed, bytes);
        Datasets.Load(name, folder);
    }

    private static void LoadArchive(string name, string folder, string archive, byte[] bytes)
    {
        FuzzFile.Write(folder, Path.Combine(name, archive), bytes);
        Datasets.Load(name, folder);
    }

    private static byte[] Packed(byte[] bytes) => IdxBytes.Pack(bytes);
}
