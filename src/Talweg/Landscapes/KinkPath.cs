using System.Collections.Concurrent;
using Talweg.Data;
using Talweg.Networks;
using Talweg.Networks.Kernels;
using Talweg.Networks.Layers;
using static TorchSharp.torch;

namespace Talweg.Landscapes;

/// <summary>Transects along the kernels of a convolution with ReLU in front of the last convolution, in single precision.</summary>
/// <remarks>
/// The convolution behind would have to run anew at every displacement. But a pooled ReLU is a line in t between its kinks, of which it has few, and a sum of lines
/// is a line: so the pre-activations of the convolution behind are kept as lines A + t·B, to which each kink adds one unit's patch (<see cref="KinkTail"/>).
/// </remarks>
internal sealed unsafe class KinkPath : ITransectPath
{
    private readonly ClassBlocks _blocks;
    private readonly LayeredPrefix _prefix;
    private readonly KinkTail _tail;
    private readonly Convolution _convolution;
    private readonly Tensor _kernel;
    private readonly Tensor? _bias;
    private readonly ConcurrentBag<KinkWork> _works = [];

    /// <param name="weights">Of a network of layers.</param>
    /// <param name="data">The samples.</param>
    /// <param name="moving">The convolution's kernels.</param>
    /// <param name="tail">What lies behind; disposed with this.</param>
    public KinkPath(NetworkWeights weights, LabelledSamples data, WeightSpace.Segment moving, KinkTail tail)
    {
        var network = (LayeredNetwork)weights.Network;
        int place = network.PlaceOfTensor(moving.Tensor);
        _blocks = ClassBlocks.Of(data);
        _prefix = new(weights, place, _blocks, data);
        _tail = tail;
        _convolution = (Convolution)network.Structure[place];
        _kernel = FusedConvolutionPath.Copied(weights, moving.Tensor);
        _bias = _convolution.Bias ? FusedConvolutionPath.Copied(weights, moving.Tensor + 1) : null;
    }

    public string Name => "fused-kinks";

    public void Sweep(ReadOnlySpan<double> direction, ReadOnlySpan<double> displacements, bool withSlopes, TransectReducer reducer)
    {
        set_num_threads(1);
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var kernelRate = tensor(direction.ToArray()).to(ScalarType.Float32, copy: true).reshape(_kernel.shape);
        double[] losses = new double[displacements.Length * Panel.Width], slopes = new double[withSlopes ? losses.Length : 0];
        if (!_works.TryTake(out var work))
            work = _tail.NewWork();
        try
        {
            work.Prepare(displacements);
            for (int block = 0; block < _blocks.Count; block++)
            {
                using var inner = NewDisposeScope();
                var inputs = _prefix.Features(block);
                var (origin, rate) = (Convolve(inputs, _kernel, _bias), Convolve(inputs, kernelRate, null));
                fixed (byte* origins = origin.bytes)
                fixed (byte* rates = rate.bytes)
                {
                    for (int place = 0; place < _blocks.Counts[block]; place++)
                    {
                        int start = place * _tail.Units;
                        _tail.Run((float*)origins + start, (float*)rates + start, _blocks.Labels[block], work, losses.AsSpan(place), withSlopes ? slopes.AsSpan(place) : []);
                    }
                }

                reducer.Add(new(_blocks.Samples(block), losses, slopes, Panel.Width));
            }
        }
        finally
        {
            _works.Add(work);
        }
    }

    public void Dispose()
    {
        foreach (var work in _works)
            work.Dispose();
        _works.Clear();
        _tail.Dispose();
        _prefix.Dispose();
        _kernel.Dispose();
        _bias?.Dispose();
    }

    private Tensor Convolve(Tensor inputs, Tensor kernel, Tensor? bias) =>
        nn.functional.conv2d(inputs, kernel, bias, [_convolution.Stride, _convolution.Stride], [_convolution.Padding, _convolution.Padding]).contiguous();
}
