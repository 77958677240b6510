using System.Collections.Concurrent;
using Talweg.Data;
using Talweg.Networks;
using Talweg.Networks.Kernels;
using Talweg.Networks.Layers;
using static TorchSharp.torch;

namespace Talweg.Landscapes;

/// <summary>Transects along the kernels of a convolution with activation, max pooling and dense layers behind it, in single precision, by a fused vector kernel.</summary>
/// <remarks>
/// A convolution is linear in its kernels: z(t) = z₀ + t·z′ with z′ = P∗h. Torch computes z′, one convolution a direction, and all displacements run in
/// <see cref="ConvolutionTail"/>. For M samples h takes 4·M·inputs bytes and z₀ 4·M·outputs; each is kept if it fits into what is left of 1 GiB, and is computed
/// again each time otherwise. A thread keeps z′ of its last direction, so that a search along one direction, such as for flatness, convolves once: as many threads
/// as fit into 512 MiB together, and the others compute it again. What is kept changes no bit.
/// </remarks>
internal sealed unsafe class FusedConvolutionPath : ITransectPath
{
    private const long KeptBytes = 1L << 30;
    private const long KeptRateBytes = 512L << 20;

    private readonly ClassBlocks _blocks;
    private readonly LayeredPrefix _prefix;
    private readonly ConvolutionTail _tail;
    private readonly Convolution _convolution;
    private readonly Tensor _kernel;
    private readonly Tensor? _bias;
    private readonly Tensor?[] _inputs;
    private readonly Tensor?[] _origins;
    private readonly long _keepingThreads;
    private readonly ConcurrentBag<Scratch> _scratches = [];
    private int _made;

    /// <param name="weights">Of a network of layers.</param>
    /// <param name="data">The samples.</param>
    /// <param name="moving">The convolution's kernels.</param>
    /// <param name="tail">What lies behind; disposed with this.</param>
    /// <param name="threads">At most this many prepare the samples.</param>
    /// <param name="keptBytes">For inputs and pre-activations z₀; of it up to 512 MiB once more for z′ of all threads.</param>
    public FusedConvolutionPath(NetworkWeights weights, LabelledSamples data, WeightSpace.Segment moving, ConvolutionTail tail, int threads, long keptBytes = KeptBytes)
    {
        var network = (LayeredNetwork)weights.Network;
        int place = network.PlaceOfTensor(moving.Tensor);
        _blocks = ClassBlocks.Of(data);
        _prefix = new(weights, place, _blocks, data);
        _tail = tail;
        _convolution = (Convolution)network.Structure[place];
        (_kernel, _bias) = (Copied(weights, moving.Tensor), _convolution.Bias ? Copied(weights, moving.Tensor + 1) : null);
        long inputBytes = (long)_blocks.Count * Panel.Width * network.Shapes[place].Length * sizeof(float);
        long outputBytes = (long)_blocks.Count * Panel.Width * tail.Units * sizeof(float);
        _inputs = new Tensor?[inputBytes <= keptBytes ? _blocks.Count : 0];
        _origins = new Tensor?[inputBytes + outputBytes <= keptBytes ? _blocks.Count : 0];
        _keepingThreads = Math.Min(keptBytes, KeptRateBytes) / outputBytes;
        Parallel.For(0, _inputs.Length, new ParallelOptions { MaxDegreeOfParallelism = threads }, Keep);
    }

    public string Name => "fused-convolution";

    public void Sweep(ReadOnlySpan<double> direction, ReadOnlySpan<double> displacements, bool withSlopes, TransectReducer reducer)
    {
        set_num_threads(1);
        if (!_scratches.TryTake(out var scratch))
            scratch = new(_tail.Work(), _kernel.shape, Interlocked.Increment(ref _made) <= _keepingThreads ? _blocks.Count : 0);
        try
        {
            scratch.Prepare(direction, displacements, withSlopes);
            for (int block = 0; block < _blocks.Count; block++)
            {
                using var noGradient = no_grad();
                using var scope = NewDisposeScope();
                var (origin, rate) = OriginAndRate(block, scratch);
                SweepBlock(block, origin, rate, displacements.Length, withSlopes, scratch);
                reducer.Add(new(_blocks.Samples(block), scratch.Losses, withSlopes ? scratch.Slopes : [], Panel.Width));
            }
        }
        finally
        {
            _scratches.Add(scratch);
        }
    }

    public void Dispose()
    {
        foreach (var scratch in _scratches)
            scratch.Dispose();
        _scratches.Clear();
        _tail.Dispose();
        _prefix.Dispose();
        foreach (var tensor in (Tensor?[])[_kernel, _bias, .. _inputs, .. _origins])
            tensor?.Dispose();
    }

