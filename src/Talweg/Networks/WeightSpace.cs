using System.Globalization;
using System.Text.RegularExpressions;
using TorchSharp;

namespace Talweg.Networks;

/// <summary>The weights under study as one flat vector: all or some layers of a network, layer by layer, row-major as in PyTorch.</summary>
public sealed class WeightSpace
{
    private readonly int[] _layers;

    private WeightSpace(Network network, bool withBiases, Func<WeightTensor, bool> belongs)
    {
        Network = network;
        WithBiases = withBiases;
        Segments = [.. Layout(network, belongs)];
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

    /// <summary>The layers under study, counted from 0, ascending.</summary>
    public IReadOnlyList<int> Layers => _layers;

    /// <summary>Whether the layers' biases are part of the space (each after its layer's matrix).</summary>
    public bool WithBiases { get; }

    /// <summary>The flat vector's stretches, in order.</summary>
    public IReadOnlyList<Segment> Segments { get; }

    /// <summary>N, the number of weights.</summary>
    public int Dimension { get; }

    /// <summary>The space of the given layers' matrices, counted from 1 as people count.</summary>
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
        return new(network, withBiases, tensor => layers.Contains(tensor.Layer + 1) && (tensor.Role == TensorRole.Weight || (withBiases && tensor.Role == TensorRole.Bias)));
    }

    /// <summary>The space of all that gradients train in a network: its biases too if it has any, and its normalisations' scales and shifts.</summary>
    public static WeightSpace All(Network network)
    {
        ArgumentNullException.ThrowIfNull(network);
        return new(network, network.HasBiases, tensor => tensor.IsTrained);
    }

    /// <summary>Reads what <c>--layers</c> takes: <c>2</c>, <c>1,3</c>, <c>all</c>, or a pattern of names such as <c>*.weight</c> or <c>2.*</c>.</summary>
    /// <exception cref="InputException">A layer that the network does not have, or a pattern that fits none.</exception>
    public static WeightSpace Parse(Network network, string text, bool withBiases = false)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(text);
        string names = string.Join(", ", Enumerable.Range(0, network.Layers).Select(layer => $"{layer + 1} ({network.WeightOf(layer).Name})"));
        string expected = $"layers of {network}: {names}, 'all', or a pattern of their names";
        if (withBiases && !network.HasBiases)
            throw new InputException("--with-biases", "network", $"{network}, which has no biases", $"a network with biases{(network is FullyConnected ? $", such as {network},bias" : "")}");
        int[] layers = text == "all" ? [.. Enumerable.Range(1, network.Layers)]
            : text.All(c => char.IsAsciiDigit(c) || c == ',') ? Numbers(text, network, expected)
            : [.. Enumerable.Range(0, network.Layers).Where(layer => Fits(network.WeightOf(layer).Name, text)).Select(layer => layer + 1)];
        return layers.Length == 0 ? throw new InputException("--layers", "value", $"'{text}'", expected) : Of(network, layers, withBiases);
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

    private static IEnumerable<Segment> Layout(Network network, Func<WeightTensor, bool> belongs)
    {
        int start = 0;
        for (int i = 0; i < network.Tensors.Count; i++)
        {
            var tensor = network.Tensors[i];
            if (!belongs(tensor))
                continue;
            yield return new(tensor.Layer, tensor.Role != TensorRole.Weight, start, tensor.Length, i);
            start = checked(start + tensor.Length);
        }
    }

    private static int[] Numbers(string text, Network network, string expected) =>
        [.. text.Split(',').Select(part =>
            int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int layer) && layer >= 1 && layer <= network.Layers
                ? layer
                : throw new InputException("--layers", "number", $"'{part}'", expected))];

    private static bool Fits(string name, string pattern) =>
        Regex.IsMatch(name, "^" + Regex.Escape(pattern).Replace("\\*", ".*", StringComparison.Ordinal) + "$", RegexOptions.NonBacktracking);
}
