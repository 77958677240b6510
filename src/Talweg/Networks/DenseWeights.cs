using Talweg.Statistics;

namespace Talweg.Networks;

/// <summary>How weights are drawn before training.</summary>
public enum Initialisation
{
    /// <summary>PyTorch's default for a linear layer: weights and biases uniform in ±1/√inputs.</summary>
    PyTorch,

    /// <summary>He et al. (2015): weights normal with standard deviation √(2/inputs), biases 0.</summary>
    He,
}

/// <summary>The values of a fully connected network's weights and biases, in single precision.</summary>
public sealed class DenseWeights
{
    private DenseWeights(FullyConnected network, float[][] matrices, float[][] biases)
    {
        Network = network;
        Matrices = matrices;
        Biases = biases;
    }

    /// <summary>The network these belong to.</summary>
    public FullyConnected Network { get; }

    /// <summary>One matrix a layer, [outputs, inputs] row-major as in PyTorch.</summary>
    public IReadOnlyList<float[]> Matrices { get; }

    /// <summary>One vector a layer, [outputs]; no vectors where the network has no biases.</summary>
    public IReadOnlyList<float[]> Biases { get; }

    /// <summary>Weights of the given values, which are copied.</summary>
    /// <exception cref="ArgumentException">A matrix or bias has another size than the network's.</exception>
    public static DenseWeights Of(FullyConnected network, IReadOnlyList<float[]> matrices, IReadOnlyList<float[]>? biases = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(matrices);
        biases ??= [];
        int expectedBiases = network.Bias ? network.Layers : 0;
        if (matrices.Count != network.Layers || biases.Count != expectedBiases)
            throw new ArgumentException($"{network} has {network.Layers} matrices and {expectedBiases} biases, but {matrices.Count} and {biases.Count} were given.", nameof(matrices));
        for (int layer = 0; layer < network.Layers; layer++)
        {
            int size = network.OutputsOf(layer) * network.InputsOf(layer);
            if (matrices[layer].Length != size)
                throw new ArgumentException($"Layer {layer + 1} of {network} has {size} weights, but {matrices[layer].Length} were given.", nameof(matrices));
            if (network.Bias && biases[layer].Length != network.OutputsOf(layer))
                throw new ArgumentException($"Layer {layer + 1} of {network} has {network.OutputsOf(layer)} biases, but {biases[layer].Length} were given.", nameof(biases));
        }

        return new(network, [.. matrices.Select(m => (float[])m.Clone())], [.. biases.Select(b => (float[])b.Clone())]);
    }

    /// <summary>Weights drawn at random, each layer from its own stream of the root seed.</summary>
    public static DenseWeights Draw(FullyConnected network, Initialisation initialisation, long seed)
    {
        ArgumentNullException.ThrowIfNull(network);
        var matrices = new float[network.Layers][];
        var biases = new float[network.Bias ? network.Layers : 0][];
        for (int layer = 0; layer < network.Layers; layer++)
        {
            var random = new RandomStream(seed, $"initial weights/{layer + 1}");
            int inputs = network.InputsOf(layer);
            matrices[layer] = Draw(network.OutputsOf(layer) * inputs, inputs, initialisation, random);
            if (network.Bias)
                biases[layer] = initialisation == Initialisation.He ? new float[network.OutputsOf(layer)] : Draw(network.OutputsOf(layer), inputs, initialisation, random);
        }

        return new(network, matrices, biases);
    }

    /// <summary>An independent copy.</summary>
    public DenseWeights Copy() => Of(Network, Matrices, Biases);

    private static float[] Draw(int count, int inputs, Initialisation initialisation, RandomStream random)
    {
        var values = new float[count];
        double bound = 1 / Math.Sqrt(inputs);
        double deviation = Math.Sqrt(2.0 / inputs);
        for (int i = 0; i < count; i++)
            values[i] = (float)(initialisation == Initialisation.PyTorch ? bound * (2 * random.NextDouble() - 1) : deviation * random.NextNormal());
        return values;
    }
}
