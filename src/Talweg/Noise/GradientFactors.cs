using Talweg.Data;
using Talweg.Landscapes;
using Talweg.Networks;
using static TorchSharp.torch;

namespace Talweg.Noise;

/// <summary>Inputs h and output errors δ = ∂ℓ/∂z of the layers of a weight space, for every sample: ∂ℓ/∂W = δ hᵀ.</summary>
/// <remarks>The inputs of the first layer are the samples' own, and are not held twice.</remarks>
internal sealed class GradientFactors : IDisposable
{
    private readonly DensePass _pass;
    private readonly LabelledSamples _samples;
    private readonly WeightSpace _space;
    private readonly Tensor?[] _inputs;
    private readonly Tensor?[] _errors;

    public GradientFactors(DenseWeights weights, LabelledSamples samples, WeightSpace space, ScalarType type, int threads)
    {
        _pass = new(weights, type);
        _samples = samples;
        _space = space;
        _inputs = new Tensor?[space.Network.Layers];
        _errors = new Tensor?[space.Network.Layers];
        foreach (int layer in space.Layers)
        {
            if (layer > 0)
                _inputs[layer] = empty(samples.Count, weights.Network.InputsOf(layer), type).DetachFromDisposeScope();
            _errors[layer] = empty(samples.Count, weights.Network.OutputsOf(layer), type).DetachFromDisposeScope();
        }

        using var sparse = type == ScalarType.Float32 && space.Network.Layers > 1 ? SparseFirstLayer.Of(weights, samples) : null;
        if (sparse is not null)
            SampleRanges.Run(samples.Count, threads, (_, first, count) => Fill(first, count, _pass.Activate(sparse.Preactivations(samples, first, count)), from: 1));
        else
            FillDense(threads);
    }

    /// <summary>Number of samples.</summary>
    public int Count => _samples.Count;

    public ScalarType Type => _pass.Type;

    /// <summary>h of consecutive samples, [count, inputs].</summary>
    public Tensor Inputs(int layer, int first, int count) => _inputs[layer]?.narrow(0, first, count) ?? _pass.Inputs(_samples, first, count);

    /// <summary>δ of consecutive samples, [count, outputs].</summary>
    public Tensor Errors(int layer, int first, int count) => _errors[layer]!.narrow(0, first, count);

    /// <summary>h of samples in any order, [count, inputs].</summary>
    public Tensor Inputs(int layer, int[] which, Tensor index) => _inputs[layer]?.index_select(0, index) ?? _pass.Inputs(_samples, which);

    /// <summary>δ of samples in any order, [count, outputs].</summary>
    public Tensor Errors(int layer, Tensor index) => _errors[layer]!.index_select(0, index);

    public void Dispose()
    {
        foreach (var tensor in _inputs.Concat(_errors))
            tensor?.Dispose();
        _pass.Dispose();
    }

    private void FillDense(int threads)
    {
        using var scope = NewDisposeScope();
        Tensor[] buffers = [.. Enumerable.Range(0, SampleRanges.Workers(Count, threads)).Select(_ => SampleRanges.Buffer(_samples))];
        SampleRanges.Run(Count, threads, (worker, first, count) => Fill(first, count, _pass.Inputs(_samples, first, buffers[worker].narrow(0, 0, count)), from: 0));
    }

    /// <summary>Both passes of a chunk, from the inputs of layer <paramref name="from"/> on.</summary>
    private void Fill(int first, int count, Tensor inputs, int from)
    {
        var values = _pass.Forward(inputs, from);
        var errors = _pass.Backward(values, DensePass.Labels(_samples.Labels.AsSpan(first, count)), _space.Layers[0]);
        foreach (int layer in _space.Layers)
        {
            _inputs[layer]?.narrow(0, first, count).copy_(values[layer]);
            _errors[layer]!.narrow(0, first, count).copy_(errors[layer]);
        }
    }
}
