using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Talweg.Networks;
using Talweg.Networks.Kernels;
using Talweg.Networks.Layers;

namespace Talweg.Landscapes;

/// <summary>What lies behind a convolution that moves: ReLU, max pooling, one more convolution, and its <see cref="ConvolutionTail"/>'s layers; one sample at a time.</summary>
/// <remarks>
/// Displacements are taken in ascending order. At each of them a pooled unit is one of the lines z₀ + t·z′ of its window, or 0; where it is another than before, the
/// difference of the two lines goes through the convolution behind, a patch of kernel × kernel positions, into the lines A + t·B of its pre-activations. Those are
/// [positions][channels], with a border that takes what falls outside, so that a patch is one stretch a row. B is the exact rate. Sixteen displacements then make a
/// vector for the dense layers.
/// </remarks>
internal sealed unsafe class KinkTail : IDisposable
{
    private readonly PoolingWindows _windows;
    private readonly ImageShape _pooled;
    private readonly int _kernel;
    private readonly int _channels;
    private readonly int _paddedChannels;
    private readonly int _rowLength;
    private readonly AlignedBuffer _patches;
    private readonly AlignedBuffer _start;
    private readonly int[] _targets;
    private readonly int[] _outputs;
    private readonly int[] _outputStarts;
    private readonly DenseTail _tail;

    private KinkTail(NetworkWeights weights, LayeredNetwork network, int place, ConvolutionParts parts, ConvolutionParts behind, DenseWeights head)
    {
        var units = network.Shapes[place + 1];
        var convolution = (Convolution)network.Structure[parts.End];
        Units = units.Length;
        _windows = PoolingWindows.Of(units, parts.Pooling);
        _pooled = network.Shapes[parts.End];
        _kernel = convolution.Kernel;
        _channels = convolution.Outputs;
        _paddedChannels = (_channels + Panel.Lanes - 1) / Panel.Lanes * Panel.Lanes;
        int width = _pooled.Columns + _kernel - 1, height = _pooled.Rows + _kernel - 1;
        _rowLength = width * _paddedChannels;
        int tensor = network.FirstTensorOf(parts.End);
        _patches = Patches(weights.Tensors[tensor]);
        _start = new((long)height * _rowLength);
        if (convolution.Bias)
            Fill(_start, weights.Tensors[tensor + 1]);
        _targets = [.. Enumerable.Range(0, _pooled.Length).Select(unit => unit % (_pooled.Rows * _pooled.Columns)).Select(at => (at / _pooled.Columns * width + at % _pooled.Columns) * _paddedChannels)];

        var image = network.Shapes[parts.End + 1];
        var pools = PoolingWindows.Of(image with { Channels = 1 }, behind.Pooling);
        int border = _kernel - 1 - convolution.Padding;
        _outputs = [.. pools.Units.Select(unit => ((unit / image.Columns + border) * width + unit % image.Columns + border) * _paddedChannels)];
        _outputStarts = pools.Starts;
        _tail = new(head, 0);
    }

    /// <summary>Pre-activations of the convolution that moves, a sample.</summary>
    public int Units { get; }

    private int Positions => _outputStarts.Length - 1;

    /// <summary>The tail behind the convolution at a place; null if it is of another form: without ReLU, or with a convolution behind that has strides.</summary>
    public static KinkTail? Of(NetworkWeights weights, LayeredNetwork network, int place) =>
        ConvolutionParts.After(network, place) is { Activation: Activation.Relu } parts
        && network.Structure[parts.End] is Convolution { Stride: 1 } convolution && convolution.Padding < convolution.Kernel
        && ConvolutionParts.After(network, parts.End) is { } behind
        && DenseHead.Of(weights, network, behind.End, behind.Activation) is { } head
            ? new(weights, network, place, parts, behind, head)
            : null;

    public KinkWork NewWork() => new(_start.Length, Positions * _paddedChannels, _tail.WidestPanel);

