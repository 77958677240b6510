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

    /// <summary>A matrix whose element (row, column) stands at <c>Start[row·RowStride + column·ColumnStride]</c>: transposes cost nothing.</summary>
    internal readonly record struct Matrix(nint Address, int Rows, int Columns, int RowStride, int ColumnStride)
    {
        public float* Start => (float*)Address;

        public static Matrix RowMajor(float* start, int rows, int columns, int stride) => new((nint)start, rows, columns, stride, 1);

        public static Matrix Transposed(float* start, int rows, int columns, int stride) => new((nint)start, rows, columns, 1, stride);
    }

    /// <summary>output = weights · input (+ bias a row), panels of 64 columns side by side.</summary>
    /// <param name="weights">[rows, columns].</param>
    /// <param name="bias">One number a row to start from, or null for 0.</param>
    /// <param name="input">[columns][stride], of which 64 columns are read.</param>
    /// <param name="inputStride">Floats from one row of the input to the next, a multiple of 64.</param>
    /// <param name="output">[rows][stride], of which 64 columns are written.</param>
    /// <param name="outputStride">Likewise for the output.</param>
    public static void Multiply(in Matrix weights, float* bias, float* input, int inputStride, float* output, int outputStride)
    {
        int row = 0;
        for (; row + 5 <= weights.Rows; row += 5)
            FiveRows(weights, row, bias == null ? null : bias + row, input, inputStride, output + (long)row * outputStride, outputStride);
        for (; row < weights.Rows; row++)
            OneRow(weights, row, bias == null ? 0 : bias[row], input, inputStride, output + (long)row * outputStride);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FiveRows(in Matrix weights, int row, float* bias, float* input, int inputStride, float* output, int outputStride)
    {
        int columns = weights.Columns;
        int columnStride = weights.ColumnStride;
        float* w = weights.Start + (long)row * weights.RowStride;
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
        float* wb = w + weights.RowStride;
        float* wc = wb + weights.RowStride;
        float* wd = wc + weights.RowStride;
        float* we = wd + weights.RowStride;
        nint k = 0;
        for (int column = 0; column < columns; column++, input += inputStride, k += columnStride)
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
        Store(output + outputStride, b0, b1, b2, b3);
        Store(output + 2 * outputStride, c0, c1, c2, c3);
        Store(output + 3 * outputStride, d0, d1, d2, d3);
        Store(output + 4 * outputStride, e0, e1, e2, e3);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void OneRow(in Matrix weights, int row, float bias, float* input, int inputStride, float* output)
    {
        float* w = weights.Start + (long)row * weights.RowStride;
        var a0 = Vector512.Create(bias);
        var (a1, a2, a3) = (a0, a0, a0);
        for (int column = 0; column < weights.Columns; column++, input += inputStride, w += weights.ColumnStride)
        {
            var v = Vector512.Create(*w);
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