    private void Keep(int block)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        _inputs[block] = _prefix.Features(block).DetachFromDisposeScope();
        if (_origins.Length > 0)
            _origins[block] = Convolve(_inputs[block]!, _kernel, _bias).DetachFromDisposeScope();
    }

    /// <summary>z₀ and z′ of a block, [4][units][16].</summary>
    private (Tensor Origin, Tensor Rate) OriginAndRate(int block, Scratch scratch)
    {
        var origin = _origins.Length > 0 ? _origins[block] : null;
        var rate = scratch.Rates.Length > 0 ? scratch.Rates[block] : null;
        if (origin is not null && rate is not null)
            return (origin, rate);
        var inputs = _inputs.Length > 0 ? _inputs[block]! : _prefix.Features(block);
        origin ??= Convolve(inputs, _kernel, _bias);
        if (rate is not null)
            return (origin, rate);
        rate = Convolve(inputs, scratch.Direction, null);
        if (scratch.Rates.Length > 0)
            scratch.Rates[block] = rate.DetachFromDisposeScope();
        return (origin, rate);
    }

    /// <summary>A convolution of 64 samples, sixteen of them side by side: [4][units][16].</summary>
    private Tensor Convolve(Tensor inputs, Tensor kernel, Tensor? bias) =>
        nn.functional.conv2d(inputs, kernel, bias, [_convolution.Stride, _convolution.Stride], [_convolution.Padding, _convolution.Padding])
            .reshape(DenseTail.Quarters, Panel.Lanes, _tail.Units).transpose(1, 2).contiguous();

    private void SweepBlock(int block, Tensor origin, Tensor rate, int displacements, bool withSlopes, Scratch scratch)
    {
        Span<DenseTail.Quarter> together = stackalloc DenseTail.Quarter[DenseTail.Quarters];
        fixed (byte* origins = origin.bytes)
        fixed (byte* rates = rate.bytes)
        fixed (float* t = scratch.Displacements)
        fixed (double* losses = scratch.Losses)
        fixed (double* slopes = scratch.Slopes)
        {
            for (int samples = 0; samples < _blocks.Counts[block]; samples += Panel.Lanes)
            {
                for (int first = 0; first < displacements; first += DenseTail.Quarters)
                {
                    int count = Math.Min(DenseTail.Quarters, displacements - first);
                    for (int i = 0; i < count; i++)
                        together[i] = new(samples, first + i);
                    int start = samples * _tail.Units;
                    _tail.Run((float*)origins + start, (float*)rates + start, t, together[..count], _blocks.Labels[block], scratch.Work, losses, withSlopes ? slopes : null);
                }
            }
        }
    }

    internal static Tensor Copied(NetworkWeights weights, int tensor)
    {
        using var scope = NewDisposeScope();
        long[] shape = [.. weights.Network.Tensors[tensor].Shape.Select(size => (long)size)];
        return TorchSharp.torch.tensor(weights.Tensors[tensor]).to(ScalarType.Float32, copy: true).reshape(shape).DetachFromDisposeScope();
    }

    /// <summary>What one thread needs for one direction.</summary>
    private sealed class Scratch(DenseTail.Work work, long[] shape, int keptBlocks) : IDisposable
    {
        private double[] _direction = [];

        public DenseTail.Work Work => work;

        /// <summary>P, as the kernels.</summary>
        public Tensor Direction { get; private set; } = null!;

        /// <summary>z′ of the blocks that have been asked for since the direction changed; empty where none is kept.</summary>
        public Tensor?[] Rates { get; } = new Tensor?[keptBlocks];

        public float[] Displacements { get; private set; } = [];

        public double[] Losses { get; private set; } = [];

        public double[] Slopes { get; private set; } = [];

        public void Prepare(ReadOnlySpan<double> direction, ReadOnlySpan<double> displacements, bool withSlopes)
        {
            if (!direction.SequenceEqual(_direction))
                Turn(direction.ToArray());
            if (Displacements.Length != displacements.Length)
            {
                Displacements = new float[displacements.Length];
                Losses = new double[displacements.Length * Panel.Width];
            }

            if (withSlopes && Slopes.Length != Losses.Length)
                Slopes = new double[Losses.Length];
            for (int i = 0; i < displacements.Length; i++)
                Displacements[i] = (float)displacements[i];
        }

        public void Dispose()
        {
            Forget();
            work.Dispose();
        }

        private void Turn(double[] direction)
        {
            Forget();                                          // first: what fails below must not leave the old name on nothing
            using var scope = NewDisposeScope();
            Direction = tensor(direction).to(ScalarType.Float32, copy: true).reshape(shape).DetachFromDisposeScope();
            _direction = direction;
        }

        private void Forget()
        {
            _direction = [];
            Direction?.Dispose();
            foreach (var rate in Rates)
                rate?.Dispose();
            Array.Clear(Rates);
        }
    }
}
