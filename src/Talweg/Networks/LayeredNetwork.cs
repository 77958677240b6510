using Talweg.Networks.Layers;
using TorchSharp;

namespace Talweg.Networks;

/// <summary>A network of layers that Talweg knows: dense, convolutions, pooling, activations, batch normalisation, residual blocks.</summary>
/// <remarks>Written <c>net:1x28x28/conv16k3p1/relu/pool2/dense10</c> (see <see cref="NetworkText"/>), or by its name in the <see cref="NetworkCatalogue"/>.</remarks>
public sealed class LayeredNetwork : Network
{
    private const int LargestTensor = 1 << 28;

    private readonly int[] _firstTensor;
    private readonly int[] _firstLayer;

    /// <param name="input">What a sample is.</param>
    /// <param name="structure">The layers, the last a dense one: its outputs are the logits.</param>
    /// <param name="name">By which it is known; null: its text.</param>
    /// <exception cref="ArgumentException">A layer does not fit what comes before it, no dense layer ends the network, or a tensor is above 2²⁸ numbers.</exception>
    public LayeredNetwork(ImageShape input, IReadOnlyList<NetworkLayer> structure, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(structure);
        if (structure is not [.., Dense last])
            throw new ArgumentException("A network needs layers, and a dense one to end with, whose outputs are the logits.", nameof(structure));
        Input = input;
        Structure = [.. structure];
        Outputs = last.Outputs;
        Text = name ?? $"net:{input}/{string.Join('/', structure)}";
        var tensors = new List<WeightTensor>();
        (_firstTensor, _firstLayer) = (new int[structure.Count], new int[structure.Count]);
        var shapes = new List<ImageShape> { input };
        for (int i = 0; i < structure.Count; i++)
        {
            _firstTensor[i] = tensors.Count;
            _firstLayer[i] = tensors.Count(tensor => tensor.Role == TensorRole.Weight);
            Append(tensors, structure[i], $"{i}", shapes[^1]);
            shapes.Add(structure[i].After(shapes[^1]));
        }

        Shapes = shapes;
        Tensors = tensors;
    }

    /// <summary>What a sample is.</summary>
    public ImageShape Input { get; }

    /// <summary>The layers, in order.</summary>
    public IReadOnlyList<NetworkLayer> Structure { get; }

    /// <summary>What flows in front of every layer of <see cref="Structure"/>, and behind the last.</summary>
    public IReadOnlyList<ImageShape> Shapes { get; }

    /// <inheritdoc/>
    public override int Inputs => Input.Length;

    /// <inheritdoc/>
    public override int Outputs { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<WeightTensor> Tensors { get; }

    private string Text { get; }

    /// <summary>A fully connected network in the layers of this one, with the same tensors under the same numbers.</summary>
    public static LayeredNetwork Of(FullyConnected network)
    {
        ArgumentNullException.ThrowIfNull(network);
        var layers = new List<NetworkLayer>();
        for (int layer = 0; layer < network.Layers; layer++)
        {
            if (layer > 0)
                layers.Add(new Activated(network.Activation));
            layers.Add(new Dense(network.OutputsOf(layer), network.Bias));
        }

        return new(new(network.Inputs, 1, 1), layers, network.ToString());
    }

    /// <inheritdoc/>
    public override string ToString() => Text;

    /// <summary>The place in <see cref="Structure"/> of the part that holds a weight layer, counted from 0.</summary>
    internal int PlaceOf(int layer) => Array.FindLastIndex(_firstLayer, first => first <= layer);

    /// <summary>The place in <see cref="Structure"/> of the part that holds a tensor.</summary>
    internal int PlaceOfTensor(int tensor) => Array.FindLastIndex(_firstTensor, first => first <= tensor);

    /// <summary>The first tensor of the part at a place, or of the next that has any.</summary>
    internal int FirstTensorOf(int place) => _firstTensor[place];

    /// <summary>Runs the parts of <see cref="Structure"/> from <paramref name="first"/> to before <paramref name="end"/>.</summary>
    /// <param name="values">[samples, channels, rows, columns], or [samples, numbers] in front of a dense layer.</param>
    /// <param name="parameters">In the order of <see cref="Tensors"/>.</param>
    /// <param name="normalisation">How normalisations run.</param>
    /// <param name="first">The first part that runs.</param>
    /// <param name="end">The first that does not.</param>
    /// <param name="tap">Sees every weight layer on the way; null for none.</param>
    /// <param name="normalisationTap">Sees every normalisation on the way; null for none.</param>
    internal torch.Tensor Run(
        torch.Tensor values, IReadOnlyList<torch.Tensor> parameters, Normalisation normalisation, int first, int end, LayerTap? tap = null, NormalisationTap? normalisationTap = null)
    {
        if (first >= end)
            return values;
        var run = new LayerRun(parameters, _firstTensor[first], _firstLayer[first], normalisation, tap, normalisationTap);
        for (int i = first; i < end; i++)
            values = Structure[i].Run(values, run);
        return values;
    }

    /// <summary>All layers, those within blocks instead of the blocks, each with what flows into it, in the order of <see cref="Tensors"/>.</summary>
    internal IEnumerable<PlacedLayer> Leaves() => Structure.SelectMany((layer, i) => layer.Leaves(Shapes[i]));

    /// <summary>Samples as the first layer takes them, from [samples, <see cref="Inputs"/>].</summary>
    internal torch.Tensor Shaped(torch.Tensor inputs) => inputs.reshape(inputs.shape[0], Input.Channels, Input.Rows, Input.Columns);

    private static void Append(List<WeightTensor> tensors, NetworkLayer layer, string place, ImageShape input)
    {
        int weights = tensors.Count(tensor => tensor.Role == TensorRole.Weight) - 1;
        foreach (var tensor in layer.Tensors(input))
        {
            if (tensor.Shape.Aggregate(1L, (product, size) => product * size) > LargestTensor)
                throw new ArgumentException($"A tensor may have up to {LargestTensor} numbers, but {layer} on {input} has more.", nameof(layer));
            weights += tensor.Role == TensorRole.Weight ? 1 : 0;
            tensors.Add(new($"{layer.Name ?? place}.{tensor.Name}", tensor.Shape, weights, tensor.Role));
        }
    }
}
