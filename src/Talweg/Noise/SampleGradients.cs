using System.Runtime.InteropServices;
using Talweg.Data;
using Talweg.Landscapes;
using Talweg.Native;
using Talweg.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace Talweg.Noise;

/// <summary>Every sample's gradient at one point of a weight space, kept as the two vectors that it is a product of.</summary>
/// <remarks>
/// <para>
/// The gradient of a sample's cross entropy by a dense layer's weights is ∂ℓ/∂W = δ hᵀ, and by its bias δ, with h the layer's input and δ = ∂ℓ/∂z the
/// error of its pre-activation z = W·h + b. Held are h [M, inputs] and δ [M, outputs] of the layers in the space (of the first layer, h is the samples
/// themselves): a minibatch's gradient is then one matrix product, δᵀ·h over its samples.
/// </para>
/// <para>
/// An output's error is exp(yₙ − y_k)/Σₘ exp(yₘ − y_k) and, for the label k itself, minus the sum of the others: relative precision at losses of 1e-9, where
/// 1 − softmax has none. In single precision a gradient is off by some 1e-6 of its largest component; means over all samples are summed in double.
/// </para>
/// <para>
/// Memory: 4 bytes (8 in double precision) × M × Σ (inputs + outputs) over the layers of the space, without the inputs of the first: 24 MB for the middle
/// layer of 784–50–50–10 and 60,000 samples. Native memory: dispose it. All other members may be called from several threads at once.
/// </para>
/// </remarks>
public sealed class SampleGradients : IDisposable
{
    private const long BlockBytes = 8L << 20;
    private const int BlockSamples = 20_000;
    private const long MostNumbers = 1L << 28;

    private readonly GradientFactors _factors;
    private bool _disposed;

    private SampleGradients(GradientFactors factors, WeightSpace space, int threads)
    {
        _factors = factors;
        Space = space;
        Threads = threads;
    }

    /// <summary>The weights that the gradients are by.</summary>
    public WeightSpace Space { get; }

    /// <summary>M, the number of samples.</summary>
    public int Samples => _factors.Count;

    /// <summary>At most this many threads, where a call's own options do not say otherwise.</summary>
    internal int Threads { get; }

