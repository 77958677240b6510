using Talweg.Data;
using Talweg.Landscapes;
using Talweg.Networks;
using Talweg.Statistics;
using static TorchSharp.torch;

namespace Talweg.Benchmarks.Networks;

/// <summary>Transects of every layer of the MNIST LeNet against what they replace: a full forward pass a point.</summary>
internal sealed class ConvolutionalTransects : IBenchmark
{
    private const int Samples = 500;

    /// <summary>Both sides sum losses of single precision, at losses of some tenths of a nat and more.</summary>
    private const double LossTolerance = 1e-5;

    private static readonly double[] Displacements = [.. Enumerable.Range(-20, 41).Select(i => 0.05 * i)];
    private static readonly string[] Layers = ["first convolution", "second convolution", "head"];

    public string Name => "lenet-transects";

    public string Compares => "41 points of the mean loss along a direction of each layer of the MNIST LeNet, against a full TorchSharp pass a point";

    public IEnumerable<Measurement> Run(Workplace workplace)
    {
        var network = (LayeredNetwork)Network.Parse("lenet-mnist");
        var weights = NetworkWeights.Draw(network, Initialisation.PyTorch, seed: 1);
        var data = workplace.Data.Train.First(Math.Min(Samples, workplace.Data.Train.Count));
        for (int layer = 0; layer < network.Layers; layer++)
            yield return Measure(workplace, weights, data, layer);
    }

    private Measurement Measure(Workplace workplace, NetworkWeights weights, LabelledSamples data, int layer)
    {
        var space = WeightSpace.Of(weights.Network, layer + 1);
        var directions = Directions.Of([.. Direction(space.Dimension, 1), .. Direction(space.Dimension, 2)], space.Dimension);
        using var landscape = Landscape.Of(weights, data, space);
        using var torch = new TorchModulePass(LeNet(weights), layer, directions[0], data, [1, 28, 28]);
        int chunk = torch.ChooseChunk();
        var own = landscape.Profile(directions[0], Displacements);
        double difference = Numbers.RelativeDifference(own.Loss, torch.Losses(Displacements));
        // Two directions in turns, so that nothing kept from the last sweep helps.
        var times = PairedTimes.Take(
            workplace.Repeat,
            i => PairedTimes.Seconds(() => landscape.Profile(directions[(i + 1) % 2], Displacements)),
            _ => PairedTimes.Seconds(() => torch.Losses(Displacements)));
        return new($"{Name}, {Layers[layer]}", "times as fast", times.Ratios, Bar.AtLeast(5))
        {
            Notes =
            [
                times.Note("a direction", 1, $"TorchSharp's passes in the fastest chunks, {chunk} samples; {data.Count} samples, one thread each, path '{landscape.Path}'"),
                $"mean losses differ by {Numbers.Text(difference)} at most, relative (allowed {Numbers.Text(LossTolerance)})",
            ],
            Differs = !(difference <= LossTolerance),
        };
    }

    /// <summary>The LeNet as anyone would write it in TorchSharp.</summary>
    private static nn.Module<Tensor, Tensor> LeNet(NetworkWeights weights)
    {
        var module = nn.Sequential(
            ("conv1", nn.Conv2d(1, 16, 3, padding: 1, bias: false)), ("relu1", nn.ReLU(inplace: true)), ("pool1", nn.MaxPool2d(2)),
            ("conv2", nn.Conv2d(16, 32, 5, padding: 2, bias: false)), ("relu2", nn.ReLU(inplace: true)), ("pool2", nn.MaxPool2d(2)),
            ("flat", nn.Flatten()), ("head", nn.Linear(1568, 10, hasBias: false)));
        using var gradients = no_grad();
        using var scope = NewDisposeScope();
        foreach (var (parameter, values) in module.parameters().Zip(weights.Tensors))
            parameter.copy_(tensor(values).reshape(parameter.shape));
        return module;
    }

    private static double[] Direction(int dimension, long seed)
    {
        var random = new RandomStream(seed, "benchmark direction");
        double[] direction = [.. Enumerable.Range(0, dimension).Select(_ => random.NextNormal())];
        double norm = Math.Sqrt(direction.Sum(x => x * x));
        return [.. direction.Select(x => x / norm)];
    }
}
