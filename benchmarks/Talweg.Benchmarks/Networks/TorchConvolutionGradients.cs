using System.Runtime.InteropServices;
using Talweg.Data;
using Talweg.Networks;
using Talweg.Noise;
using static TorchSharp.torch;

namespace Talweg.Benchmarks.Networks;

/// <summary>Gradients by LeNet's second convolution the plain way: a forward and a backward pass of autograd a minibatch.</summary>
/// <remarks>Minibatches are tensors beforehand, no other weight asks for gradients, and each gradient is written into its row of one matrix: what a careful user would write.</remarks>
internal sealed class TorchConvolutionGradients : IDisposable
{
    private readonly nn.Module<Tensor, Tensor> _model;
    private readonly Tensor _kernels;
    private readonly (Tensor Inputs, Tensor Labels)[] _minibatches;

    /// <param name="network">LeNet for MNIST.</param>
    /// <param name="weights">Its weights.</param>
    /// <param name="data">What the minibatches are drawn from.</param>
    /// <param name="sets">The minibatches.</param>
    public TorchConvolutionGradients(LayeredNetwork network, NetworkWeights weights, LabelledSamples data, MinibatchSets sets)
    {
        _model = nn.Sequential(
            nn.Conv2d(1, 16, 3, padding: 1, bias: false), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(16, 32, 5, padding: 2, bias: false), nn.ReLU(), nn.MaxPool2d(2),
            nn.Flatten(), nn.Linear(1568, 10, hasBias: false));
        Tensor[] parameters = [.. _model.parameters()];
        using (no_grad())
        {
            using var scope = NewDisposeScope();
            for (int i = 0; i < parameters.Length; i++)
                parameters[i].copy_(tensor(weights.Tensors[i]).reshape(parameters[i].shape));
        }

        for (int i = 0; i < parameters.Length; i++)
            parameters[i].requires_grad_(i == 1);
        _kernels = parameters[1];
        _minibatches = [.. Enumerable.Range(0, sets.Count).Select(minibatch => Cut(network, data, sets.SamplesOf(minibatch).ToArray()))];
    }

    /// <summary>[minibatches, weights], row-major.</summary>
    public float[] Gradients()
    {
        using var scope = NewDisposeScope();
        var gradients = empty(_minibatches.Length, _kernels.numel());
        for (int minibatch = 0; minibatch < _minibatches.Length; minibatch++)
        {
            using var inner = NewDisposeScope();
            var (inputs, labels) = _minibatches[minibatch];
            var loss = nn.functional.cross_entropy(_model.call(inputs), labels);
            gradients.narrow(0, minibatch, 1).copy_(autograd.grad([loss], [_kernels])[0].reshape(1, -1));
        }

        return MemoryMarshal.Cast<byte, float>(gradients.bytes).ToArray();
    }

    public void Dispose()
    {
        _model.Dispose();
        foreach (var (inputs, labels) in _minibatches)
        {
            inputs.Dispose();
            labels.Dispose();
        }
    }

    private static (Tensor Inputs, Tensor Labels) Cut(LayeredNetwork network, LabelledSamples data, int[] samples)
    {
        float[] inputs = new float[samples.Length * data.Width];
        data.Read(samples, inputs);
        long[] labels = [.. samples.Select(sample => (long)data.Labels[sample])];
        return (tensor(inputs).reshape(samples.Length, network.Input.Channels, network.Input.Rows, network.Input.Columns), tensor(labels));
    }
}
