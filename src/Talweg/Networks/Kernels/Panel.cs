using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Talweg.Networks.Kernels;

/// <summary>
/// The matrix product under every dense layer: a matrix times a panel of 64 columns, that is four vectors of sixteen lanes.
/// </summary>
/// <remarks>
/// A panel holds one row of 64 floats a unit: [units][4][16]. The four vectors are four groups of sixteen samples at one point of
/// weight space, or one group of sixteen samples at four points. Five output rows by four vectors stay in registers (20
/// accumulators), so that a multiply-add costs 0.45 loads.
/// </remarks>
internal static unsafe class Panel
{
    /// <summary>Columns of a panel.</summary>
    public const int Width = 64;

    /// <summary>Lanes of a vector, that is samples that move together.</summary>
    public const int Lanes = 16;

    /// <summary>output = weights · input, with weights [rows, columns] row-major of the given stride.</summary>
    /// <param name="weights">Row-major [rows, stride].</param>
    /// <param name="rows">Output units.</param>
    /// <param name="columns">Input units.</param>
    /// <param name="stride">Floats from one row of the weights to the next.</param>
    /// <param name="bias">One number a row to start from, or null for 0.</param>
    /// <param name="input">Panel [columns][64].</param>
    /// <param name="output">Panel [rows][64].</param>
    public static void Multiply(float* weights, int rows, int columns, int stride, float* bias, float* input, float* output)
    {
        int row = 0;
        for (; row + 5 <= rows; row += 5)
            FiveRows(weights + (long)row * stride, columns, stride, bias == null ? null : bias + row, input, output + (long)row * Width);
        for (; row < rows; row++)
            OneRow(weights + (long)row * stride, columns, bias == null ? 0 : bias[row], input, output + (long)row * Width);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FiveRows(float* w, int columns, int stride, float* bias, float* input, float* output)
    {
        var a0 = Vector512<float>.Zero;
        var b0 = a0;
        var c0 = a0;
        var d0 = a0;
        var e0 = a0;
        if (bias != null)
        {
            a0 = Vector512.Create(bias[0]);
            b0 = Vector512.Create(bias[1]);
            c0 = Vector512.Create(bias[2]);
            d0 = Vector512.Create(bias[3]);
            e0 = Vector512.Create(bias[4]);
        }

        var (a1, a2, a3) = (a0, a0, a0);
        var (b1, b2, b3) = (b0, b0, b0);
        var (c1, c2, c3) = (c0, c0, c0);
        var (d1, d2, d3) = (d0, d0, d0);
        var (e1, e2, e3) = (e0, e0, e0);
        float* wb = w + stride;
        float* wc = wb + stride;
        float* wd = wc + stride;
        float* we = wd + stride;
        for (int k = 0; k < columns; k++, input += Width)
        {
            var x0 = Vector512.Load(input);
            var x1 = Vector512.Load(input + 16);
            var x2 = Vector512.Load(input + 32);
            var x3 = Vector512.Load(input + 48);
            var v = Vector512.Create(w[k]);
            a0 = Vector512.FusedMultiplyAdd(v, x0, a0);
            a1 = Vector512.FusedMultiplyAdd(v, x1, a1);
            a2 = Vector512.FusedMultiplyAdd(v, x2, a2);
            a3 = Vector512.FusedMultiplyAdd(v, x3, a3);
            v = Vector512.Create(wb[k]);
            b0 = Vector512.FusedMultiplyAdd(v, x0, b0);
            b1 = Vector512.FusedMultiplyAdd(v, x1, b1);
            b2 = Vector512.FusedMultiplyAdd(v, x2, b2);
            b3 = Vector512.FusedMultiplyAdd(v, x3, b3);
            v = Vector512.Create(wc[k]);
            c0 = Vector512.FusedMultiplyAdd(v, x0, c0);
            c1 = Vector512.FusedMultiplyAdd(v, x1, c1);
            c2 = Vector512.FusedMultiplyAdd(v, x2, c2);
            c3 = Vector512.FusedMultiplyAdd(v, x3, c3);
            v = Vector512.Create(wd[k]);
            d0 = Vector512.FusedMultiplyAdd(v, x0, d0);
            d1 = Vector512.FusedMultiplyAdd(v, x1, d1);
            d2 = Vector512.FusedMultiplyAdd(v, x2, d2);
            d3 = Vector512.FusedMultiplyAdd(v, x3, d3);
            v = Vector512.Create(we[k]);
            e0 = Vector512.FusedMultiplyAdd(v, x0, e0);
            e1 = Vector512.FusedMultiplyAdd(v, x1, e1);
            e2 = Vector512.FusedMultiplyAdd(v, x2, e2);
            e3 = Vector512.FusedMultiplyAdd(v, x3, e3);
        }

        Store(output, a0, a1, a2, a3);
        Store(output + Width, b0, b1, b2, b3);
        Store(output + 2 * Width, c0, c1, c2, c3);
        Store(output + 3 * Width, d0, d1, d2, d3);
        Store(output + 4 * Width, e0, e1, e2, e3);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void OneRow(float* w, int columns, float bias, float* input, float* output)
    {
        var a0 = Vector512.Create(bias);
        var (a1, a2, a3) = (a0, a0, a0);
        for (int k = 0; k < columns; k++, input += Width)
        {
            var v = Vector512.Create(w[k]);
            a0 = Vector512.FusedMultiplyAdd(v, Vector512.Load(input), a0);
            a1 = Vector512.FusedMultiplyAdd(v, Vector512.Load(input + 16), a1);
            a2 = Vector512.FusedMultiplyAdd(v, Vector512.Load(input + 32), a2);
            a3 = Vector512.FusedMultiplyAdd(v, Vector512.Load(input + 48), a3);
        }

        Store(output, a0, a1, a2, a3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* output, Vector512<float> v0, Vector512<float> v1, Vector512<float> v2, Vector512<float> v3)
    {
        v0.Store(output);
        v1.Store(output + 16);
        v2.Store(output + 32);
        v3.Store(output + 48);
    }
}
