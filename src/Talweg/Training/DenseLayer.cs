using System.Runtime.Intrinsics;
using Talweg.Networks;
using Talweg.Networks.Kernels;
using Talweg.Training.Updates;

namespace Talweg.Training;

/// <summary>One dense layer in training: its weights, and the activations and errors of the minibatch in hand.</summary>
/// <remarks>
/// Everything has rows padded with zeros to a multiple of 64 numbers, so that every product is a <see cref="Panel"/> product:
/// z = h·Wᵀ, the error handed back δ·W, and the gradient δᵀ·h. The weights are kept both ways round.
/// </remarks>
internal sealed unsafe class DenseLayer : IDisposable
{
    private readonly AlignedBuffer? _matrix;
    private readonly AlignedBuffer _transposed;
    private readonly AlignedBuffer? _gradient;
    private readonly AlignedBuffer? _bias;
    private AlignedBuffer? _sparseGradient;

    /// <param name="inputs">Inputs of the layer.</param>
    /// <param name="outputs">Outputs of the layer.</param>
    /// <param name="rows">Largest minibatch.</param>
    /// <param name="sparse">Whether the inputs come sparse (the first layer): then no error is handed back through it.</param>
    /// <param name="bias">Whether it adds a bias.</param>
    public DenseLayer(int inputs, int outputs, int rows, bool sparse, bool bias)
    {
        Inputs = inputs;
        Outputs = outputs;
        InputStride = Padded(inputs);
        Stride = Padded(outputs);
        _transposed = new((long)inputs * Stride);
        Values = new((long)rows * Stride);
        Errors = new((long)rows * Stride);
        _bias = bias ? new(Stride) : null;
        if (sparse)
            return;
        _matrix = new((long)outputs * InputStride);
        _gradient = new((long)outputs * InputStride);
    }

    public int Inputs { get; }

    public int Outputs { get; }

    /// <summary>Outputs rounded up to a multiple of 64: floats from one sample's row to the next.</summary>
    public int Stride { get; }

    private int InputStride { get; }

    /// <summary>Pre-activations, then activations, [rows][stride].</summary>
    public AlignedBuffer Values { get; }

    /// <summary>Derivatives of the loss by the pre-activations, times the learning rate, [rows][stride].</summary>
    public AlignedBuffer Errors { get; }

    /// <summary>Takes in the matrix, row-major [outputs, inputs], as PyTorch stores it.</summary>
    public void LoadMatrix(ReadOnlySpan<float> matrix)
    {
        for (int output = 0; output < Outputs; output++)
        {
            var row = matrix.Slice(output * Inputs, Inputs);
            if (_matrix is null)
                for (int input = 0; input < Inputs; input++)
                    _transposed.Pointer[(long)input * Stride + output] = row[input];
            else
                row.CopyTo(_matrix.Span((long)output * InputStride, Inputs));
        }

        if (_matrix is not null)
            Transpose();
    }

    public void LoadBias(ReadOnlySpan<float> bias) => bias.CopyTo(_bias!.Span(0, Outputs));

    /// <summary>Copies the matrix, row-major [outputs, inputs], as PyTorch stores it.</summary>
    public void ReadMatrix(Span<float> destination)
    {
        for (int output = 0; output < Outputs; output++)
        {
            var row = destination.Slice(output * Inputs, Inputs);
            if (_matrix is not null)
                _matrix.Span((long)output * InputStride, Inputs).CopyTo(row);
            else
                for (int input = 0; input < Inputs; input++)
                    row[input] = _transposed.Pointer[(long)input * Stride + output];
        }
    }

    public void ReadBias(Span<float> destination) => _bias!.Span(0, Outputs).CopyTo(destination);

    /// <summary>W ← W + factor·step, row-major [outputs, inputs].</summary>
    public void AddToMatrix(ReadOnlySpan<float> step, float factor)
    {
        for (int output = 0; output < Outputs; output++)
        {
            var row = step.Slice(output * Inputs, Inputs);
            if (_matrix is null)
                for (int input = 0; input < Inputs; input++)
                    _transposed.Pointer[(long)input * Stride + output] += factor * row[input];
            else
                Lanes.AddScaled(row, factor, _matrix.Span((long)output * InputStride, Inputs));
        }

        if (_matrix is not null)
            Transpose();
    }

