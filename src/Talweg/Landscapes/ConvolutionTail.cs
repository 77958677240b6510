using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Talweg.Networks;
using Talweg.Networks.Kernels;
using Talweg.Networks.Layers;

namespace Talweg.Landscapes;

/// <summary>
/// What lies behind a convolution that moves, if it is an activation, at most one max pooling and dense layers: windows' maxima and the dense tail, each with
/// its exact tangent.
/// </summary>
/// <remarks>
/// Both activations are increasing, so the maximum of activations is the activation of the maximum: the windows' maxima of the pre-activations are taken first
/// and activated with the dense tail's own code, at a quarter of the cost for 2×2 windows. Sixteen samples of one class stand in a vector; z₀ and z′ are read
/// once for four displacements, in [units][16] so that they stay in the second-level cache.
/// </remarks>
internal sealed unsafe class ConvolutionTail : IDisposable
{
    private readonly PoolingWindows _windows;
    private readonly DenseTail _tail;

    private ConvolutionTail(ImageShape units, MaxPooling? pooling, DenseWeights head)
    {
        Units = units.Length;
        _windows = PoolingWindows.Of(units, pooling);
        _tail = new(head, 0);
    }

    /// <summary>Pre-activations of the convolution, a sample.</summary>
    public int Units { get; }

    /// <summary>Scratch of one thread.</summary>
    public DenseTail.Work Work() => new(_tail.WidestPanel);

    /// <summary>The tail behind the convolution at a place; null if it is of another form.</summary>
    public static ConvolutionTail? Of(NetworkWeights weights, LayeredNetwork network, int place) =>
        ConvolutionParts.After(network, place) is { } parts && DenseHead.Of(weights, network, parts.End, parts.Activation) is { } head
            ? new(network.Shapes[place + 1], parts.Pooling, head)
            : null;

    /// <summary>Losses, and slopes if <paramref name="slopes"/> is not null, of sixteen samples at one to four displacements.</summary>
    /// <param name="origin">z₀, [units][16].</param>
    /// <param name="rate">z′, likewise.</param>
    /// <param name="displacements">All of them.</param>
    /// <param name="quarters">The same sixteen samples at different displacements.</param>
    /// <param name="label">The samples' class.</param>
    /// <param name="work">Scratch of this thread.</param>
    /// <param name="losses">64 numbers a displacement, the samples' in their places.</param>
    /// <param name="slopes">Likewise, or null.</param>
    public void Run(float* origin, float* rate, float* displacements, ReadOnlySpan<DenseTail.Quarter> quarters, int label, DenseTail.Work work, double* losses, double* slopes)
    {
        int last = quarters.Length - 1;
        var t0 = Vector512.Create(displacements[quarters[0].Point]);
        var t1 = Vector512.Create(displacements[quarters[Math.Min(1, last)].Point]);
        var t2 = Vector512.Create(displacements[quarters[Math.Min(2, last)].Point]);
        var t3 = Vector512.Create(displacements[quarters[Math.Min(3, last)].Point]);
        fixed (int* windows = _windows.Units)
        fixed (int* starts = _windows.Starts)
        {
            if (slopes == null)
                Move(origin, rate, t0, t1, t2, t3, windows, starts, _windows.Count, work.Value.Pointer);
            else
                MoveWithTangents(origin, rate, t0, t1, t2, t3, windows, starts, _windows.Count, work.Value.Pointer, work.Tangent.Pointer);
        }

        _tail.Finish(quarters, label, work, losses, slopes);
    }

    public void Dispose() => _tail.Dispose();

    /// <summary>max over each window of z₀ + t·z′, at four displacements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Move(
        float* origin, float* rate, Vector512<float> t0, Vector512<float> t1, Vector512<float> t2, Vector512<float> t3, int* windows, int* starts, int outputs, float* value)
    {
        for (int output = 0; output < outputs; output++, value += Panel.Width)
        {
            nint unit = (nint)windows[starts[output]] * Panel.Lanes;
            var (z, z1) = (Vector512.Load(origin + unit), Vector512.Load(rate + unit));
            var m0 = Vector512.FusedMultiplyAdd(t0, z1, z);
            var m1 = Vector512.FusedMultiplyAdd(t1, z1, z);
            var m2 = Vector512.FusedMultiplyAdd(t2, z1, z);
            var m3 = Vector512.FusedMultiplyAdd(t3, z1, z);
            for (int i = starts[output] + 1; i < starts[output + 1]; i++)
            {
                unit = (nint)windows[i] * Panel.Lanes;
                (z, z1) = (Vector512.Load(origin + unit), Vector512.Load(rate + unit));
                m0 = Vector512.Max(m0, Vector512.FusedMultiplyAdd(t0, z1, z));
                m1 = Vector512.Max(m1, Vector512.FusedMultiplyAdd(t1, z1, z));
                m2 = Vector512.Max(m2, Vector512.FusedMultiplyAdd(t2, z1, z));
                m3 = Vector512.Max(m3, Vector512.FusedMultiplyAdd(t3, z1, z));
            }

            m0.Store(value);
            m1.Store(value + Panel.Lanes);
            m2.Store(value + 2 * Panel.Lanes);
            m3.Store(value + 3 * Panel.Lanes);
        }
    }

    /// <summary>The same, and z′ of the unit that is the largest: the first of equals, as torch has it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MoveWithTangents(
        float* origin, float* rate, Vector512<float> t0, Vector512<float> t1, Vector512<float> t2, Vector512<float> t3, int* windows, int* starts, int outputs, float* value, float* tangent)
    {
        for (int output = 0; output < outputs; output++, value += Panel.Width, tangent += Panel.Width)
        {
            nint unit = (nint)windows[starts[output]] * Panel.Lanes;
            var (z, z1) = (Vector512.Load(origin + unit), Vector512.Load(rate + unit));
            var m0 = Vector512.FusedMultiplyAdd(t0, z1, z);
            var m1 = Vector512.FusedMultiplyAdd(t1, z1, z);
            var m2 = Vector512.FusedMultiplyAdd(t2, z1, z);
            var m3 = Vector512.FusedMultiplyAdd(t3, z1, z);
            var (r0, r1, r2, r3) = (z1, z1, z1, z1);
            for (int i = starts[output] + 1; i < starts[output + 1]; i++)
            {
                unit = (nint)windows[i] * Panel.Lanes;
                (z, z1) = (Vector512.Load(origin + unit), Vector512.Load(rate + unit));
                Take(Vector512.FusedMultiplyAdd(t0, z1, z), z1, ref m0, ref r0);
                Take(Vector512.FusedMultiplyAdd(t1, z1, z), z1, ref m1, ref r1);
                Take(Vector512.FusedMultiplyAdd(t2, z1, z), z1, ref m2, ref r2);
                Take(Vector512.FusedMultiplyAdd(t3, z1, z), z1, ref m3, ref r3);
            }

            m0.Store(value);
            m1.Store(value + Panel.Lanes);
            m2.Store(value + 2 * Panel.Lanes);
            m3.Store(value + 3 * Panel.Lanes);
            r0.Store(tangent);
            r1.Store(tangent + Panel.Lanes);
            r2.Store(tangent + 2 * Panel.Lanes);
            r3.Store(tangent + 3 * Panel.Lanes);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Take(Vector512<float> value, Vector512<float> tangent, ref Vector512<float> largest, ref Vector512<float> its)
    {
        its = Vector512.ConditionalSelect(Vector512.GreaterThan(value, largest), tangent, its);
        largest = Vector512.Max(largest, value);
    }
}
