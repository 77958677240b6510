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
public sealed class DenseWeights : NetworkWeights
{
    private DenseWeights(FullyConnected network, float[][] matrices, float[][] biases)
    {
        Network = network;
        Matrices = matrices;
        Biases = biases;
        Tensors = network.Bias ? [.. matrices.Zip(biases).SelectMany(layer => new[] { layer.First, layer.Second })] : matrices;
    }

    /// <summary>The network these belong to.</summary>
    public override FullyConnected Network { get; }

    /// <summary>Every layer's matrix, then its bias if it has one.</summary>
    public override IReadOnlyList<float[]> Tensors { get; }

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
    public static DenseWeights Draw(FullyConnected network, Initialisation initialisation, long seed) => (DenseWeights)NetworkWeights.Draw(network, initialisation, seed);

    /// <summary>An independent copy.</summary>
    public new DenseWeights Copy() => Of(Network, Matrices, Biases);

    internal static DenseWeights OfTensors(FullyConnected network, IReadOnlyList<float[]> tensors)
    {
        int step = network.Bias ? 2 : 1;
        return Of(
            network,
            [.. Enumerable.Range(0, network.Layers).Select(layer => tensors[step * layer])],
            network.Bias ? [.. Enumerable.Range(0, network.Layers).Select(layer => tensors[step * layer + 1])] : []);
    }
}