    /// <summary>b ← b + factor·step.</summary>
    public void AddToBias(ReadOnlySpan<float> step, float factor)
    {
        for (int output = 0; output < Outputs; output++)
            _bias!.Pointer[output] += factor * step[output];
    }

    /// <summary>z = W·x + b for one sample given by its non-zero inputs.</summary>
    public void ForwardSparse(ReadOnlySpan<int> positions, ReadOnlySpan<float> inputs, int row)
    {
        float* output = Values.Pointer + (long)row * Stride;
        for (int column = 0; column < Stride; column += Panel.Width)
        {
            float* weights = _transposed.Pointer + column;
            float* bias = _bias is null ? null : _bias.Pointer + column;
            var a = bias == null ? Vector512<float>.Zero : Vector512.Load(bias);
            var b = bias == null ? a : Vector512.Load(bias + 16);
            var c = bias == null ? a : Vector512.Load(bias + 32);
            var d = bias == null ? a : Vector512.Load(bias + 48);
            for (int i = 0; i < positions.Length; i++)
            {
                float* w = weights + (long)positions[i] * Stride;
                var x = Vector512.Create(inputs[i]);
                a = Vector512.FusedMultiplyAdd(x, Vector512.Load(w), a);
                b = Vector512.FusedMultiplyAdd(x, Vector512.Load(w + 16), b);
                c = Vector512.FusedMultiplyAdd(x, Vector512.Load(w + 32), c);
                d = Vector512.FusedMultiplyAdd(x, Vector512.Load(w + 48), d);
            }

            a.Store(output + column);
            b.Store(output + column + 16);
            c.Store(output + column + 32);
            d.Store(output + column + 48);
        }
    }

    /// <summary>z = h·Wᵀ + b for the first <paramref name="rows"/> samples.</summary>
    public void Forward(DenseLayer below, int rows)
    {
        var activations = Panel.Matrix.RowMajor(below.Values.Pointer, rows, Inputs, below.Stride);
        for (int column = 0; column < Stride; column += Panel.Width)
            Panel.Multiply(activations, null, _transposed.Pointer + column, Stride, Values.Pointer + column, Stride);
        if (_bias is null)
            return;
        for (int row = 0; row < rows; row++)
            AddScaled(Values.Pointer + (long)row * Stride, _bias.Pointer, 1, Stride);
    }

    public void Activate(Activation activation, int rows)
    {
        float* values = Values.Pointer;
        for (long i = 0; i < (long)rows * Stride; i += Panel.Lanes)
        {
            var z = Vector512.Load(values + i);
            (activation.IsRelu() ? Vector512.Max(z, Vector512<float>.Zero) : VectorMath.Tanh(z)).Store(values + i);
        }
    }

    /// <summary>Hands the errors δ·W back to the layer below, times its activation's derivative.</summary>
    public void Backward(DenseLayer below, Activation activation, int rows)
    {
        var errors = Panel.Matrix.RowMajor(Errors.Pointer, rows, Outputs, Stride);
        for (int column = 0; column < InputStride; column += Panel.Width)
            Panel.Multiply(errors, null, _matrix!.Pointer + column, InputStride, below.Errors.Pointer + column, InputStride);
        float* value = below.Values.Pointer;
        float* error = below.Errors.Pointer;
        for (long i = 0; i < (long)rows * InputStride; i += Panel.Lanes)
        {
            var a = Vector512.Load(value + i);
            var e = Vector512.Load(error + i);
            (activation.IsRelu()
                ? Vector512.GreaterThan(a, Vector512<float>.Zero).AsSingle() & e
                : e * (Vector512<float>.One - a * a)).Store(error + i);
        }
    }

    /// <summary>W ← W − δᵀ·h, b ← b − Σδ; the learning rate is in δ already.</summary>
    public void Update(DenseLayer below, int rows)
    {
        MultiplyGradient(below, rows);
        AddScaled(_matrix!.Pointer, _gradient!.Pointer, -1, (int)_matrix.Length);
        Transpose();
        UpdateBias(rows);
    }

    /// <summary>Adds δᵀ·h to <paramref name="matrix"/>, row-major [outputs, inputs].</summary>
    public void AddGradient(DenseLayer below, int rows, Span<float> matrix)
    {
        MultiplyGradient(below, rows);
        for (int output = 0; output < Outputs; output++)
        {
            var row = matrix.Slice(output * Inputs, Inputs);
            Lanes.Add(_gradient!.Span((long)output * InputStride, Inputs), row);
        }
    }

