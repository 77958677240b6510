using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Talweg.Networks;
using Talweg.Networks.Kernels;

namespace Talweg.Landscapes;

/// <summary>
/// What lies behind the layer that moves: activation, dense layers, cross entropy, each with its exact tangent, for sixteen
/// samples of one class at one displacement in each quarter of a panel.
/// </summary>
internal sealed unsafe class DenseTail : IDisposable
{
    /// <summary>Quarters of a panel.</summary>
    public const int Quarters = Panel.Width / Panel.Lanes;

    private readonly Activation _activation;
    private readonly int _units;
    private readonly List<(AlignedBuffer Matrix, AlignedBuffer? Bias, int Outputs, int Inputs)> _layers = [];

    /// <param name="weights">Of the layers behind the one that moves.</param>
    /// <param name="firstLayer">The first of these, counted from 0; the number of layers where none is.</param>
    public DenseTail(DenseWeights weights, int firstLayer)
    {
        var network = weights.Network;
        _activation = network.Activation;
        _units = network.Widths[firstLayer];
        WidestPanel = network.Widths.Skip(firstLayer).Max();
        for (int layer = firstLayer; layer < network.Layers; layer++)
        {
            _layers.Add((
                Copy(weights.Matrices[layer]),
                network.Bias ? Copy(weights.Biases[layer]) : null,
                network.OutputsOf(layer),
                network.InputsOf(layer)));
        }
    }

    /// <summary>Units of the widest layer from the moved one on.</summary>
    public int WidestPanel { get; }

    /// <summary>Loss, and slope if <paramref name="slopes"/> is not null, of up to four quarters: sixteen samples at one displacement each.</summary>
    /// <param name="origin">z₀: a panel of 64 samples.</param>
    /// <param name="rate">z′, likewise.</param>
    /// <param name="displacements">As many as the quarters' points ask for.</param>
    /// <param name="quarters">1 to 4.</param>
    /// <param name="label">The samples' class.</param>
    /// <param name="work">Scratch panels of this thread.</param>
    /// <param name="losses">64 numbers a displacement, the samples' in their places.</param>
    /// <param name="slopes">Likewise, or null.</param>
    public void Run(float* origin, float* rate, float* displacements, ReadOnlySpan<Quarter> quarters, int label, Work work, double* losses, double* slopes)
    {
        for (int quarter = 0; quarter < Quarters; quarter++)
        {
            var (samples, point) = quarters[Math.Min(quarter, quarters.Length - 1)];     // the last again, where there are fewer than four
            int lane = quarter * Panel.Lanes;
            Move(origin + samples, rate + samples, displacements[point], work.Value.Pointer + lane, slopes == null ? null : work.Tangent.Pointer + lane);
        }

        Finish(quarters, label, work, losses, slopes);
    }

    /// <summary>From the pre-activations in <see cref="Work.Value"/>, and their tangents in <see cref="Work.Tangent"/>, to losses and slopes; parameters as above.</summary>
    public void Finish(ReadOnlySpan<Quarter> quarters, int label, Work work, double* losses, double* slopes)
    {
        bool tangents = slopes != null;
        var (value, tangent) = (work.Value, work.Tangent);
        var (nextValue, nextTangent) = (work.NextValue, work.NextTangent);
        int units = _units;
        foreach (var (matrix, bias, outputs, inputs) in _layers)
        {
            Activate(value.Pointer, tangent.Pointer, units, tangents);
            var weights = Panel.Matrix.RowMajor(matrix.Pointer, outputs, inputs, inputs);
            Panel.Multiply(weights, bias == null ? null : bias.Pointer, value.Pointer, Panel.Width, nextValue.Pointer, Panel.Width);
            if (tangents)
                Panel.Multiply(weights, null, tangent.Pointer, Panel.Width, nextTangent.Pointer, Panel.Width);
            (value, nextValue) = (nextValue, value);
            (tangent, nextTangent) = (nextTangent, tangent);
            units = outputs;
        }

        for (int quarter = 0; quarter < quarters.Length; quarter++)
        {
            int lane = quarter * Panel.Lanes;
            int place = quarters[quarter].Point * Panel.Width + quarters[quarter].Samples;
            CrossEntropy(value.Pointer + lane, tangents ? tangent.Pointer + lane : null, units, label, losses + place, tangents ? slopes + place : null);
        }
    }

