using System.Runtime.InteropServices;
using Talweg.Data;
using Talweg.Landscapes;
using Talweg.Networks;
using Talweg.Noise.Gradients;
using static TorchSharp.torch;

namespace Talweg.Noise;

/// <summary>Every sample's gradient at one point of a weight space of any network, in the sums and products that measures take.</summary>
/// <remarks>
/// <para>
/// The gradient of a sample's cross entropy by a layer's weights is a product of two things that are much smaller, what the layer took in, h, and the error of
/// its pre-activation, δ = ∂ℓ/∂z: ∂ℓ/∂W = δ hᵀ for a dense layer z = W·h + b, ∂ℓ/∂W_oi(k) = Σₓ δ_o(x) h_i(s·x + k − p) for a convolution, ∂ℓ/∂γ = Σₓ δ(x) ẑ(x) for
/// a normalisation's scale, and Σₓ δ(x) for a bias or a shift. A minibatch's gradient is then one batched product over its samples.
/// </para>
/// <para>
/// <see cref="Path"/> says which way runs. "dense" (fully connected) holds h [M, inputs] and δ [M, outputs] of the layers in the space; of the first layer, h is the
/// samples themselves. "layered" (networks of layers) has δ of all samples of a chunk and all layers from one backward pass; it holds h and δ of all samples while
/// they fit in 1 GiB, else computes them anew for each call. "general" (modules) runs one backward pass a minibatch, on one thread, and one a sample
/// where single samples are asked for.
/// </para>
/// <para>
/// An output's error is exp(yₙ − y_k)/Σₘ exp(yₘ − y_k) and, for the label k itself, minus the sum of the others: relative precision at losses of 1e-9, where
/// 1 − softmax has none. In single precision a gradient is off by some 1e-6 of its largest component; means over all samples are summed in double.
/// </para>
/// <para>
/// Memory: dense, 4 bytes (8 in double precision) × M × Σ (inputs + outputs) over the layers of the space, without the inputs of the first: 24 MB for the middle
/// layer of 784–50–50–10 and 60,000 samples; layered, the same up to 1 GiB, and some 128 MB a thread for a chunk's passes (one sample's where that is more);
/// general, one pass of 100 samples. Native memory: dispose it. All other members may be called from several threads at once; a module lets one in at a time.
/// </para>
/// </remarks>
public sealed class SampleGradients : IDisposable
{
    private const long MostNumbers = 1L << 28;

    private readonly GradientSource _source;
    private bool _disposed;

    private SampleGradients(GradientSource source, int threads)
    {
        _source = source;
        Threads = threads;
    }

    /// <summary>The weights that the gradients are by.</summary>
    public WeightSpace Space => _source.Space;

    /// <summary>M, the number of samples.</summary>
    public int Samples => _source.Samples;

    /// <summary>Which way they are computed: "dense", "layered" or "general".</summary>
    public string Path => _source.Path;

    /// <summary>How batch normalisation runs: always by the running statistics, since else a sample has no gradient of its own.</summary>
    public Normalisation Normalisation { get; } = Normalisation.Evaluation;

    /// <summary>At most this many threads, where a call's own options do not say otherwise.</summary>
    internal int Threads { get; }

    /// <summary>The gradients of every sample's loss at <paramref name="weights"/>.</summary>
    /// <param name="weights">All weights of the network.</param>
    /// <param name="samples">The samples.</param>
    /// <param name="space">The weights to differentiate by.</param>
    /// <param name="precision">Of both passes, of what is held, and of minibatches' sums.</param>
    /// <param name="threads">At most this many threads, here and where a call's own options do not say otherwise; all processors where null.</param>
    /// <param name="normalisation">Only evaluation.</param>
    /// <exception cref="ArgumentException">Network, samples and weight space do not fit together, or training mode is asked for.</exception>
    public static SampleGradients Of(
        NetworkWeights weights, LabelledSamples samples, WeightSpace space, LandscapePrecision precision = LandscapePrecision.Single, int? threads = null,
        Normalisation normalisation = Normalisation.Evaluation)
    {
        NetworkFit.Require(weights, samples, space);
        if (normalisation != Normalisation.Evaluation)
            throw new ArgumentException("In training mode a normalisation mixes the samples of a block, so that no sample has a gradient of its own. Measure in evaluation mode.", nameof(normalisation));
        int count = threads ?? Environment.ProcessorCount;
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1, nameof(threads));
        return new(GradientSource.Of(weights, samples, space, precision, count, hold: true), count);
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
        Stream(minibatches, options, (first, block) => Copy(block.Whole(), gradients, first));
        return gradients;
    }

    /// <summary>∂L^μ/∂w · pᵢ of every minibatch along every direction, [count, K].</summary>
    /// <remarks>
    /// Gradients pass in blocks of some 8 MB a thread (one gradient where that is more), so [count, N] is never held; a copy of the directions is, in the gradients'
    /// precision. In single precision a projection is off by some 1e-6 of the gradient's norm.
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
        Stream(minibatches, options, (first, block) => Copy(block.Whole().matmul(columns), projections, first));
        return projections;
    }

    /// <summary>Frees the native memory.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        _source.Dispose();
    }

    /// <inheritdoc cref="GradientSource.Rows"/>
    internal Tensor Rows(int first, int count) => Source.Rows(first, count);

    /// <inheritdoc cref="GradientSource.Sum"/>
    internal double[] Sum(double[] coefficients) => Source.Sum(coefficients);

    /// <inheritdoc cref="GradientSource.Along"/>
    internal double[] Along(ReadOnlySpan<double> vector) => Source.Along(vector);

    /// <inheritdoc cref="GradientSource.MeanSquaredNorm"/>
    internal double MeanSquaredNorm() => Source.MeanSquaredNorm();

    private GradientSource Source
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _source;
        }
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
        var matrix = empty(directions.Count, directions.Dimension, _source.Type);
        for (int i = 0; i < directions.Count; i++)
        {
            using var scope = NewDisposeScope();
            var row = matrix.narrow(0, i, 1);
            if (_source.Type == ScalarType.Float64)
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

    private void Stream(MinibatchSets minibatches, WorkOptions? options, Action<int, GradientBlock> take) =>
        _source.Stream(minibatches, "minibatch gradients", options ?? WorkOptions.Default with { Threads = Threads }, take);

    private void RequireFit(MinibatchSets minibatches)
    {
        ArgumentNullException.ThrowIfNull(minibatches);
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (minibatches.Samples != Samples)
            throw new ArgumentException($"The minibatches were drawn from {minibatches.Samples} samples, but the gradients are of {Samples}.", nameof(minibatches));
    }
}
