using System.Formats.Tar;
using System.IO.Compression;

namespace Talweg.Tests.Data;

/// <summary>Small files in the formats of CIFAR-10 and STL-10, and archives of them.</summary>
internal static class BinaryBytes
{
    public static readonly string[] CifarNames = ["data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin", "data_batch_4.bin", "data_batch_5.bin", "test_batch.bin"];

    /// <summary>Records of a label and 3 × 32 × 32 pixels; pixel values depend on the seed, the record, the channel, the row and the column.</summary>
    public static byte[] Cifar(int seed, params byte[] labels)
    {
        byte[] bytes = new byte[labels.Length * 3073];
        for (int record = 0; record < labels.Length; record++)
        {
            bytes[record * 3073] = labels[record];
            for (int channel = 0; channel < 3; channel++)
                for (int row = 0; row < 32; row++)
                    for (int column = 0; column < 32; column++)
                        bytes[record * 3073 + 1 + channel * 1024 + row * 32 + column] = Pixel(seed, record, channel, row, column);
        }

        return bytes;
    }

    /// <summary>All files of a small CIFAR-10: two images in each.</summary>
    public static Dictionary<string, byte[]> CifarFiles() =>
        CifarNames.Select((name, i) => (name, bytes: Cifar(i, (byte)i, (byte)(9 - i)))).ToDictionary(file => file.name, file => file.bytes);

    /// <summary>Images of 3 × 96 × 96, columns one after the other.</summary>
    public static byte[] Stl(int seed, int images)
    {
        byte[] bytes = new byte[images * 27648];
        for (int image = 0; image < images; image++)
            for (int channel = 0; channel < 3; channel++)
                for (int column = 0; column < 96; column++)
                    for (int row = 0; row < 96; row++)
                        bytes[((image * 3 + channel) * 96 + column) * 96 + row] = Pixel(seed, image, channel, row, column);
        return bytes;
    }

    public static Dictionary<string, byte[]> StlFiles() => new()
    {
        ["train_X.bin"] = Stl(1, 3),
        ["train_y.bin"] = [1, 10, 4],
        ["test_X.bin"] = Stl(2, 2),
        ["test_y.bin"] = [2, 3],
    };

    public static byte Pixel(int seed, int image, int channel, int row, int column) => (byte)(seed * 101 + image * 53 + channel * 71 + row * 7 + column * 3);

    public static byte[] Tar(IEnumerable<KeyValuePair<string, byte[]>> files, string folder = "", bool packed = true)
    {
        using var bytes = new MemoryStream();
        using (var outer = packed ? new GZipStream(bytes, CompressionLevel.Fastest, leaveOpen: true) : (Stream)bytes)
        using (var tar = new TarWriter(outer, TarEntryFormat.Ustar, leaveOpen: true))
        {
            if (folder.Length > 0)
                tar.WriteEntry(new UstarTarEntry(TarEntryType.Directory, folder));
            foreach (var (name, content) in files)
                tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, folder + name) { DataStream = new MemoryStream(content) });
        }

        return bytes.ToArray();
    }
}
