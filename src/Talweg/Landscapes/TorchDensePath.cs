using Talweg.Data;
using Talweg.Native;
using Talweg.Networks;
using static TorchSharp.torch;

namespace Talweg.Landscapes;

/// <summary>Transects along any weight space of a fully connected network by batched torch operations, in single or double precision.</summary>
/// <remarks>
/// Values and exact tangents of every layer are carried for all displacements at once; layers in front of the first that moves are
/// run once a chunk. Memory: chunks of samples are sized so that a layer's activations stay near 32 MB.
/// </remarks>
internal sealed class TorchDensePath : ITransectPath
{
    private const long ActivationBytes = 32L << 20;

    private readonly LabelledSamples _data;
    private readonly FullyConnected _network;
    private readonly WeightSpace _space;
    private readonly ScalarType _type;
    private readonly Tensor[] _matrices;
    private readonly Tensor[] _biases;

    public TorchDensePath(DenseWeights weights, LabelledSamples data, WeightSpace space, bool inDouble)
    {
        _data = data;
        _network = weights.Network;
        _space = space;
        _type = inDouble ? ScalarType.Float64 : ScalarType.Float32;
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        _matrices = [.. weights.Matrices.Select((matrix, layer) => Kept(AsTensor(matrix, _network.OutputsOf(layer), _network.InputsOf(layer))))];
        _biases = [.. weights.Biases.Select(bias => Kept(AsTensor(bias, bias.Length)))];
    }

    public string Name => "torch";

    public void Sweep(ReadOnlySpan<double> direction, ReadOnlySpan<double> displacements, bool withSlopes, TransectReducer reducer)
    {
        // Directions are what is spread over threads, and a thread's number of torch threads is its own.
        set_num_threads(1);
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var (matrixRates, biasRates) = Split(direction);
        var t = tensor(displacements.ToArray(), dtype: _type).reshape(-1, 1, 1);
        int chunk = ChunkOf(displacements.Length);
        for (int first = 0; first < _data.Count; first += chunk)
        {
            using var inner = NewDisposeScope();
            int count = Math.Min(chunk, _data.Count - first);
            var (logits, tangents) = Forward(first, count, t, matrixRates, biasRates);
            var (losses, slopes) = CrossEntropy(logits, withSlopes ? tangents : null, first, count);
            int[] samples = [.. Enumerable.Range(first, count)];
            reducer.Add(new(samples, ToArray(losses), slopes is null ? [] : ToArray(slopes), count));
        }
    }

    public void Dispose()
    {
        foreach (var tensor in _matrices.Concat(_biases))
            tensor.Dispose();
    }

    private static double[] ToArray(Tensor values) => values.to(ScalarType.Float64).contiguous().data<double>().ToArray();

    private int ChunkOf(int displacements)
    {
        long bytesPerSample = (long)displacements * _network.Widths.Skip(1).Max() * (_type == ScalarType.Float64 ? 8 : 4);
        return (int)Math.Clamp(ActivationBytes / bytesPerSample, 1, 10_000);
    }

    /// <summary>Logits and their tangents, [displacements, samples, classes]; both broadcast where nothing moved yet.</summary>
    private (Tensor Values, Tensor Tangents) Forward(int first, int count, Tensor t, Tensor?[] matrixRates, Tensor?[] biasRates)
    {
        float[] inputs = new float[count * _data.Width];
        _data.Read(first, count, inputs);
        var value = AsTensor(inputs, 1, count, _data.Width);
        Tensor? tangent = null;
        for (int layer = 0; layer < _matrices.Length; layer++)
        {
            if (layer > 0)
                (value, tangent) = Activate(value, tangent);
            (value, tangent) = Apply(layer, value, tangent, t, matrixRates[layer], biasRates[layer]);
        }

        var shape = new long[] { t.shape[0], count, _network.Outputs };
        return (value.expand(shape), (tangent ?? zeros_like(value)).expand(shape));
    }

    /// <summary>z = (W + tP)·h + b + t·q and z′ = (W + tP)·h′ + P·h + q.</summary>
    private (Tensor Value, Tensor? Tangent) Apply(int layer, Tensor value, Tensor? tangent, Tensor t, Tensor? matrixRate, Tensor? biasRate)
    {
        var matrix = _matrices[layer].t();
        var z = value.matmul(matrix);
        if (_biases.Length > 0)
            z = z.add(_biases[layer], HeldScalar.One);
        var rate = tangent?.matmul(matrix);
        if (matrixRate is not null)
        {
            var moving = value.matmul(matrixRate.t());
            if (biasRate is not null)
                moving = moving.add(biasRate, HeldScalar.One);
            z = z.add(t * moving, HeldScalar.One);
            rate = rate is null ? moving : rate.add(t * tangent!.matmul(matrixRate.t()), HeldScalar.One).add(moving, HeldScalar.One);
        }

        return (z, rate);
    }

    private (Tensor Value, Tensor? Tangent) Activate(Tensor value, Tensor? tangent)
    {
        if (_network.Activation == Activation.Relu)
            return (nn.functional.relu(value), tangent is null ? null : tangent * value.gt(HeldScalar.Zero).to(_type));
        var a = value.tanh();
        return (a, tangent is null ? null : tangent * (a * a).sub_(HeldScalar.One).neg_());
    }

    private (Tensor Losses, Tensor? Slopes) CrossEntropy(Tensor logits, Tensor? tangents, int first, int count)
    {
        var labels = tensor(_data.Labels.AsSpan(first, count).ToArray(), dtype: ScalarType.Int64).reshape(1, count, 1).expand(logits.shape[0], count, 1);
        var own = zeros_like(logits, dtype: ScalarType.Bool).scatter(2, labels, ones_like(labels, dtype: ScalarType.Bool));
        var margins = (logits - logits.gather(2, labels)).masked_fill(own, HeldScalar.NegativeInfinity);
        var largest = margins.amax([2L], keepdim: true).clamp(min: HeldScalar.Zero);
        var exponentials = (margins - largest).exp();
        var sum = exponentials.sum(2);
        var scaledOne = (-largest).exp().squeeze(2);
        var losses = largest.squeeze(2).add(sum.add(scaledOne.sub(HeldScalar.One), HeldScalar.One).log1p(), HeldScalar.One);
        if (tangents is null)
            return (losses, null);
        var slopes = (exponentials * (tangents - tangents.gather(2, labels))).sum(2) / sum.add(scaledOne, HeldScalar.One);
        return (losses, slopes);
    }

    private (Tensor?[] Matrices, Tensor?[] Biases) Split(ReadOnlySpan<double> direction)
    {
        var matrices = new Tensor?[_matrices.Length];
        var biases = new Tensor?[_matrices.Length];
        foreach (var segment in _space.Segments)
        {
            double[] part = direction.Slice(segment.Start, segment.Length).ToArray();
            if (segment.IsBias)
                biases[segment.Layer] = tensor(part).to(_type, copy: true);
            else
                matrices[segment.Layer] = tensor(part).to(_type, copy: true).reshape(_space.ShapeOf(segment));
        }

        return (matrices, biases);
    }

    /// <summary>Outlives this scope and the caller's: the landscape disposes it.</summary>
    private static Tensor Kept(Tensor tensor) => tensor.DetachFromDisposeScope();

    /// <remarks>
    /// Copied into torch's own memory, which starts on a cache line: on a pinned array, which starts anywhere, MKL rounds
    /// differently from call to call.
    /// </remarks>
    private Tensor AsTensor(float[] values, params long[] shape) => tensor(values).to(_type, copy: true).reshape(shape);
}
