using Talweg.Data;
using Talweg.Landscapes;
using Talweg.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace Talweg.Noise.Gradients;

/// <summary>Inputs h and output errors δ = ∂ℓ/∂z of the layers of a fully connected network, held for every sample.</summary>
/// <remarks>The inputs of the first layer are the samples' own, and are not held twice.</remarks>
internal sealed class DenseFactors : GradientFactors
{
    private readonly DensePass _pass;
    private readonly LabelledSamples _samples;
    private readonly WeightSpace _space;
    private readonly Tensor?[] _inputs;
    private readonly Tensor[] _errors;

    public DenseFactors(DenseWeights weights, LabelledSamples samples, WeightSpace space, ScalarType type, int threads)
    {
        _pass = new(weights, type);
        _samples = samples;
        _space = space;
        int[] layers = [.. space.Layers];
        _inputs = [.. layers.Select(layer => layer == 0 ? null : empty(samples.Count, weights.Network.InputsOf(layer), type).DetachFromDisposeScope())];
        _errors = [.. layers.Select(layer => empty(samples.Count, weights.Network.OutputsOf(layer), type).DetachFromDisposeScope())];
        Parts = [.. space.Segments.Select(segment => new GradientPart(segment, Array.IndexOf(layers, segment.Layer), segment.IsBias ? new AddedForm() : new DenseForm()))];
        using var sparse = type == ScalarType.Float32 && space.Network.Layers > 1 ? SparseFirstLayer.Of(weights, samples) : null;
        if (sparse is not null)
            SampleRanges.Run(samples.Count, Chunk, threads, (_, first, count) => Fill(first, count, _pass.Activate(sparse.Preactivations(samples, first, count)), from: 1));
        else
            FillDense(threads);
    }

    public override string Path => "dense";

    public override ScalarType Type => _pass.Type;

    public override int Count => _samples.Count;

    public override IReadOnlyList<GradientPart> Parts { get; }

    /// <summary>So many that a core's cache can hold their activations.</summary>
    public override int Chunk => 1000;

    public override int Gathered => 20_000;

    public override SampleFactors[] Of(int first, int count) =>
        [.. _errors.Select((errors, i) => new SampleFactors(_inputs[i]?.narrow(0, first, count) ?? _pass.Inputs(_samples, first, count), errors.narrow(0, first, count)))];

    public override SampleFactors[] Of(int[] which, Scalar divisor)
    {
        var index = tensor(which, dtype: ScalarType.Int64);
        return [.. _errors.Select((errors, i) => new SampleFactors(_inputs[i]?.index_select(0, index) ?? _pass.Inputs(_samples, which), errors.index_select(0, index).div_(divisor)))];
    }

    public override void Dispose()
    {
        foreach (var tensor in _inputs.Concat(_errors))
            tensor?.Dispose();
        _pass.Dispose();
    }

    private void FillDense(int threads)
    {
        using var scope = NewDisposeScope();
        Tensor[] buffers = [.. Enumerable.Range(0, SampleRanges.Workers(Count, Chunk, threads)).Select(_ => empty(Math.Min(Chunk, Count), _samples.Width, ScalarType.Float32))];
        SampleRanges.Run(Count, Chunk, threads, (worker, first, count) => Fill(first, count, _pass.Inputs(_samples, first, buffers[worker].narrow(0, 0, count)), from: 0));
    }

    /// <summary>Both passes of a chunk, from the inputs of layer <paramref name="from"/> on.</summary>
    private void Fill(int first, int count, Tensor inputs, int from)
    {
        var values = _pass.Forward(inputs, from);
        var errors = _pass.Backward(values, DensePass.Labels(_samples.Labels.AsSpan(first, count)), _space.FirstLayer);
        for (int i = 0; i < _errors.Length; i++)
        {
            _inputs[i]?.narrow(0, first, count).copy_(values[_space.Layers[i]]);
            _errors[i].narrow(0, first, count).copy_(errors[_space.Layers[i]]);
        }
    }
}
