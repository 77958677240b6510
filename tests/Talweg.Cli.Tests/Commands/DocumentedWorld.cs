using System.CommandLine.Parsing;
using Talweg.Data;
using Talweg.Networks;
using Talweg.Storage;

namespace Talweg.Cli.Tests.Commands;

/// <summary>The files that the documented commands speak of, small: MNIST and CIFAR-10 of some thousand images, and what a first training leaves.</summary>
public sealed class DocumentedWorld : IDisposable
{
    private const string Pictures = "net:3x32x32/conv16k3p1/bn/relu/pool2/dense10";

    /// <summary>Options that name a file or folder which is there, and those that name one to be written.</summary>
    private static readonly string[] Inputs = ["--weights", "--directions", "--trajectory"], Outputs = ["--out", "--save-directions"];

    /// <summary>Sizes in the place of the documented ones.</summary>
    private static readonly Dictionary<string, string> Smaller = new() { ["--extra-epochs"] = "1", ["--window"] = "0:20", ["--modes"] = "5" };

    private readonly TemporaryFolder _folder = new();
    private int _runs;

    public DocumentedWorld()
    {
        foreach (var (prefix, count) in (ReadOnlySpan<(string, int)>)[("train", 2000), ("t10k", 500)])
        {
            var images = new ImageSet(prefix, Pixels(count, 784), Labels(count), 28, 28, 10);
            Directory.CreateDirectory(_folder["mnist"]);
            using var pixels = File.Create(_folder[$"mnist/{prefix}-images-idx3-ubyte"]);
            IdxFile.WriteImages(images, pixels);
            using var labels = File.Create(_folder[$"mnist/{prefix}-labels-idx1-ubyte"]);
            IdxFile.WriteLabels(images, labels);
        }

        Directory.CreateDirectory(_folder["cifar10"]);
        foreach (string name in (string[])["data_batch_1", "data_batch_2", "data_batch_3", "data_batch_4", "data_batch_5", "test_batch"])
            File.WriteAllBytes(_folder[$"cifar10/{name}.bin"], [.. Labels(200).Zip(Pixels(200, 3072).Chunk(3072)).SelectMany(image => image.Second.Prepend(image.First))]);

        // Long enough to learn them all, since weights are recorded from then on.
        Run("talweg train --network fc:784-50-50-10 --data mnist --batch 50 --learning-rate 0.1 --layers 2 --out first", keepAs: ".", epochs: 20).AssertSuccess();
        Run("talweg measure modes --trajectory first/trajectory.safetensors --modes 5 --save-directions first/modes.safetensors", keepAs: ".").AssertSuccess();
        foreach (string name in (string[])["weights", "trajectory", "modes"])
            File.Copy(_folder[$"first/{name}.safetensors"], _folder[$"{name}.safetensors"]);
        WeightsFile.Save(_folder["mine.safetensors"], NetworkWeights.Draw(Network.Parse(Pictures), Initialisation.He, 1));
        double[] direction = [.. Enumerable.Range(0, 16 * 27).Select(k => Math.Cos(k))];
        double norm = Math.Sqrt(direction.Sum(x => x * x));
        SafeTensorsWriter.Write(_folder["p.safetensors"], [new NamedTensor("directions", [1, direction.Length], direction.Select(x => x / norm).ToArray())]);
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>Runs a line as documented but for its sizes and folders.</summary>
    internal Command Run(string line, string? keepAs = null, int epochs = 1)
    {
        string output = keepAs ?? $"run-{Interlocked.Increment(ref _runs)}";
        var words = CommandLineParser.SplitCommandLine(line.Replace('\'', '"')).Skip(1).ToList();
        if (words[0] is "train" or "continual" && !words.Contains("--epochs"))
            words.AddRange(["--epochs", ""]);
        if (words[0] == "train" && !words.Contains("--extra-epochs"))
            words.AddRange(["--extra-epochs", ""]);
        if (words[0] == "continual")
            words.AddRange(["--pretraining-epochs", "1", "--window-epochs", "1"]);
        if (words.Contains("--data"))
            words.AddRange(["--data-root", _folder.Path]);
        for (int i = 0; i + 1 < words.Count; i++)
        {
            if (Inputs.Contains(words[i]))
                words[i + 1] = _folder[words[i + 1]];
            else if (Outputs.Contains(words[i]))
                words[i + 1] = Made(Path.Combine(_folder[output], words[i + 1]));
            else if (words[i] == "--epochs")
                words[i + 1] = $"{epochs}";
            else if (Smaller.TryGetValue(words[i], out string? smaller))
                words[i + 1] = smaller;
        }

        return Command.Run(Studies.StudyCatalogue.Standard.Studies, TestContext.Current.CancellationToken, [.. words]);
    }

    private static string Made(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return path;
    }

    private static byte[] Labels(int count) => [.. Enumerable.Range(0, count).Select(i => (byte)(i % 10))];

    /// <summary>Noise, brighter by a tenth of the picture that tells the class.</summary>
    private static byte[] Pixels(int count, int length)
    {
        var random = new Random(count + length);
        return [.. Enumerable.Range(0, count).SelectMany(image => Enumerable.Range(0, length).Select(pixel => (byte)(random.Next(100) + (10 * pixel / length == image % 10 ? 150 : 0))))];
    }
}
