using System.Runtime.InteropServices;
using Talweg.Data;
using Talweg.Landscapes;
using Talweg.Networks;
using static TorchSharp.torch;

namespace Talweg.Benchmarks.Curvature;

/// <summary>Products with one layer's Hessian as PyHessian makes them: the gradient with its graph, once, then a backward pass through that graph for each vector.</summary>
/// <remarks>In double precision, on all samples at once, from the layer's inputs on, which are computed beforehand: what a careful user would write.</remarks>
internal sealed class TorchLayerHessian : ISymmetricOperator, IDisposable
{
    private readonly Tensor[] _matrices;
    private readonly Tensor _inputs;
    private readonly Tensor _labels;
    private readonly int _layer;
    private readonly Lazy<Tensor> _gradient;

    /// <param name="weights">Without biases, with ReLU.</param>
    /// <param name="data">What the loss is a mean over.</param>
    /// <param name="layer">The layer, counted from 0.</param>
    public TorchLayerHessian(DenseWeights weights, LabelledSamples data, int layer)
    {
        using var scope = NewDisposeScope();
        var network = weights.Network;
        _layer = layer;
        _matrices = [.. weights.Matrices.Select((matrix, i) => tensor(matrix).to(ScalarType.Float64).reshape(network.OutputsOf(i), network.InputsOf(i)).requires_grad_(i == layer))];
        _labels = tensor(data.Labels.Select(label => (long)label).ToArray());
        _inputs = InputsOf(data);
        _gradient = new(() =>
        {
            var gradient = autograd.grad([Loss()], [Matrix], retain_graph: true, create_graph: true)[0];
            return gradient.DetachFromDisposeScope();
        });
        Dimension = (int)Matrix.numel();
        foreach (var kept in (Tensor[])[.. _matrices, _labels, _inputs])
            kept.DetachFromDisposeScope();
    }

    public int Dimension { get; }

    private Tensor Matrix => _matrices[_layer];

    public void Apply(ReadOnlySpan<double> vector, Span<double> product)
    {
        var gradient = _gradient.Value;
        using var scope = NewDisposeScope();
        var direction = tensor(vector.ToArray()).reshape(Matrix.shape);
        var result = autograd.grad([gradient], [Matrix], grad_outputs: [direction], retain_graph: true)[0].contiguous();
        MemoryMarshal.Cast<byte, double>(result.bytes).CopyTo(product);
    }

    /// <summary>A forward and a backward pass.</summary>
    public void Gradient()
    {
        using var scope = NewDisposeScope();
        autograd.grad([Loss()], [Matrix]);
    }

    public void Dispose()
    {
        if (_gradient.IsValueCreated)
            _gradient.Value.Dispose();
        foreach (var tensor in (Tensor[])[.. _matrices, _labels, _inputs])
            tensor.Dispose();
    }

    private Tensor Loss()
    {
        var value = _inputs;
        for (int layer = _layer; layer < _matrices.Length; layer++)
        {
            if (layer > _layer)
                value = value.relu();
            value = nn.functional.linear(value, _matrices[layer]);
        }

        return nn.functional.cross_entropy(value, _labels);
    }

    private Tensor InputsOf(LabelledSamples data)
    {
        using var noGradient = no_grad();
        var value = tensor(data.Inputs).reshape(data.Count, data.Width).to(ScalarType.Float64);
        for (int layer = 0; layer < _layer; layer++)
            value = nn.functional.linear(value, _matrices[layer]).relu();
        return value;
    }
}