    /// <summary>The gradients of every sample's loss at <paramref name="weights"/>.</summary>
    /// <param name="weights">All weights of the network.</param>
    /// <param name="samples">The samples.</param>
    /// <param name="space">The weights to differentiate by.</param>
    /// <param name="precision">Of both passes, of what is held, and of minibatches' sums.</param>
    /// <param name="threads">At most this many threads, here and where a call's own options do not say otherwise; all processors where null.</param>
    /// <exception cref="ArgumentException">Network, samples and weight space do not fit together.</exception>
    public static SampleGradients Of(
        DenseWeights weights, LabelledSamples samples, WeightSpace space, LandscapePrecision precision = LandscapePrecision.Single, int? threads = null)
    {
        NetworkFit.Require(weights, samples, space);
        int count = threads ?? Environment.ProcessorCount;
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1, nameof(threads));
        var type = precision == LandscapePrecision.Double ? ScalarType.Float64 : ScalarType.Float32;
        return new(new(weights, samples, space, type, count), space, count);
    }

    /// <summary>∂ℓ/∂w of one sample, [N].</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such sample.</exception>
    public double[] OfSample(int sample)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentOutOfRangeException.ThrowIfNegative(sample);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(sample, Samples);
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        return Rows(sample, 1).data<double>().ToArray();
    }

    /// <summary>∂L/∂w, the mean over all samples, [N].</summary>
    public double[] Mean()
    {
        double[] equal = new double[Samples];
        Array.Fill(equal, 1.0 / Samples);
        return Sum(equal);
    }

    /// <summary>∂L^μ/∂w of every minibatch, the mean over its samples, [count, N].</summary>
    /// <exception cref="ArgumentException">The minibatches were drawn from another number of samples.</exception>
    /// <exception cref="ArgumentOutOfRangeException">These are more than 2²⁸ numbers; project them instead.</exception>
    public double[,] Minibatches(MinibatchSets minibatches, WorkOptions? options = null)
    {
        RequireFit(minibatches);
        if ((long)minibatches.Count * Space.Dimension > MostNumbers)
        {
            throw new ArgumentOutOfRangeException(nameof(minibatches),
                $"{minibatches.Count} gradients by {Space.Dimension} weights are more than 2²⁸ numbers. Project them on directions, or take fewer minibatches.");
        }

        double[,] gradients = new double[minibatches.Count, Space.Dimension];
        Stream(minibatches, options, (first, block) => Copy(block, gradients, first));
        return gradients;
    }

    /// <summary>∂L^μ/∂w · pᵢ of every minibatch along every direction, [count, K].</summary>
    /// <remarks>
    /// Gradients pass in blocks of some 8 MB a thread, so [count, N] is never held; a copy of the directions is, in the gradients' precision. In single
    /// precision a projection is off by some 1e-6 of the gradient's norm.
    /// </remarks>
    /// <exception cref="ArgumentException">The minibatches were drawn from another number of samples, or the directions have not N numbers.</exception>
    public double[,] Projections(MinibatchSets minibatches, Directions directions, WorkOptions? options = null)
    {
        RequireFit(minibatches);
        ArgumentNullException.ThrowIfNull(directions);
        if (directions.Dimension != Space.Dimension)
            throw new ArgumentException($"The weight space has {Space.Dimension} weights, but the directions have {directions.Dimension} numbers.", nameof(directions));
        double[,] projections = new double[minibatches.Count, directions.Count];
        using var scope = NewDisposeScope();
        var columns = AsTensor(directions).t();
        Stream(minibatches, options, (first, block) => Copy(block.matmul(columns), projections, first));
        return projections;
    }

    /// <summary>Frees the native memory.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        _factors.Dispose();
    }

    /// <summary>Gradients of consecutive samples as rows, [count, N], in double precision.</summary>
    internal Tensor Rows(int first, int count)
    {
        var rows = empty(count, Space.Dimension, ScalarType.Float64);
        foreach (var segment in Space.Segments)
        {
            var errors = _factors.Errors(segment.Layer, first, count).to(ScalarType.Float64);
            var part = rows.narrow(1, segment.Start, segment.Length);
            if (segment.IsBias)
                part.copy_(errors);
            else
                part.copy_((errors.unsqueeze(2) * _factors.Inputs(segment.Layer, first, count).to(ScalarType.Float64).unsqueeze(1)).reshape(count, segment.Length));
        }

        return rows;
    }

    /// <summary>Σₖ cₖ ∂ℓₖ/∂w over all samples, [N], summed in double precision.</summary>
    /// <param name="coefficients">cₖ, [M].</param>
    internal double[] Sum(double[] coefficients)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        using var scope = NewDisposeScope();
        Tensor[] sums = [.. Enumerable.Range(0, SampleRanges.Workers(Samples, Threads)).Select(_ => zeros(Space.Dimension, ScalarType.Float64))];
        SampleRanges.Run(Samples, Threads, (worker, first, count) =>
        {
            var scale = tensor(coefficients.AsSpan(first, count).ToArray()).unsqueeze(1);
            foreach (var segment in Space.Segments)
            {
                var errors = _factors.Errors(segment.Layer, first, count).to(ScalarType.Float64) * scale;
                var sum = sums[worker].narrow(0, segment.Start, segment.Length);
                if (segment.IsBias)
                    sum.add_(errors.sum([0L]), HeldScalar.One);
                else
                    sum.view(errors.size(1), -1).addmm_(errors.t(), _factors.Inputs(segment.Layer, first, count).to(ScalarType.Float64));
            }
        });
        foreach (var other in sums.Skip(1))
            sums[0].add_(other, HeldScalar.One);
        return sums[0].data<double>().ToArray();
    }

    /// <summary>∂ℓₖ/∂w · v of every sample, [M], in double precision.</summary>
    /// <param name="vector">v, [N].</param>
    internal double[] Along(ReadOnlySpan<double> vector)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        using var scope = NewDisposeScope();
        double[] slopes = new double[Samples];
        var flat = tensor(vector.ToArray()).to(ScalarType.Float64, copy: true);
        SampleRanges.Run(Samples, Threads, (_, first, count) =>
        {
            var sum = zeros(count, ScalarType.Float64);
            foreach (var segment in Space.Segments)
            {
                var errors = _factors.Errors(segment.Layer, first, count).to(ScalarType.Float64);
                var part = flat.narrow(0, segment.Start, segment.Length);
                if (segment.IsBias)
                    sum.add_(errors.matmul(part), HeldScalar.One);
                else
                    sum.add_((errors * _factors.Inputs(segment.Layer, first, count).to(ScalarType.Float64).matmul(part.view(errors.size(1), -1).t())).sum([1L]), HeldScalar.One);
            }

            sum.data<double>().CopyTo(slopes.AsSpan(first, count));
        });
        return slopes;
    }

    /// <summary>⟨‖∂ℓₖ/∂w‖²⟩ over all samples: δ hᵀ has the squared norm ‖δ‖²·‖h‖².</summary>
    internal double MeanSquaredNorm()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        double[] sums = new double[SampleRanges.Workers(Samples, Threads)];
        SampleRanges.Run(Samples, Threads, (worker, first, count) =>
        {
            foreach (var segment in Space.Segments)
            {
                var squares = _factors.Errors(segment.Layer, first, count).to(ScalarType.Float64).pow(HeldScalar.Two).sum([1L]);
                if (!segment.IsBias)
                    squares = squares * _factors.Inputs(segment.Layer, first, count).to(ScalarType.Float64).pow(HeldScalar.Two).sum([1L]);
                sums[worker] += squares.sum().item<double>();
            }
        });
        return sums.Sum() / Samples;
    }

    /// <summary>Writes the block's rows from <paramref name="firstRow"/> on.</summary>
    private static void Copy(Tensor block, double[,] numbers, int firstRow)
    {
        var rows = MemoryMarshal.CreateSpan(ref numbers[firstRow, 0], (int)block.NumberOfElements);
        if (block.dtype == ScalarType.Float64)
        {
            MemoryMarshal.Cast<byte, double>(block.bytes).CopyTo(rows);
            return;
        }

        var singles = MemoryMarshal.Cast<byte, float>(block.bytes);
        for (int i = 0; i < singles.Length; i++)
            rows[i] = singles[i];
    }

    /// <summary>[K, N] in the precision of the gradients.</summary>
    private Tensor AsTensor(Directions directions)
    {
        var matrix = empty(directions.Count, directions.Dimension, _factors.Type);
        for (int i = 0; i < directions.Count; i++)
        {
            using var scope = NewDisposeScope();
            var row = matrix.narrow(0, i, 1);
            if (_factors.Type == ScalarType.Float64)
                directions[i].CopyTo(MemoryMarshal.Cast<byte, double>(row.bytes));
            else
                ToSingle(directions[i], MemoryMarshal.Cast<byte, float>(row.bytes));
        }

        return matrix;
    }

    private static void ToSingle(ReadOnlySpan<double> values, Span<float> singles)
    {
        for (int i = 0; i < values.Length; i++)
            singles[i] = (float)values[i];
    }

    /// <summary>Hands over all minibatch gradients, [minibatches, N] at a time, in no order, from several threads.</summary>
    private void Stream(MinibatchSets minibatches, WorkOptions? options, Action<int, Tensor> take)
    {
        options ??= WorkOptions.Default with { Threads = Threads };
        int block = BlockOf(minibatches, options.Threads);
        int done = 0;
        options.Progress?.Report(new("minibatch gradients", 0, minibatches.Count));
        TorchRanges.Run((minibatches.Count + block - 1) / block, options.Threads, (_, piece) =>
        {
            int first = piece * block;
            int count = Math.Min(block, minibatches.Count - first);
            take(first, Gradients(minibatches, first, count));
            options.Progress?.Report(new("minibatch gradients", Interlocked.Add(ref done, count), minibatches.Count));
        }, options.Cancellation);
    }

    /// <summary>As many minibatches as keep gradients and gathered samples small, in blocks of equal size whose number is a multiple of the threads'.</summary>
    private int BlockOf(MinibatchSets minibatches, int threads)
    {
        long byBytes = BlockBytes / (Space.Dimension * (_factors.Type == ScalarType.Float64 ? 8L : 4L));
        long largest = Math.Max(1, Math.Min(byBytes, BlockSamples / minibatches.BatchSize));
        long rounds = (minibatches.Count + largest * threads - 1) / (largest * threads);
        return (int)((minibatches.Count + rounds * threads - 1) / (rounds * threads));
    }

    private Tensor Gradients(MinibatchSets minibatches, int first, int count)
    {
        var gradients = SumOfPart(minibatches, first, count, 0, Math.Min(BlockSamples, minibatches.BatchSize));
        for (int from = BlockSamples; from < minibatches.BatchSize; from += BlockSamples)
            gradients.add_(SumOfPart(minibatches, first, count, from, Math.Min(BlockSamples, minibatches.BatchSize - from)), HeldScalar.One);
        return gradients;
    }

    /// <summary>What the places from … from + length − 1 of each minibatch contribute to its gradient.</summary>
    private Tensor SumOfPart(MinibatchSets minibatches, int first, int count, int from, int length)
    {
        int[] which = new int[count * length];
        for (int i = 0; i < count; i++)
            minibatches.SamplesOf(first + i).Slice(from, length).CopyTo(which.AsSpan(i * length));
        var index = tensor(which, dtype: ScalarType.Int64);
        using var batchSize = minibatches.BatchSize.ToScalar();
        Tensor[] parts = [.. Space.Segments.Select(segment =>
        {
            var errors = _factors.Errors(segment.Layer, index).div_(batchSize).reshape(count, length, -1);
            return segment.IsBias
                ? errors.sum([1L])
                : errors.transpose(1, 2).bmm(_factors.Inputs(segment.Layer, which, index).reshape(count, length, -1)).reshape(count, segment.Length);
        })];
        return parts.Length == 1 ? parts[0] : cat(parts, 1);
    }

    private void RequireFit(MinibatchSets minibatches)
    {
        ArgumentNullException.ThrowIfNull(minibatches);
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (minibatches.Samples != Samples)
            throw new ArgumentException($"The minibatches were drawn from {minibatches.Samples} samples, but the gradients are of {Samples}.", nameof(minibatches));
    }
}