    /// <summary>Losses, and slopes unless <paramref name="slopes"/> is empty, of one sample at all displacements.</summary>
    /// <param name="origin">z₀, [units].</param>
    /// <param name="rate">z′, likewise.</param>
    /// <param name="label">The sample's class.</param>
    /// <param name="work">Scratch of this thread, prepared for the displacements.</param>
    /// <param name="losses">One number every 64, in the displacements' own order.</param>
    /// <param name="slopes">Likewise.</param>
    public void Run(float* origin, float* rate, int label, KinkWork work, Span<double> losses, Span<double> slopes)
    {
        bool tangents = !slopes.IsEmpty;
        FindKinks(origin, rate, work);
        _start.Span(0, (int)_start.Length).CopyTo(work.A.Span(0, (int)_start.Length));
        work.B.Span(0, (int)_start.Length).Clear();
        double* found = stackalloc double[2 * Panel.Width];
        Span<DenseTail.Quarter> filled = stackalloc DenseTail.Quarter[DenseTail.Quarters];
        for (int first = 0; first < work.Count; first += Panel.Width)
        {
            int count = Math.Min(Panel.Width, work.Count - first);
            int quarters = (count + Panel.Lanes - 1) / Panel.Lanes;
            for (int quarter = 0; quarter < quarters; quarter++)
            {
                filled[quarter] = new(quarter * Panel.Lanes, 0);
                FillQuarter(work, first + quarter * Panel.Lanes, quarter * Panel.Lanes, tangents);
            }

            _tail.Finish(filled[..quarters], label, work.Tail, found, tangents ? found + Panel.Width : null);
            for (int i = 0; i < count; i++)
            {
                int point = work.Order[first + i] * Panel.Width;
                losses[point] = found[i];
                if (tangents)
                    slopes[point] = found[Panel.Width + i];
            }
        }
    }

    public void Dispose()
    {
        _tail.Dispose();
        _patches.Dispose();
        _start.Dispose();
    }

    /// <summary>Which line each pooled unit is at each displacement, and what changes where; everything is a change at the first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void FindKinks(float* origin, float* rate, KinkWork work)
    {
        work.Forget();
        float* t = work.Displacements.Pointer;
        int* active = work.Active + 1;                          // in front of the first stands none
        for (int output = 0; output < _windows.Count; output++)
        {
            var window = _windows.Units.AsSpan(_windows.Starts[output].._windows.Starts[output + 1]);
            for (int k = 0; k < work.Count; k += Panel.Lanes)
            {
                var largest = Vector512<float>.Zero;
                var its = Vector512.Create(KinkWork.None);
                foreach (int unit in window)
                {
                    var value = Vector512.FusedMultiplyAdd(Vector512.Load(t + k), Vector512.Create(rate[unit]), Vector512.Create(origin[unit]));
                    its = Vector512.ConditionalSelect(Vector512.GreaterThan(value, largest).AsInt32(), Vector512.Create(unit), its);
                    largest = Vector512.Max(value, largest);
                }

                its.Store(active + k);
                ulong changes = Vector512.ExtractMostSignificantBits(~Vector512.Equals(its, Vector512.Load(active + k - 1)));
                for (changes &= work.Inside(k); changes != 0; changes &= changes - 1)
                    AddKink(origin, rate, work, output, k + BitOperations.TrailingZeroCount(changes));
            }
        }
    }

    private static void AddKink(float* origin, float* rate, KinkWork work, int output, int point)
    {
        int before = work.Active[point], after = work.Active[point + 1];
        float a = 0, b = 0;
        if (after != KinkWork.None)
            (a, b) = (origin[after], rate[after]);
        if (before != KinkWork.None)
            (a, b) = (a - origin[before], b - rate[before]);
        work.Add(point, new(output, a, b));
    }

