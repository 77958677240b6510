using Talweg.Statistics;

namespace Talweg.Networks;

/// <summary>The values of a network's weights and running statistics, in single precision.</summary>
public abstract class NetworkWeights
{
    private protected NetworkWeights()
    {
    }

    /// <summary>The network these belong to.</summary>
    public abstract Network Network { get; }

    /// <summary>The values, each row-major, in the order of <see cref="Network.Tensors"/>.</summary>
    public abstract IReadOnlyList<float[]> Tensors { get; }

    /// <summary>Weights of the given values, which are copied.</summary>
    /// <param name="network">Whose.</param>
    /// <param name="tensors">In the order of <see cref="Network.Tensors"/>.</param>
    /// <exception cref="ArgumentException">Their number or a length is another than the network's.</exception>
    public static NetworkWeights Of(Network network, IReadOnlyList<float[]> tensors)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(tensors);
        if (tensors.Count != network.Tensors.Count)
            throw new ArgumentException($"{network} has {network.Tensors.Count} tensors, but {tensors.Count} were given.", nameof(tensors));
        for (int i = 0; i < tensors.Count; i++)
        {
            if (tensors[i].Length != network.Tensors[i].Length)
                throw new ArgumentException($"'{network.Tensors[i].Name}' of {network} has {network.Tensors[i].Length} numbers, but {tensors[i].Length} were given.", nameof(tensors));
        }

        return network is FullyConnected dense ? DenseWeights.OfTensors(dense, tensors) : new TensorWeights(network, [.. tensors.Select(values => (float[])values.Clone())]);
    }

    /// <summary>Weights drawn at random, each layer from its own stream of the root seed.</summary>
    /// <remarks>Normalisations begin as PyTorch's: scale 1, shift 0, running mean 0, running variance 1.</remarks>
    public static NetworkWeights Draw(Network network, Initialisation initialisation, long seed)
    {
        ArgumentNullException.ThrowIfNull(network);
        var streams = new Dictionary<int, RandomStream>();
        var tensors = new float[network.Tensors.Count][];
        for (int i = 0; i < tensors.Length; i++)
        {
            var tensor = network.Tensors[i];
            if (!streams.TryGetValue(tensor.Layer, out var random))
                streams[tensor.Layer] = random = new(seed, $"initial weights/{tensor.Layer + 1}");
            tensors[i] = tensor.Role switch
            {
                TensorRole.Weight => Values(tensor.Length, tensor.Inputs, initialisation, random),
                TensorRole.Bias when initialisation == Initialisation.PyTorch && tensor.Layer >= 0 => Values(tensor.Length, network.WeightOf(tensor.Layer).Inputs, initialisation, random),
                TensorRole.Scale or TensorRole.RunningVariance => [.. Enumerable.Repeat(1f, tensor.Length)],
                _ => new float[tensor.Length],
            };
        }

        return Of(network, tensors);
    }

    /// <summary>An independent copy.</summary>
    public NetworkWeights Copy() => Of(Network, Tensors);

    private static float[] Values(int count, int inputs, Initialisation initialisation, RandomStream random)
    {
        var values = new float[count];
        double bound = 1 / Math.Sqrt(inputs);
        double deviation = Math.Sqrt(2.0 / inputs);
        for (int i = 0; i < count; i++)
            values[i] = (float)(initialisation == Initialisation.PyTorch ? bound * (2 * random.NextDouble() - 1) : deviation * random.NextNormal());
        return values;
    }
}

/// <summary>The weights of any network that is not fully connected.</summary>
internal sealed class TensorWeights(Network network, float[][] tensors) : NetworkWeights
{
    public override Network Network => network;

    public override IReadOnlyList<float[]> Tensors => tensors;
}
