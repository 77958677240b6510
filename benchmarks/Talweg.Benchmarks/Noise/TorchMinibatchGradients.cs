using System.Runtime.InteropServices;
using Talweg.Data;
using Talweg.Landscapes;
using Talweg.Networks;
using Talweg.Noise;
using static TorchSharp.torch;

namespace Talweg.Benchmarks.Noise;

/// <summary>Minibatch gradients the plain way: a forward and a backward pass of autograd a minibatch, then one product with all directions.</summary>
/// <remarks>
/// Minibatches and directions are tensors beforehand; gradients are taken for the one layer only, written into the rows of one matrix: what a careful user
/// would write.
/// </remarks>
internal sealed class TorchMinibatchGradients : IDisposable
{
    private readonly Tensor[] _matrices;
    private readonly Tensor _directions;
    private readonly (Tensor Inputs, Tensor Labels)[] _minibatches;
    private readonly int _layer;

    /// <param name="weights">Without biases, with ReLU.</param>
    /// <param name="data">What the minibatches are drawn from.</param>
    /// <param name="sets">The minibatches.</param>
    /// <param name="layer">The layer of the gradients, counted from 0.</param>
    /// <param name="directions">What to project on.</param>
    public TorchMinibatchGradients(DenseWeights weights, LabelledSamples data, MinibatchSets sets, int layer, Directions directions)
    {
        var network = weights.Network;
        _layer = layer;
        _matrices = [.. weights.Matrices.Select((matrix, i) => tensor(matrix).reshape(network.OutputsOf(i), network.InputsOf(i)).requires_grad_(i == layer))];
        _minibatches = [.. Enumerable.Range(0, sets.Count).Select(minibatch => Cut(data, sets.SamplesOf(minibatch).ToArray()))];
        using var scope = NewDisposeScope();
        _directions = stack([.. Enumerable.Range(0, directions.Count).Select(i => tensor(directions[i].ToArray()).to(ScalarType.Float32))]).DetachFromDisposeScope();
    }

    /// <summary>Projections of every minibatch's gradient on every direction, [minibatches, directions].</summary>
    public float[] Project()
    {
        using var scope = NewDisposeScope();
        var gradients = empty(_minibatches.Length, _directions.shape[1]);
        for (int minibatch = 0; minibatch < _minibatches.Length; minibatch++)
        {
            using var inner = NewDisposeScope();
            gradients.narrow(0, minibatch, 1).copy_(Gradient(_minibatches[minibatch]).reshape(1, -1));
        }

        return MemoryMarshal.Cast<byte, float>(gradients.matmul(_directions.t()).bytes).ToArray();
    }

    public void Dispose()
    {
        _directions.Dispose();
        Array.ForEach(_matrices, matrix => matrix.Dispose());
        foreach (var (inputs, labels) in _minibatches)
        {
            inputs.Dispose();
            labels.Dispose();
        }
    }

    private Tensor Gradient((Tensor Inputs, Tensor Labels) minibatch)
    {
        var value = minibatch.Inputs;
        for (int layer = 0; layer < _matrices.Length; layer++)
        {
            if (layer > 0)
                value = value.relu_();
            value = nn.functional.linear(value, _matrices[layer]);
        }

        return autograd.grad([nn.functional.cross_entropy(value, minibatch.Labels)], [_matrices[_layer]])[0];
    }

    private static (Tensor Inputs, Tensor Labels) Cut(LabelledSamples data, int[] samples)
    {
        float[] inputs = new float[samples.Length * data.Width];
        for (int i = 0; i < samples.Length; i++)
            data.Input(samples[i]).CopyTo(inputs.AsSpan(i * data.Width));
        long[] labels = [.. samples.Select(sample => (long)data.Labels[sample])];
        return (tensor(inputs).reshape(samples.Length, data.Width), tensor(labels));
    }
}