    /// <summary>Takes the lines along sixteen displacements, and writes what the dense layers take: the windows' maxima, and their rates.</summary>
    private void FillQuarter(KinkWork work, int first, int lane, bool tangents)
    {
        int count = Math.Min(Panel.Lanes, work.Count - first);
        int length = Positions * _paddedChannels;
        for (int i = 0; i < count; i++)
        {
            for (int kink = work.FirstAt(first + i); kink >= 0; kink = work.NextOf(kink))
                AddPatch(work.At(kink), work.A.Pointer, work.B.Pointer);
            Pool(work.A.Pointer, work.B.Pointer, work.Displacements.Pointer[first + i], work.Values.Pointer + i * length, tangents ? work.Rates.Pointer + i * length : null);
        }

        Turn(work.Values.Pointer, length, work.Tail.Value.Pointer + lane);
        if (tangents)
            Turn(work.Rates.Pointer, length, work.Tail.Tangent.Pointer + lane);
    }

    /// <summary>A += a·W and B += b·W over one unit's patch.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddPatch(Kink kink, float* a, float* b)
    {
        int stretch = _kernel * _paddedChannels;
        float* w = _patches.Pointer + (long)(kink.Output / (_pooled.Rows * _pooled.Columns)) * _kernel * stretch;
        var (da, db) = (Vector512.Create(kink.A), Vector512.Create(kink.B));
        int start = _targets[kink.Output];
        for (int row = 0; row < _kernel; row++, start += _rowLength, w += stretch)
        {
            for (int i = 0; i < stretch; i += Panel.Lanes)
            {
                var weight = Vector512.Load(w + i);
                Vector512.FusedMultiplyAdd(da, weight, Vector512.Load(a + start + i)).Store(a + start + i);
                Vector512.FusedMultiplyAdd(db, weight, Vector512.Load(b + start + i)).Store(b + start + i);
            }
        }
    }

    /// <summary>max over each window of A + t·B, [positions][channels], and B of the position that is the largest, the first of equals.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Pool(float* a, float* b, float displacement, float* values, float* rates)
    {
        var t = Vector512.Create(displacement);
        for (int position = 0; position < Positions; position++)
        {
            var window = _outputs.AsSpan(_outputStarts[position].._outputStarts[position + 1]);
            for (int channel = 0; channel < _paddedChannels; channel += Panel.Lanes, values += Panel.Lanes)
            {
                var its = Vector512.Load(b + window[0] + channel);
                var largest = Vector512.FusedMultiplyAdd(t, its, Vector512.Load(a + window[0] + channel));
                foreach (int place in window[1..])
                {
                    var slope = Vector512.Load(b + place + channel);
                    var value = Vector512.FusedMultiplyAdd(t, slope, Vector512.Load(a + place + channel));
                    its = Vector512.ConditionalSelect(Vector512.GreaterThan(value, largest), slope, its);
                    largest = Vector512.Max(value, largest);
                }

                largest.Store(values);
                if (rates == null)
                    continue;
                its.Store(rates);
                rates += Panel.Lanes;
            }
        }
    }

    /// <summary>From [16][positions][channels] to rows of a panel, [channels][positions][16].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Turn(float* from, int length, float* panel)
    {
        for (int channel = 0; channel < _channels; channel++)
        {
            for (int position = 0; position < Positions; position++, panel += Panel.Width)
            {
                float* number = from + position * _paddedChannels + channel;
                for (int i = 0; i < Panel.Lanes; i++, number += length)
                    panel[i] = *number;
            }
        }
    }

    /// <summary>Kernels as patches, [inputs][rows][columns][channels] with rows and columns backwards: what a unit adds to the positions that see it.</summary>
    private AlignedBuffer Patches(float[] kernels)
    {
        int size = _kernel * _kernel;
        var patches = new AlignedBuffer((long)_pooled.Channels * size * _paddedChannels);
        for (int output = 0; output < _channels; output++)
        {
            for (int input = 0; input < _pooled.Channels; input++)
            {
                for (int at = 0; at < size; at++)
                    patches.Pointer[(input * size + size - 1 - at) * _paddedChannels + output] = kernels[(output * _pooled.Channels + input) * size + at];
            }
        }

        return patches;
    }

    private void Fill(AlignedBuffer lines, float[] biases)
    {
        for (int start = 0; start < lines.Length; start += _paddedChannels)
            biases.CopyTo(lines.Span(start, _channels));
    }
}
