using System.Runtime.InteropServices;
using Talweg.Data;
using Talweg.Landscapes;
using Talweg.Networks;
using Talweg.Networks.Layers;
using static TorchSharp.torch;

namespace Talweg.Continual;

/// <summary>A network of which only dense layers near its end are trained: what lies before them is computed once for every sample, and the rest is a smaller network on the results.</summary>
/// <remarks>
/// Exact: with the layers before fixed, the loss is the same function of the others' weights. Batch normalisations before them run by their running statistics. Of 784–50–50–10, whose first layer
/// stays, 50–50–10 is left, whose step costs a sixth.
/// </remarks>
public sealed class FrozenFeatures
{
    private const int SamplesAtOnce = 500;

    private readonly NetworkWeights _whole;
    private readonly LayeredNetwork _layers;
    private readonly int _place;
    private readonly int _firstTensor;

    private FrozenFeatures(NetworkWeights whole, LayeredNetwork layers, int place, DenseWeights head, int[] trained)
    {
        _whole = whole;
        _layers = layers;
        _place = place;
        _firstTensor = layers.FirstTensorOf(place);
        Head = head;
        TrainedLayers = trained;
    }

    /// <summary>The network that is left, and its weights.</summary>
    public DenseWeights Head { get; }

    /// <summary>The layers of it that are trained, counted from 1.</summary>
    public IReadOnlyList<int> TrainedLayers { get; }

    /// <summary>Splits a network in front of the first of the layers that are to be trained.</summary>
    /// <param name="weights">All weights.</param>
    /// <param name="trained">The layers that are to be trained, counted from 1; null: all dense layers but the network's first and last layer.</param>
    /// <exception cref="InputException">There is none, or another layer than a dense one follows, or its activations differ.</exception>
    public static FrozenFeatures Of(NetworkWeights weights, IReadOnlyList<int>? trained = null)
    {
        ArgumentNullException.ThrowIfNull(weights);
        var network = weights.Network;
        var layers = network switch
        {
            FullyConnected dense => LayeredNetwork.Of(dense),
            LayeredNetwork layered => layered,
            _ => throw Refused(network, "a module, whose layers are not known", "a network whose layers Talweg knows; or train everything from scratch"),
        };
        int[] chosen = [.. trained ?? Enumerable.Range(2, Math.Max(0, network.Layers - 2)).Where(layer => IsDense(layers, layer))];
        if (chosen.Length == 0)
            throw Refused(network, "no hidden dense layer", "a network with a dense layer between its first and its last layer");
        foreach (int wrong in chosen.Where(layer => layer < 1 || layer > network.Layers))
            throw Refused(network, $"layer {wrong}", $"layers 1 to {network.Layers}");
        int place = layers.PlaceOf(chosen.Min() - 1);
        bool isDense = layers.Structure[place] is Dense;
        if (!isDense || DenseHead.Of(weights, layers, place) is not { } head || HasMixedBiases(layers, place))
            throw Refused(network, $"layer {chosen.Min()}, from which on not all layers are dense with one activation and all with or all without biases", "later layers, by naming the layers that are to be trained");
        return new(weights, layers, place, head, [.. chosen.Select(layer => layer - chosen.Min() + 1).Order()]);
    }

    /// <summary>What the layers before make of samples, in single precision: samples of <see cref="Head"/>.</summary>
    public LabelledSamples Of(LabelledSamples samples)
    {
        ArgumentNullException.ThrowIfNull(samples);
        using var noGradient = no_grad();
        using var session = new LayeredSession(_layers, _whole, ScalarType.Float32, Normalisation.Evaluation);
        int width = Head.Network.Inputs;
        float[] features = new float[checked(samples.Count * width)];
        for (int first = 0; first < samples.Count; first += SamplesAtOnce)
        {
            using var scope = NewDisposeScope();
            int count = Math.Min(SamplesAtOnce, samples.Count - first);
            var values = session.Run(_layers.Shaped(SampleInputs.Of(samples, first, count, ScalarType.Float32)), 0, _place);
            MemoryMarshal.Cast<byte, float>(values.flatten(1).contiguous().bytes).CopyTo(features.AsSpan(first * width, count * width));
        }

        return new(features, samples.Labels, width, samples.Classes);
    }

    /// <summary>The whole network's weights, with the head's in their places.</summary>
    public NetworkWeights Whole(NetworkWeights head)
    {
        ArgumentNullException.ThrowIfNull(head);
        return NetworkWeights.Of(_whole.Network, [.. _whole.Tensors.Take(_firstTensor), .. head.Tensors]);
    }

    private static bool IsDense(LayeredNetwork layers, int layer) => layers.Structure[layers.PlaceOf(layer - 1)] is Dense;

    private static bool HasMixedBiases(LayeredNetwork layers, int place) => layers.Structure.Skip(place).OfType<Dense>().Select(dense => dense.Bias).Distinct().Count() > 1;

    private static InputException Refused(Network network, string found, string expected) => new("trained layers", $"of {network}", found, expected);
}
