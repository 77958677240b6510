using Talweg.Data;
using Talweg.Networks;
using Talweg.Storage;

namespace Talweg.Cli.Tests;

/// <summary>A folder with a data set of 300 training and 60 test images of 4 × 4, weights of a network on it, and directions.</summary>
internal sealed class SmallWorld : IDisposable
{
    public const int TrainCount = 300;
    public const int TestCount = 60;
    public const string Network = "fc:16-6-5-10";

    /// <summary>How every measure's document ends: with the data that it took.</summary>
    public const string DataPattern = "\"data\":\\{\"name\":\"mnist\",\"checksum\":\"[0-9a-f]{64}\",\"files\":\\[(\"[^\"]*mnist[^\"]*-ubyte\",?){4}\\],\"passed_over\":\\[\\]\\}";

    private readonly TemporaryFolder _folder = new();

    public SmallWorld()
    {
        WriteImages("train", TrainCount, seed: 1);
        WriteImages("t10k", TestCount, seed: 2);
        Weights = DenseWeights.Draw(FullyConnected.Parse(Network), Initialisation.He, seed: 3);
        WeightsFile.Save(this["weights.safetensors"], Weights);
    }

    public DenseWeights Weights { get; }

    public string this[string name] => _folder[name];

    /// <summary>The training images as inputs, [300, 16], scaled to [0, 1] and rounded to single precision, as networks get them.</summary>
    public double[][] Inputs => [.. Datasets.Load("mnist", _folder.Path).Train.Pixels.ToArray().Chunk(16).Select(image => image.Select(p => (double)(float)(p / 255.0)).ToArray())];

    public int[] Labels => [.. Datasets.Load("mnist", _folder.Path).Train.Labels.ToArray().Select(label => (int)label)];

    /// <summary>Writes K random directions of N weights, each scaled to the given norm.</summary>
    public double[][] WriteDirections(string name, int count, int dimension, double norm = 1)
    {
        var random = new Random(7);
        double[][] rows = [.. Enumerable.Range(0, count).Select(_ => Scaled([.. Enumerable.Range(0, dimension).Select(_ => random.NextDouble() - 0.5)], norm))];
        SafeTensorsWriter.Write(this[name], [new NamedTensor("directions", [count, dimension], rows.SelectMany(row => row).ToArray())]);
        return rows;
    }

    /// <summary>The options of a measure on layer 2 of this world.</summary>
    public string[] Landscape(params string[] more) =>
    [
        "--network", Network, "--weights", this["weights.safetensors"], "--layers", "2",
        "--directions", this["d.safetensors"], "--data", "mnist", "--data-root", _folder.Path, .. more,
    ];

    public string[] Train(params string[] more) =>
        ["train", "--network", Network, "--data", "mnist", "--data-root", _folder.Path, "--batch", "20", "--learning-rate", "0.2", "--out", this["run"], .. more];

    public void Dispose() => _folder.Dispose();

    private static double[] Scaled(double[] row, double norm)
    {
        double factor = norm / Math.Sqrt(row.Sum(x => x * x));
        return [.. row.Select(x => factor * x)];
    }

    private void WriteImages(string prefix, int count, int seed)
    {
        var random = new Random(seed);
        byte[] labels = [.. Enumerable.Range(0, count).Select(i => (byte)(i % 3))];
        byte[] pixels = [.. labels.SelectMany(label => Enumerable.Range(0, 16).Select(i => (byte)(random.Next(120) + (i % 3 == label ? 120 : 0))))];
        var images = new ImageSet(prefix, pixels, labels, 4, 4, 10);
        Directory.CreateDirectory(this["mnist"]);
        using var imageFile = File.Create(System.IO.Path.Combine(this["mnist"], $"{prefix}-images-idx3-ubyte"));
        IdxFile.WriteImages(images, imageFile);
        using var labelFile = File.Create(System.IO.Path.Combine(this["mnist"], $"{prefix}-labels-idx1-ubyte"));
        IdxFile.WriteLabels(images, labelFile);
    }
}