    public void Dispose()
    {
        foreach (var (matrix, bias, _, _) in _layers)
        {
            matrix.Dispose();
            bias?.Dispose();
        }
    }

    /// <summary>z(t) = z₀ + t·z′ of sixteen samples, and its tangent z′ if there is a place for it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Move(float* origin, float* rate, float displacement, float* value, float* tangent)
    {
        var t = Vector512.Create(displacement);
        for (int unit = 0; unit < _units; unit++, origin += Panel.Width, rate += Panel.Width, value += Panel.Width)
        {
            var z1 = Vector512.Load(rate);
            Vector512.FusedMultiplyAdd(t, z1, Vector512.Load(origin)).Store(value);
            if (tangent == null)
                continue;
            z1.Store(tangent);
            tangent += Panel.Width;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Activate(float* value, float* tangent, int units, bool tangents)
    {
        var zero = Vector512<float>.Zero;
        int length = units * Panel.Width;
        if (_activation.IsRelu())
        {
            for (int i = 0; i < length; i += Panel.Lanes)
            {
                var z = Vector512.Load(value + i);
                Vector512.Max(z, zero).Store(value + i);
                if (tangents)
                    (Vector512.GreaterThan(z, zero) & Vector512.Load(tangent + i)).Store(tangent + i);
            }

            return;
        }

        for (int i = 0; i < length; i += Panel.Lanes)
        {
            var a = VectorMath.Tanh(Vector512.Load(value + i));
            a.Store(value + i);
            if (tangents)
                ((Vector512<float>.One - a * a) * Vector512.Load(tangent + i)).Store(tangent + i);
        }
    }

    /// <summary>
    /// log1p(Σ_{n≠k} exp(yₙ − y_k)) and its tangent Σ_{n≠k} softmaxₙ·(y′ₙ − y′_k), which keep relative precision at losses of 1e-9.
    /// Where some margin is negative the largest exponent is taken out first, so that nothing overflows.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CrossEntropy(float* logits, float* tangents, int classes, int label, double* losses, double* slopes)
    {
        var own = Vector512.Load(logits + label * Panel.Width);
        var largest = Vector512<float>.Zero;
        for (int n = 0; n < classes; n++)
            largest = Vector512.Max(largest, Vector512.Load(logits + n * Panel.Width) - own);
        var ownTangent = tangents == null ? Vector512<float>.Zero : Vector512.Load(tangents + label * Panel.Width);
        var sum = Vector512<float>.Zero;
        var slope = Vector512<float>.Zero;
        for (int n = 0; n < classes; n++)
        {
            if (n == label)
                continue;
            var e = VectorMath.Exp(Vector512.Load(logits + n * Panel.Width) - own - largest);
            sum += e;
            if (tangents != null)
                slope = Vector512.FusedMultiplyAdd(e, Vector512.Load(tangents + n * Panel.Width) - ownTangent, slope);
        }

        var scaledOne = VectorMath.Exp(-largest);
        Widen(largest + VectorMath.Log1P(sum + (scaledOne - Vector512<float>.One)), losses);
        if (tangents != null)
            Widen(slope / (sum + scaledOne), slopes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Widen(Vector512<float> values, double* destination)
    {
        var (low, high) = Vector512.Widen(values);
        low.Store(destination);
        high.Store(destination + 8);
    }

    private static AlignedBuffer Copy(float[] values)
    {
        var buffer = new AlignedBuffer(values.Length);
        values.CopyTo(buffer.Span(0, values.Length));
        return buffer;
    }

    /// <summary>What stands in a quarter of a panel.</summary>
    /// <param name="Samples">The place in their block of the first of sixteen samples.</param>
    /// <param name="Point">The number of their displacement.</param>
    public readonly record struct Quarter(int Samples, int Point);

    /// <summary>One thread's panels: values and tangents of the layer in hand and of the next.</summary>
    public sealed class Work(int widest) : IDisposable
    {
        public AlignedBuffer Value { get; } = new((long)widest * Panel.Width);

        public AlignedBuffer Tangent { get; } = new((long)widest * Panel.Width);

        public AlignedBuffer NextValue { get; } = new((long)widest * Panel.Width);

        public AlignedBuffer NextTangent { get; } = new((long)widest * Panel.Width);

        public void Dispose()
        {
            Value.Dispose();
            Tangent.Dispose();
            NextValue.Dispose();
            NextTangent.Dispose();
        }
    }
}
