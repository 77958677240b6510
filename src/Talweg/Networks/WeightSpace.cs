using Talweg.Networks.Loading;
using TorchSharp;

namespace Talweg.Networks;

/// <summary>The weights under study as one flat vector: all or some layers of a network, layer by layer in the order asked for, row-major as in PyTorch.</summary>
public sealed class WeightSpace
{
    private readonly int[] _layers;

    private WeightSpace(Network network, bool withBiases, IEnumerable<int> tensors)
    {
        Network = network;
        WithBiases = withBiases;
        Segments = [.. Layout(network, tensors)];
        _layers = [.. Segments.Select(segment => segment.Layer).Distinct()];
        Dimension = Segments.Sum(segment => segment.Length);
    }

    /// <summary>One stretch of the flat vector: a layer's matrix or bias.</summary>
    /// <param name="Layer">Counted from 0.</param>
    /// <param name="IsBias">Whether it is the layer's bias, not its matrix or kernel.</param>
    /// <param name="Start">Where it begins in the flat vector.</param>
    /// <param name="Length">Its number of weights.</param>
    /// <param name="Tensor">Its place in <see cref="Network.Tensors"/>.</param>
    public sealed record Segment(int Layer, bool IsBias, int Start, int Length, int Tensor);

    /// <summary>The network whose weights these are.</summary>
    public Network Network { get; }

    /// <summary>The layers under study, counted from 0, in the order of the flat vector.</summary>
    public IReadOnlyList<int> Layers => _layers;

    /// <summary>The layer nearest to the inputs, counted from 0.</summary>
    internal int FirstLayer => _layers.Min();

    /// <summary>Whether the layers' biases are part of the space (each after its layer's matrix).</summary>
    public bool WithBiases { get; }

    /// <summary>The flat vector's stretches, in order.</summary>
    public IReadOnlyList<Segment> Segments { get; }

    /// <summary>N, the number of weights.</summary>
    public int Dimension { get; }

    /// <summary>The space of the given layers' matrices, counted from 1 as people count, in this order; a layer that comes twice counts once.</summary>
    /// <exception cref="ArgumentException">No layer, or one that the network does not have.</exception>
    public static WeightSpace Of(Network network, params int[] layers)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(layers);
        return Of(network, layers, withBiases: false);
    }

    /// <summary>As <see cref="Of(Network, int[])"/>, with the layers' biases if asked.</summary>
    public static WeightSpace Of(Network network, IReadOnlyCollection<int> layers, bool withBiases)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(layers);
        if (layers.Count == 0)
            throw new ArgumentException("A weight space needs at least one layer.", nameof(layers));
        foreach (int layer in layers)
        {
            if (layer < 1 || layer > network.Layers)
                throw new ArgumentException($"{network} has layers 1 … {network.Layers}, but layer {layer} was asked for.", nameof(layers));
        }

        if (withBiases && !network.HasBiases)
            throw new ArgumentException($"{network} has no biases{(network is FullyConnected ? $"; write {network},bias for one that has" : "")}.", nameof(withBiases));
        var tensors = network.Tensors.Index().Where(tensor => tensor.Item.Role == TensorRole.Weight || (withBiases && tensor.Item.Role == TensorRole.Bias)).ToLookup(tensor => tensor.Item.Layer, tensor => tensor.Index);
        return new(network, withBiases, layers.Distinct().SelectMany(layer => tensors[layer - 1]));
    }

    /// <summary>The space of all that gradients train in a network: its biases too if it has any, and its normalisations' scales and shifts.</summary>
    public static WeightSpace All(Network network)
    {
        ArgumentNullException.ThrowIfNull(network);
        return new(network, network.HasBiases, network.Tensors.Index().Where(tensor => tensor.Item.IsTrained).Select(tensor => tensor.Index));
    }

    /// <summary>Reads what <c>--layers</c> takes: <c>2</c>, <c>3,1</c> in this order, <c>all</c>, a tensor's or module's name, or a pattern of names such as <c>*.weight</c> or <c>2.*</c>.</summary>
    /// <param name="network">The network.</param>
    /// <param name="text">What was given.</param>
    /// <param name="withBiases">Whether the layers' biases are part of the space.</param>
    /// <param name="loaded">The weights as they were read, where a file's own names are to be known too.</param>
    /// <exception cref="InputException">A layer that the network does not have, or a name that fits none.</exception>
    public static WeightSpace Parse(Network network, string text, bool withBiases = false, LoadedWeights? loaded = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(text);
        if (withBiases && !network.HasBiases)
            throw new InputException("--with-biases", "network", $"{network}, which has no biases", $"a network with biases{(network is FullyConnected ? $", such as {network},bias" : "")}");
        return Of(network, new LayerChoice(network, loaded).Read(text), withBiases);
    }

    /// <summary>The shape of a stretch's tensor, as torch takes it.</summary>
    internal long[] ShapeOf(Segment segment) => [.. Network.Tensors[segment.Tensor].Shape.Select(size => (long)size)];

    /// <summary>A stretch of a flat vector as a tensor of that stretch's shape, in torch's own memory.</summary>
    internal torch.Tensor PartOf(ReadOnlySpan<double> flat, Segment segment, torch.ScalarType type) =>
        torch.tensor(flat.Slice(segment.Start, segment.Length).ToArray()).to(type, copy: true).reshape(ShapeOf(segment));

    /// <summary>The flat vector [N] of the given weights.</summary>
    public float[] Flatten(NetworkWeights weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        var flat = new float[Dimension];
        foreach (var segment in Segments)
            weights.Tensors[segment.Tensor].CopyTo(flat, segment.Start);
        return flat;
    }

    /// <summary>A copy of <paramref name="weights"/> in which this space's weights are <paramref name="flat"/>.</summary>
    /// <exception cref="ArgumentException">The vector has not N numbers.</exception>
    public T With<T>(T weights, ReadOnlySpan<float> flat)
        where T : NetworkWeights
    {
        ArgumentNullException.ThrowIfNull(weights);
        if (flat.Length != Dimension)
            throw new ArgumentException($"This weight space has {Dimension} weights, but {flat.Length} were given.", nameof(flat));
        var moved = (T)weights.Copy();
        foreach (var segment in Segments)
            flat.Slice(segment.Start, segment.Length).CopyTo(moved.Tensors[segment.Tensor]);
        return moved;
    }

    /// <summary>‖w₀‖, the Euclidean norm of this space's weights.</summary>
    public double Norm(NetworkWeights weights) => Math.Sqrt(Flatten(weights).Sum(w => (double)w * w));

    private static IEnumerable<Segment> Layout(Network network, IEnumerable<int> tensors)
    {
        int start = 0;
        foreach (int i in tensors)
        {
            var tensor = network.Tensors[i];
            yield return new(tensor.Layer, tensor.Role != TensorRole.Weight, start, tensor.Length, i);
            start = checked(start + tensor.Length);
        }
    }
}
