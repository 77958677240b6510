using Talweg.Data;
using Talweg.Landscapes;
using Talweg.Native;
using Talweg.Networks;
using static TorchSharp.torch;

namespace Talweg.Noise.Gradients;

/// <summary>Every sample's gradient by a weight space at one point, in the sums and products that measures take.</summary>
internal abstract class GradientSource : IDisposable
{
    private const long BlockBytes = 8L << 20;
    private const int BlockSamples = 20_000;
    private const int PassSamples = 1000;

    private protected GradientSource(WeightSpace space) => Space = space;

    /// <summary>The weights that the gradients are by.</summary>
    public WeightSpace Space { get; }

    /// <summary>As <see cref="SampleGradients.Path"/> tells it.</summary>
    public abstract string Path { get; }

    /// <summary>M.</summary>
    public abstract int Samples { get; }

    /// <summary>Of passes, and of minibatches' sums.</summary>
    public abstract ScalarType Type { get; }

    /// <summary>Samples to sum over at a time.</summary>
    private protected abstract int AtOnce { get; }

    /// <summary>Whether several threads may sum side by side.</summary>
    private protected abstract bool CanShare { get; }

    /// <summary>The way that suits the network.</summary>
    /// <param name="weights">All weights of the network.</param>
    /// <param name="samples">The samples.</param>
    /// <param name="space">The weights to differentiate by.</param>
    /// <param name="precision">Of passes and minibatches' sums.</param>
    /// <param name="threads">At most this many.</param>
    /// <param name="hold">Whether what gradients are products of is to be held for all samples, if it fits: for more than one question.</param>
    public static GradientSource Of(NetworkWeights weights, LabelledSamples samples, WeightSpace space, LandscapePrecision precision, int threads, bool hold)
    {
        var type = precision == LandscapePrecision.Double ? ScalarType.Float64 : ScalarType.Float32;
        return weights switch
        {
            { Network: ModuleNetwork } => new ModuleGradients(weights, samples, space, type),
            DenseWeights dense when hold => new FactoredGradients(new DenseFactors(dense, samples, space, type, threads), space, threads),
            _ => new FactoredGradients(new LayeredFactors(weights, samples, space, type, threads, hold), space, threads),
        };
    }

    /// <summary>Gradients of consecutive samples as rows, [count, N], in double precision.</summary>
    public abstract Tensor Rows(int first, int count);

    /// <summary>Σₖ cₖ ∂ℓₖ/∂w over all samples, [N], summed in double precision.</summary>
    /// <param name="coefficients">cₖ, [M].</param>
    public abstract double[] Sum(double[] coefficients);

    /// <summary>∂ℓₖ/∂w · v of every sample, [M], in double precision.</summary>
    /// <param name="vector">v, [N].</param>
    public abstract double[] Along(ReadOnlySpan<double> vector);

    /// <summary>⟨‖∂ℓₖ/∂w‖²⟩ over all samples.</summary>
    public abstract double MeanSquaredNorm();

    /// <summary>Σₖ cₖ (∂ℓₖ/∂w)² over all samples, weight by weight, [N], in double precision.</summary>
    /// <param name="coefficients">cₖ, [M].</param>
    public virtual double[] SumOfSquares(double[] coefficients)
    {
        using var scope = NewDisposeScope();
        var sum = zeros(Space.Dimension, ScalarType.Float64);
        int atOnce = (int)Math.Clamp(BlockBytes / (sizeof(double) * (long)Space.Dimension), 1, Samples);
        for (int first = 0; first < Samples; first += atOnce)
        {
            using var inner = NewDisposeScope();
            int count = Math.Min(atOnce, Samples - first);
            sum.add_(Rows(first, count).pow(HeldScalar.Two).t().mv(tensor(coefficients.AsSpan(first, count).ToArray())), HeldScalar.One);
        }

        return sum.data<double>().ToArray();
    }

    public abstract void Dispose();

