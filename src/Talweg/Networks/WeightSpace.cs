using System.Globalization;
using System.Text.RegularExpressions;

namespace Talweg.Networks;

/// <summary>The weights under study as one flat vector: all or some layers of a network, layer by layer, row-major as in PyTorch.</summary>
public sealed class WeightSpace
{
    private readonly int[] _layers;

    private WeightSpace(FullyConnected network, int[] layers, bool withBiases)
    {
        Network = network;
        _layers = layers;
        WithBiases = withBiases;
        Segments = [.. Layout(network, layers, withBiases)];
        Dimension = Segments.Sum(segment => segment.Length);
    }

    /// <summary>One stretch of the flat vector: a layer's matrix or bias.</summary>
    /// <param name="Layer">Counted from 0.</param>
    /// <param name="IsBias">Whether it is the layer's bias, not its matrix.</param>
    /// <param name="Start">Where it begins in the flat vector.</param>
    /// <param name="Length">Its number of weights.</param>
    public sealed record Segment(int Layer, bool IsBias, int Start, int Length);

    /// <summary>The network whose weights these are.</summary>
    public FullyConnected Network { get; }

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
    public static WeightSpace Of(FullyConnected network, params int[] layers)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(layers);
        return Of(network, layers, withBiases: false);
    }

    /// <summary>As <see cref="Of(FullyConnected, int[])"/>, with the layers' biases if asked.</summary>
    public static WeightSpace Of(FullyConnected network, IReadOnlyCollection<int> layers, bool withBiases)
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

        if (withBiases && !network.Bias)
            throw new ArgumentException($"{network} has no biases; write {network},bias for one that has.", nameof(withBiases));
        return new(network, [.. layers.Distinct().Order().Select(layer => layer - 1)], withBiases);
    }

    /// <summary>The space of all weights of a network, its biases too if it has any.</summary>
    public static WeightSpace All(FullyConnected network)
    {
        ArgumentNullException.ThrowIfNull(network);
        return Of(network, [.. Enumerable.Range(1, network.Layers)], network.Bias);
    }

    /// <summary>Reads what <c>--layers</c> takes: <c>2</c>, <c>1,3</c>, <c>all</c>, or a pattern of names such as <c>*.weight</c> or <c>2.*</c>.</summary>
    /// <exception cref="InputException">A layer that the network does not have, or a pattern that fits none.</exception>
    public static WeightSpace Parse(FullyConnected network, string text, bool withBiases = false)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(text);
        string names = string.Join(", ", Enumerable.Range(0, network.Layers).Select(layer => $"{layer + 1} ({NameOf(layer)})"));
        string expected = $"layers of {network}: {names}, 'all', or a pattern of their names";
        if (withBiases && !network.Bias)
            throw new InputException("--with-biases", "network", $"{network}, which has no biases", $"a network with biases, such as {network},bias");
        int[] layers = text == "all" ? [.. Enumerable.Range(1, network.Layers)]
            : text.All(c => char.IsAsciiDigit(c) || c == ',') ? Numbers(text, network, expected)
            : [.. Enumerable.Range(0, network.Layers).Where(layer => Fits(NameOf(layer), text)).Select(layer => layer + 1)];
        return layers.Length == 0 ? throw new InputException("--layers", "value", $"'{text}'", expected) : Of(network, layers, withBiases);
    }

    /// <summary>The name of a layer's matrix, counted from 0, as PyTorch's Sequential gives it: activations take every second place.</summary>
    public static string NameOf(int layer) => string.Create(CultureInfo.InvariantCulture, $"{2 * layer}.weight");

    /// <summary>The flat vector [N] of the given weights.</summary>
    public float[] Flatten(DenseWeights weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        var flat = new float[Dimension];
        foreach (var segment in Segments)
            Values(weights, segment).CopyTo(flat, segment.Start);
        return flat;
    }

    /// <summary>A copy of <paramref name="weights"/> in which this space's weights are <paramref name="flat"/>.</summary>
    /// <exception cref="ArgumentException">The vector has not N numbers.</exception>
    public DenseWeights With(DenseWeights weights, ReadOnlySpan<float> flat)
    {
        ArgumentNullException.ThrowIfNull(weights);
        if (flat.Length != Dimension)
            throw new ArgumentException($"This weight space has {Dimension} weights, but {flat.Length} were given.", nameof(flat));
        var moved = weights.Copy();
        foreach (var segment in Segments)
            flat.Slice(segment.Start, segment.Length).CopyTo(Values(moved, segment));
        return moved;
    }

    /// <summary>‖w₀‖, the Euclidean norm of this space's weights.</summary>
    public double Norm(DenseWeights weights) => Math.Sqrt(Flatten(weights).Sum(w => (double)w * w));

    private static float[] Values(DenseWeights weights, Segment segment) =>
        segment.IsBias ? weights.Biases[segment.Layer] : weights.Matrices[segment.Layer];

    private static IEnumerable<Segment> Layout(FullyConnected network, int[] layers, bool withBiases)
    {
        int start = 0;
        foreach (int layer in layers)
        {
            int size = network.OutputsOf(layer) * network.InputsOf(layer);
            yield return new(layer, IsBias: false, start, size);
            start += size;
            if (!withBiases)
                continue;
            yield return new(layer, IsBias: true, start, network.OutputsOf(layer));
            start += network.OutputsOf(layer);
        }
    }

    private static int[] Numbers(string text, FullyConnected network, string expected) =>
        [.. text.Split(',').Select(part =>
            int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int layer) && layer >= 1 && layer <= network.Layers
                ? layer
                : throw new InputException("--layers", "number", $"'{part}'", expected))];

    private static bool Fits(string name, string pattern) =>
        Regex.IsMatch(name, "^" + Regex.Escape(pattern).Replace("\\*", ".*", StringComparison.Ordinal) + "$", RegexOptions.NonBacktracking);
}
