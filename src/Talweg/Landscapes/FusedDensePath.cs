using System.Collections.Concurrent;
using Talweg.Networks;
using Talweg.Networks.Kernels;

namespace Talweg.Landscapes;

/// <summary>Transects along the matrix of one dense layer with nothing but dense layers behind it, in single precision, by a fused vector kernel.</summary>
/// <remarks>
/// A dense layer is linear in its weights: along p its pre-activations are z(t) = z₀ + t·z′ with z′ = P·h, h being the layer's
/// input. h and z₀ are computed once for all samples and kept as panels; per direction z′ costs one small product, and per
/// displacement only the layers behind are run, four times sixteen samples at a time, a block of samples never leaving the cache.
/// Memory: 4·M·(inputs + outputs of the layer) bytes for M samples, and a scratch of some 100 kB a thread.
/// </remarks>
internal sealed unsafe class FusedDensePath : ITransectPath
{
    private readonly ClassBlocks _blocks;
    private readonly int _inputs;
    private readonly int _outputs;
    private readonly AlignedBuffer _layerInputs;
    private readonly AlignedBuffer _origin;
    private readonly DenseTail _tail;
    private readonly ConcurrentBag<Scratch> _scratches = [];

    /// <param name="weights">The layer that moves and those behind it, at least.</param>
    /// <param name="layer">Which moves, counted from 0.</param>
    /// <param name="blocks">The samples.</param>
    /// <param name="prefix">What lies in front of the layer; disposed here.</param>
    /// <param name="threads">At most this many prepare the samples.</param>
    public FusedDensePath(DenseWeights weights, int layer, ClassBlocks blocks, IPanelPrefix prefix, int threads)
    {
        var network = weights.Network;
        _inputs = network.InputsOf(layer);
        _outputs = network.OutputsOf(layer);
        _blocks = blocks;
        _tail = new DenseTail(weights, layer + 1);
        _layerInputs = new AlignedBuffer((long)_blocks.Count * _inputs * Panel.Width);
        _origin = new AlignedBuffer((long)_blocks.Count * _outputs * Panel.Width);
        using var disposed = prefix;
        fixed (float* matrix = weights.Matrices[layer])
        fixed (float* bias = network.Bias ? weights.Biases[layer] : null)
        {
            var (w, b) = (Panel.Matrix.RowMajor(matrix, _outputs, _inputs, _inputs), (nint)bias);
            Parallel.For(0, _blocks.Count, new ParallelOptions { MaxDegreeOfParallelism = threads }, block =>
            {
                prefix.Run(block, Inputs(block));
                Panel.Multiply(w, (float*)b, Inputs(block), Panel.Width, Origin(block), Panel.Width);
            });
        }
    }

    public string Name => "fused";

    public void Sweep(ReadOnlySpan<double> direction, ReadOnlySpan<double> displacements, bool withSlopes, TransectReducer reducer)
    {
        if (!_scratches.TryTake(out var scratch))
            scratch = new Scratch(_inputs, _outputs, _tail.WidestPanel);
        try
        {
            scratch.Prepare(direction, displacements, withSlopes);
            for (int block = 0; block < _blocks.Count; block++)
            {
                Panel.Multiply(Panel.Matrix.RowMajor(scratch.Direction.Pointer, _outputs, _inputs, _inputs), null, Inputs(block), Panel.Width, scratch.Rate.Pointer, Panel.Width);
                SweepBlock(block, displacements.Length, withSlopes, scratch);
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
        _layerInputs.Dispose();
        _origin.Dispose();
    }

    /// <summary>Every sixteen samples of the block at every displacement, four such quarters at a time: few displacements fill a panel with more samples.</summary>
    private void SweepBlock(int block, int displacements, bool withSlopes, Scratch scratch)
    {
        int quarters = (_blocks.Counts[block] + Panel.Lanes - 1) / Panel.Lanes * displacements;
        Span<DenseTail.Quarter> together = stackalloc DenseTail.Quarter[DenseTail.Quarters];
        fixed (double* losses = scratch.Losses)
        fixed (double* slopes = scratch.Slopes)
        {
            for (int first = 0; first < quarters; first += DenseTail.Quarters)
            {
                int count = Math.Min(DenseTail.Quarters, quarters - first);
                for (int i = 0; i < count; i++)
                    together[i] = new((first + i) / displacements * Panel.Lanes, (first + i) % displacements);
                _tail.Run(Origin(block), scratch.Rate.Pointer, scratch.Displacements.Pointer, together[..count], _blocks.Labels[block], scratch.Work, losses, withSlopes ? slopes : null);
            }
        }
    }

    private float* Inputs(int block) => _layerInputs.Pointer + (long)block * _inputs * Panel.Width;

    private float* Origin(int block) => _origin.Pointer + (long)block * _outputs * Panel.Width;

    /// <summary>What one thread needs for one direction.</summary>
    private sealed class Scratch(int inputs, int outputs, int widestPanel) : IDisposable
    {
        public AlignedBuffer Direction { get; } = new((long)inputs * outputs);

        /// <summary>z′ of the block in hand, a panel [outputs][64].</summary>
        public AlignedBuffer Rate { get; } = new((long)outputs * Panel.Width);

        public AlignedBuffer Displacements { get; private set; } = new(0);

        public DenseTail.Work Work { get; } = new(widestPanel);

        public double[] Losses { get; private set; } = [];

        public double[] Slopes { get; private set; } = [];

        public void Prepare(ReadOnlySpan<double> direction, ReadOnlySpan<double> displacements, bool withSlopes)
        {
            for (int i = 0; i < direction.Length; i++)
                Direction.Pointer[i] = (float)direction[i];
            if (Displacements.Length != displacements.Length)
            {
                Displacements.Dispose();
                Displacements = new(displacements.Length);
                Losses = new double[displacements.Length * Panel.Width];
            }

            if (withSlopes && Slopes.Length != Losses.Length)
                Slopes = new double[Losses.Length];
            for (int i = 0; i < displacements.Length; i++)
                Displacements.Pointer[i] = (float)displacements[i];
        }

        public void Dispose()
        {
            Direction.Dispose();
            Rate.Dispose();
            Displacements.Dispose();
            Work.Dispose();
        }
    }
}