    /// <summary>Adds Σδ to <paramref name="bias"/>.</summary>
    public void AddBiasGradient(int rows, Span<float> bias)
    {
        for (int row = 0; row < rows; row++)
            Lanes.Add(Errors.Span((long)row * Stride, Outputs), bias);
    }

    /// <summary>W ← W − δ·xᵀ sample by sample, only where x is not 0.</summary>
    public void UpdateSparse(ReadOnlySpan<int> positions, ReadOnlySpan<float> inputs, int row) => AddSparse(positions, inputs, row, -1, _transposed.Pointer);

    /// <summary>Adds Σ δ·xᵀ of the samples to <paramref name="matrix"/>, row-major [outputs, inputs].</summary>
    public void AddSparseGradient(SparseInputs data, ReadOnlySpan<int> samples, Span<float> matrix)
    {
        _sparseGradient ??= new((long)Inputs * Stride);
        _sparseGradient.Span(0, (int)_sparseGradient.Length).Clear();
        for (int row = 0; row < samples.Length; row++)
            AddSparse(data.Positions(samples[row]), data.Values(samples[row]), row, 1, _sparseGradient.Pointer);
        for (int output = 0; output < Outputs; output++)
        {
            var target = matrix.Slice(output * Inputs, Inputs);
            float* column = _sparseGradient.Pointer + output;
            for (int input = 0; input < Inputs; input++, column += Stride)
                target[input] += *column;
        }
    }

    /// <summary>Brings the other way round up to date.</summary>
    private void Transpose()
    {
        for (int output = 0; output < Outputs; output++)
        {
            float* row = _matrix!.Pointer + (long)output * InputStride;
            float* column = _transposed.Pointer + output;
            for (int input = 0; input < Inputs; input++, column += Stride)
                *column = row[input];
        }
    }

    private void MultiplyGradient(DenseLayer below, int rows)
    {
        var errors = Panel.Matrix.Transposed(Errors.Pointer, Outputs, rows, Stride);
        for (int column = 0; column < InputStride; column += Panel.Width)
            Panel.Multiply(errors, null, below.Values.Pointer + column, InputStride, _gradient!.Pointer + column, InputStride);
    }

    /// <summary>Adds sign·x·δᵀ of a sample to a matrix [inputs][stride].</summary>
    private void AddSparse(ReadOnlySpan<int> positions, ReadOnlySpan<float> inputs, int row, float sign, float* matrix)
    {
        float* error = Errors.Pointer + (long)row * Stride;
        for (int column = 0; column < Stride; column += Panel.Width)
        {
            var a = Vector512.Load(error + column);
            var b = Vector512.Load(error + column + 16);
            var c = Vector512.Load(error + column + 32);
            var d = Vector512.Load(error + column + 48);
            float* weights = matrix + column;
            for (int i = 0; i < positions.Length; i++)
            {
                float* w = weights + (long)positions[i] * Stride;
                var x = Vector512.Create(sign * inputs[i]);
                Vector512.FusedMultiplyAdd(x, a, Vector512.Load(w)).Store(w);
                Vector512.FusedMultiplyAdd(x, b, Vector512.Load(w + 16)).Store(w + 16);
                Vector512.FusedMultiplyAdd(x, c, Vector512.Load(w + 32)).Store(w + 32);
                Vector512.FusedMultiplyAdd(x, d, Vector512.Load(w + 48)).Store(w + 48);
            }
        }
    }

    public void UpdateBias(int rows)
    {
        for (int row = 0; _bias is not null && row < rows; row++)
            AddScaled(_bias.Pointer, Errors.Pointer + (long)row * Stride, -1, Stride);
    }

    public void Dispose()
    {
        _matrix?.Dispose();
        _transposed.Dispose();
        _gradient?.Dispose();
        _bias?.Dispose();
        _sparseGradient?.Dispose();
        Values.Dispose();
        Errors.Dispose();
    }

    private static int Padded(int width) => (width + Panel.Width - 1) / Panel.Width * Panel.Width;

    private static void AddScaled(float* target, float* summand, float factor, int length)
    {
        var scale = Vector512.Create(factor);
        for (int i = 0; i < length; i += Panel.Lanes)
            Vector512.FusedMultiplyAdd(scale, Vector512.Load(summand + i), Vector512.Load(target + i)).Store(target + i);
    }
}
