using Talweg.Native;
using Talweg.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace Talweg.Noise.Gradients;

/// <summary>Gradients as products of what layers took in and the errors of what they gave: never a pass a minibatch, nor a gradient a sample where a sum is asked for.</summary>
internal sealed class FactoredGradients(GradientFactors factors, WeightSpace space, int threads) : GradientSource(space)
{
    // As the space has them, whose layers may come in any order.
    private readonly GradientPart[] _parts = [.. factors.Parts.OrderBy(part => part.Segment.Start)];

    public override string Path => factors.Path;

    public override int Samples => factors.Count;

    public override ScalarType Type => factors.Type;

    private protected override int AtOnce => factors.Gathered;

    private protected override bool CanShare => true;

    public override Tensor Rows(int first, int count)
    {
        var rows = empty(count, Space.Dimension, ScalarType.Float64);
        for (int from = 0; from < count; from += factors.Chunk)
        {
            using var scope = NewDisposeScope();
            int some = Math.Min(factors.Chunk, count - from);
            var layers = InDouble(first + from, some);
            foreach (var (segment, layer, form) in _parts)
                rows.narrow(0, from, some).narrow(1, segment.Start, segment.Length).copy_(form.Rows(layers[layer].Inputs, layers[layer].Errors));
        }

        return rows;
    }

    public override double[] Sum(double[] coefficients) => Summed((sum, form, layer, scale) =>
        form.AddSum(sum, layer.Inputs, layer.Errors * scale.reshape([scale.size(0), .. Enumerable.Repeat(1L, (int)layer.Errors.dim() - 1)])), coefficients);

    public override double[] SumOfSquares(double[] coefficients) => Summed((sum, form, layer, scale) => form.AddSquares(sum, layer.Inputs, layer.Errors, scale), coefficients);

    /// <summary>A sum over all samples, [N], in double precision; each worker has its own.</summary>
    private double[] Summed(Action<Tensor, GradientForm, SampleFactors, Tensor> add, double[] coefficients)
    {
        using var scope = NewDisposeScope();
        Tensor[] sums = [.. Enumerable.Range(0, SampleRanges.Workers(Samples, factors.Chunk, threads)).Select(_ => zeros(Space.Dimension, ScalarType.Float64))];
        SampleRanges.Run(Samples, factors.Chunk, threads, (worker, first, count) =>
        {
            var scale = tensor(coefficients.AsSpan(first, count).ToArray()).to(ScalarType.Float64, copy: true);     // in torch's own memory, where every run rounds alike
            var layers = InDouble(first, count);
            foreach (var (segment, layer, form) in _parts)
                add(sums[worker].narrow(0, segment.Start, segment.Length), form, layers[layer], scale);
        });
        foreach (var other in sums.Skip(1))
            sums[0].add_(other, HeldScalar.One);
        return sums[0].data<double>().ToArray();
    }

    public override double[] Along(ReadOnlySpan<double> vector)
    {
        using var scope = NewDisposeScope();
        double[] slopes = new double[Samples];
        var flat = tensor(vector.ToArray()).to(ScalarType.Float64, copy: true);
        SampleRanges.Run(Samples, factors.Chunk, threads, (_, first, count) =>
        {
            var sum = zeros(count, ScalarType.Float64);
            var layers = InDouble(first, count);
            foreach (var (segment, layer, form) in _parts)
                sum.add_(form.Along(layers[layer].Inputs, layers[layer].Errors, flat.narrow(0, segment.Start, segment.Length)), HeldScalar.One);
            sum.data<double>().CopyTo(slopes.AsSpan(first, count));
        });
        return slopes;
    }

    public override double MeanSquaredNorm()
    {
        double[] sums = new double[SampleRanges.Workers(Samples, factors.Chunk, threads)];
        SampleRanges.Run(Samples, factors.Chunk, threads, (worker, first, count) =>
        {
            var layers = InDouble(first, count);
            foreach (var (_, layer, form) in _parts)
                sums[worker] += form.SquaredNorms(layers[layer].Inputs, layers[layer].Errors).sum().item<double>();
        });
        return sums.Sum() / Samples;
    }

    public override void Dispose() => factors.Dispose();

    private protected override Func<int, int, GradientBlock> Groups(int[] which, int count, int divisor)
    {
        using var number = divisor.ToScalar();
        var layers = factors.Of(which, number);
        int length = which.Length / count;
        return (first, groups) => new(Space, i =>
        {
            var (_, layer, form) = _parts[i];
            return form.Sums(layers[layer].Inputs.narrow(0, first * length, groups * length), layers[layer].Errors.narrow(0, first * length, groups * length), groups);
        });
    }

    private SampleFactors[] InDouble(int first, int count) =>
        [.. factors.Of(first, count).Select(layer => new SampleFactors(layer.Inputs.to(ScalarType.Float64), layer.Errors.to(ScalarType.Float64)))];
}
