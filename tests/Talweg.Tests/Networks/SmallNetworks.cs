using Talweg.Data;
using Talweg.Networks;
using Talweg.Statistics;
using Talweg.Training;

namespace Talweg.Tests.Networks;

/// <summary>One list of small networks, with data and weights, over which whole families of tests run.</summary>
/// <remarks>Widths, class sizes and sample counts avoid the kernels' multiples (5 rows, 16 lanes, 64 columns) or sit next to them; the last two have classes, and a first layer, for several vectors and more than one panel.</remarks>
internal sealed record SmallNetwork(string Name, FullyConnected Network, DenseWeights Weights, LabelledSamples Samples)
{
    /// <summary>The weights after 600 steps of gradient descent, where most valleys have walls on both sides.</summary>
    public DenseWeights Trained()
    {
        var data = new SparseInputs(Samples);
        using var model = new DenseModel(Weights, Samples.Count);
        int[] all = [.. Enumerable.Range(0, Samples.Count)];
        for (int step = 0; step < 600; step++)
            model.Step(data, all, 0.3);
        return model.Weights();
    }

    /// <summary>A random direction of norm 1.</summary>
    public static double[] RandomDirection(int dimension, long seed)
    {
        var random = new RandomStream(seed, "direction");
        double[] direction = [.. Enumerable.Range(0, dimension).Select(_ => random.NextNormal())];
        double norm = Math.Sqrt(direction.Sum(x => x * x));
        return [.. direction.Select(x => x / norm)];
    }
}

internal static class SmallNetworks
{
    private static readonly (string Network, int Samples)[] Sizes =
    [
        ("fc:3-2", 1),
        ("fc:7-3", 65),
        ("fc:17-21-4,bias", 131),
        ("fc:64-65-2,tanh", 63),
        ("fc:5-13-9-3", 97),
        ("fc:6-8-7-5,bias,tanh", 203),
        ("fc:11-66-3-17-10,bias", 330),
        ("fc:4-6-5-9-3,tanh", 77),
        ("fc:9-20-70", 211),
        ("fc:4-117-3,bias", 41),
    ];

    public static TheoryData<string> Names => [.. Sizes.Select(size => size.Network)];

    /// <summary>Every network with every weight space worth a test: each layer alone, all layers, two of them, some from the outputs down, with biases.</summary>
    public static TheoryData<string, string, bool> Spaces
    {
        get
        {
            var spaces = new TheoryData<string, string, bool>();
            foreach (var (name, _) in Sizes)
            {
                var network = FullyConnected.Parse(name);
                for (int layer = 1; layer <= network.Layers; layer++)
                    spaces.Add(name, $"{layer}", false);
                if (network.Layers > 1)
                    spaces.Add(name, "all", false);
                if (network.Layers > 2)
                    spaces.Add(name, $"1,{network.Layers - 1}", false);
                if (network.Layers > 2)
                    spaces.Add(name, $"{network.Layers},2,1", network.Bias);
                if (!network.Bias)
                    continue;
                spaces.Add(name, "2", true);
                spaces.Add(name, "all", true);
            }

            return spaces;
        }
    }

    public static SmallNetwork Get(string name)
    {
        var network = FullyConnected.Parse(name);
        int count = Sizes.Single(size => size.Network == name).Samples;
        return new(name, network, DenseWeights.Draw(network, Initialisation.PyTorch, seed: 5), Clouds(count, network.Inputs, network.Outputs, seed: 3));
    }

    /// <summary>A noisy cloud for each class; the classes' sizes fall off, some inputs are 0, samples come in random order.</summary>
    public static LabelledSamples Clouds(int count, int width, int classes, long seed, double noise = 0.5, double zeros = 1.0 / 3)
    {
        var random = new RandomStream(seed, "clouds");
        double[] centres = random.Normals(classes * width);
        var inputs = new float[count * width];
        int[] labels = new int[count];
        for (int sample = 0; sample < count; sample++)
        {
            labels[sample] = (int)(classes * Math.Pow(random.NextDouble(), 2));
            for (int i = 0; i < width; i++)
                inputs[sample * width + i] = random.NextDouble() < zeros ? 0 : (float)(centres[labels[sample] * width + i] + noise * random.NextNormal());
        }

        return new(inputs, labels, width, classes);
    }

    private static double[] Normals(this RandomStream random, int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextNormal())];
}
