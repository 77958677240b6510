using Talweg.Data;
using Talweg.Networks;
using Talweg.Noise;
using TorchSharp;
using static TorchSharp.torch;

namespace Talweg.Benchmarks.Noise;

/// <summary>Minibatch slopes the plain way: at each displacement the layer's weights are moved, then a forward and a backward pass a minibatch.</summary>
/// <remarks>Minibatches are cut into tensors beforehand, and gradients are taken for the moved layer only: what a careful user would write.</remarks>
internal sealed class TorchMinibatchPasses : IDisposable
{
    private readonly Tensor[] _matrices;
    private readonly Tensor _direction;
    private readonly (Tensor Inputs, Tensor Labels)[] _minibatches;
    private readonly int _layer;

    /// <param name="weights">Without biases, with ReLU.</param>
    /// <param name="data">What the minibatches are drawn from.</param>
    /// <param name="sets">The minibatches.</param>
    /// <param name="count">How many of them to take.</param>
    /// <param name="layer">The layer that moves, counted from 0.</param>
    /// <param name="direction">How its matrix moves.</param>
    public TorchMinibatchPasses(DenseWeights weights, LabelledSamples data, MinibatchSets sets, int count, int layer, ReadOnlySpan<double> direction)
    {
        var network = weights.Network;
        _layer = layer;
        _matrices = [.. weights.Matrices.Select((matrix, i) => tensor(matrix).reshape(network.OutputsOf(i), network.InputsOf(i)))];
        _direction = tensor(direction.ToArray()).to(ScalarType.Float32).reshape(network.OutputsOf(layer), network.InputsOf(layer));
        _minibatches = [.. Enumerable.Range(0, count).Select(minibatch => Cut(data, sets.SamplesOf(minibatch).ToArray()))];
    }

    /// <summary>Loss and slope of every minibatch at one displacement.</summary>
    public (double Loss, double Slope)[] At(double displacement)
    {
        using var scope = NewDisposeScope();
        using var length = displacement.ToScalar();
        var moved = _matrices[_layer].add(_direction, length).requires_grad_();
        return [.. _minibatches.Select(minibatch => Pass(moved, minibatch.Inputs, minibatch.Labels))];
    }

    public void Dispose()
    {
        _direction.Dispose();
        Array.ForEach(_matrices, matrix => matrix.Dispose());
        foreach (var (inputs, labels) in _minibatches)
        {
            inputs.Dispose();
            labels.Dispose();
        }
    }

    private (double Loss, double Slope) Pass(Tensor moved, Tensor inputs, Tensor labels)
    {
        using var scope = NewDisposeScope();
        var value = inputs;
        for (int layer = 0; layer < _matrices.Length; layer++)
        {
            if (layer > 0)
                value = value.relu_();
            value = nn.functional.linear(value, layer == _layer ? moved : _matrices[layer]);
        }

        var loss = nn.functional.cross_entropy(value, labels);
        var gradient = autograd.grad([loss], [moved])[0];
        return (loss.item<float>(), (gradient * _direction).sum().item<float>());
    }

    private static (Tensor Inputs, Tensor Labels) Cut(LabelledSamples data, int[] samples)
    {
        float[] inputs = [.. samples.SelectMany(sample => data.Input(sample).ToArray())];
        long[] labels = [.. samples.Select(sample => (long)data.Labels[sample])];
        return (tensor(inputs).reshape(samples.Length, data.Width), tensor(labels));
    }
}
