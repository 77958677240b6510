using System.Numerics;
using System.Runtime.InteropServices;
using Talweg.Landscapes;

namespace Talweg.Benchmarks.Curvature;

/// <summary>A symmetric operator written out, [N, N], by a product with each unit vector.</summary>
internal sealed class DenseMatrix : ISymmetricOperator
{
    private readonly double[] _entries;

    private DenseMatrix(double[] entries, int dimension)
    {
        _entries = entries;
        Dimension = dimension;
    }

    public int Dimension { get; }

    public static DenseMatrix Of(ISymmetricOperator matrix)
    {
        int n = matrix.Dimension;
        double[] entries = new double[n * n], unit = new double[n];
        for (int i = 0; i < n; i++)
        {
            unit[i] = 1;
            matrix.Apply(unit, entries.AsSpan(i * n, n));
            unit[i] = 0;
            if (i % 500 == 0)
                Workplace.Say($"  row {i} of {n}");
        }

        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < i; j++)
                entries[i * n + j] = entries[j * n + i] = (entries[i * n + j] + entries[j * n + i]) / 2;
        }

        return new(entries, n);
    }

    public void Apply(ReadOnlySpan<double> vector, Span<double> product)
    {
        for (int i = 0; i < Dimension; i++)
            product[i] = Dot(_entries.AsSpan(i * Dimension, Dimension), vector);
    }

    /// <summary>Row-major float64, as numpy.fromfile reads it.</summary>
    public void Write(string path)
    {
        using var file = File.Create(path);
        file.Write(MemoryMarshal.AsBytes<double>(_entries));
    }

    private static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var left = MemoryMarshal.Cast<double, Vector<double>>(a);
        var right = MemoryMarshal.Cast<double, Vector<double>>(b);
        var sums = Vector<double>.Zero;
        for (int i = 0; i < left.Length; i++)
            sums += left[i] * right[i];
        double sum = Vector.Sum(sums);
        for (int i = left.Length * Vector<double>.Count; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }
}
