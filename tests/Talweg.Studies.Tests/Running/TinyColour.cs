using Talweg.Studies.Running;

namespace Talweg.Studies.Tests.Running;

/// <summary>CIFAR-10's files with few random pictures, so that a study finds data without a download: 20 of them to train with, 4 to test.</summary>
internal static class TinyColour
{
    public const int Train = 20, Test = 4, Pixels = 3072;

    /// <summary>Writes the files into the folder <c>cifar10</c> of a data directory.</summary>
    /// <returns>Labels and bytes, those to test with last.</returns>
    public static (int[] Labels, byte[][] Pictures) Write(string root, int seed = 4)
    {
        string folder = Directory.CreateDirectory(Path.Combine(root, "cifar10")).FullName;
        var random = new Random(seed);
        int[] labels = [.. Enumerable.Range(0, Train + Test).Select(i => i % 3)];
        byte[][] pictures = [.. labels.Select(label => Enumerable.Range(0, Pixels).Select(_ => (byte)(60 * label + random.Next(100))).ToArray())];
        string[] names = ["data_batch_1", "data_batch_2", "data_batch_3", "data_batch_4", "data_batch_5", "test_batch"];
        for (int file = 0; file < names.Length; file++)
            File.WriteAllBytes(Path.Combine(folder, names[file] + ".bin"), [.. Enumerable.Range(4 * file, 4).SelectMany(i => pictures[i].Prepend((byte)labels[i]))]);
        return (labels, pictures);
    }

    public static CellContext Context(string root, string folder) => TinyRun.Context(Directory.CreateDirectory(folder).FullName) with { DataRoot = root };
}