    /// <summary>Hands over all minibatch gradients in blocks of some 8 MB, in no order, from several threads.</summary>
    /// <param name="minibatches">The minibatches.</param>
    /// <param name="what">What progress calls them.</param>
    /// <param name="options">Threads, progress, cancellation.</param>
    /// <param name="take">Takes the first minibatch's number and the block.</param>
    public virtual void Stream(MinibatchSets minibatches, string what, WorkOptions options, Action<int, GradientBlock> take)
    {
        int threads = CanShare ? options.Threads : 1;
        int piece = PieceOf(minibatches, threads);
        int done = 0;
        options.Progress?.Report(new(what, 0, minibatches.Count));
        TorchRanges.Run((minibatches.Count + piece - 1) / piece, threads, (_, i) =>
        {
            int first = i * piece;
            int count = Math.Min(piece, minibatches.Count - first);
            if (count <= RowsOfBlock)
                take(first, Block(minibatches, first, count, options.Cancellation));
            else
                Slices(minibatches, first, count, take);
            options.Progress?.Report(new(what, Interlocked.Add(ref done, count), minibatches.Count));
        }, options.Cancellation);
    }

    /// <summary>Passes samples that form <paramref name="count"/> groups of equal size.</summary>
    /// <returns>From a first group and how many: the sums of their samples' gradients, divided by <paramref name="divisor"/>; good while the dispose scope is.</returns>
    private protected abstract Func<int, int, GradientBlock> Groups(int[] which, int count, int divisor);

    /// <summary>Gradients that fit in a block.</summary>
    private int RowsOfBlock => (int)Math.Clamp(BlockBytes / (Space.Dimension * (Type == ScalarType.Float64 ? 8L : 4L)), 1, int.MaxValue);

    /// <summary>
    /// As many minibatches as keep gradients and samples few, or as pass well together where gradients are large, in pieces of equal size whose number is a
    /// multiple of the threads'.
    /// </summary>
    private int PieceOf(MinibatchSets minibatches, int threads)
    {
        int size = minibatches.BatchSize;
        long largest = Math.Max(1, Math.Min(Math.Max(RowsOfBlock, Math.Min(AtOnce, PassSamples) / size), BlockSamples / size));
        long rounds = (minibatches.Count + largest * threads - 1) / (largest * threads);
        return (int)((minibatches.Count + rounds * threads - 1) / (rounds * threads));
    }

    /// <summary>Gradients of consecutive minibatches, [count, N], of as many samples at a time as memory is for: several minibatches, or parts of one.</summary>
    private GradientBlock Block(MinibatchSets minibatches, int first, int count, CancellationToken cancellation)
    {
        int size = minibatches.BatchSize, together = Math.Max(1, AtOnce / size);
        if (count <= together && size <= AtOnce)
            return Groups(Places(minibatches, first, count, 0, size), count, size)(0, count);
        var gradients = zeros(count, Space.Dimension, Type);
        for (int done = 0; done < count; done += together)
        {
            int some = Math.Min(together, count - done);
            for (int from = 0; from < size; from += AtOnce)
            {
                cancellation.ThrowIfCancellationRequested();
                using var scope = NewDisposeScope();
                var groups = Groups(Places(minibatches, first + done, some, from, Math.Min(AtOnce, size - from)), some, size);
                gradients.narrow(0, done, some).add_(groups(0, some).Whole(), HeldScalar.One);
            }
        }

        return new(Space, gradients);
    }

    /// <summary>Gradients too large for one block: their samples pass together, and a few gradients at a time are formed and handed over.</summary>
    private void Slices(MinibatchSets minibatches, int first, int count, Action<int, GradientBlock> take)
    {
        var groups = Groups(Places(minibatches, first, count, 0, minibatches.BatchSize), count, minibatches.BatchSize);
        for (int from = 0; from < count; from += RowsOfBlock)
        {
            using var scope = NewDisposeScope();
            take(first + from, groups(from, Math.Min(RowsOfBlock, count - from)));
        }
    }

    /// <summary>The samples in the places from … from + length − 1 of consecutive minibatches.</summary>
    private static int[] Places(MinibatchSets minibatches, int first, int count, int from, int length)
    {
        int[] which = new int[count * length];
        for (int i = 0; i < count; i++)
            minibatches.SamplesOf(first + i).Slice(from, length).CopyTo(which.AsSpan(i * length));
        return which;
    }
}
