using System.Runtime.InteropServices;
using Talweg.Native;
using static TorchSharp.torch;

namespace Talweg.Trajectories;

/// <summary>The routes to the modes of a window. All return variances, descending, and directions as rows.</summary>
internal static class PrincipalComponents
{
    /// <summary>A variance below this multiple of the largest is roundoff of the diagonalisation, times the number of modes.</summary>
    private const double Roundoff = 2.2e-16;

    private const int StripColumns = 1 << 14;

    /// <summary>The indices of the modes whose directions are wanted, ascending, given how many have one.</summary>
    public delegate IReadOnlyList<int> ModeChoice(int count);

    public static (double[] Variances, double[] Directions) Exact(PcaMethod method, IWindow window, double[] mean, ModeChoice choice) =>
        method == PcaMethod.Gram ? ByGram(window, mean, choice) : ByCovariance(window, mean, choice);

    private static (double[] Variances, double[] Directions) ByCovariance(IWindow window, double[] mean, ModeChoice choice)
    {
        using var scope = NewDisposeScope();
        int n = window.Dimension;
        var sum = zeros(n, n, ScalarType.Float64);
        new CentredWindow(window, mean).ByRows((rows, _) => SymmetricProduct.Add(sum, rows.t()));
        var (values, directions) = SymmetricProduct.Eigen(sum, values => choice(Meaningful(values, window)));
        return (Variances(values, window), Managed(directions));
    }

    private static (double[] Variances, double[] Directions) ByGram(IWindow window, double[] mean, ModeChoice choice)
    {
        using var scope = NewDisposeScope();
        int t = window.Iterations;
        var centred = new CentredWindow(window, mean);
        var sum = zeros(t, t, ScalarType.Float64);
        centred.ByColumns((columns, _) => SymmetricProduct.Add(sum, columns));
        var (values, u) = SymmetricProduct.Eigen(sum, values => choice(Meaningful(values, window)));
        return (Variances(values, window), GramDirections(centred, u.t()));
    }

    public static (double[] Variances, double[] Directions, double Total, PcaSketch Sketch) BySketch(IWindow window, double[] mean, int wanted, PcaOptions options)
    {
        using var scope = NewDisposeScope();
        var centred = new CentredWindow(window, mean);
        var products = new WindowProducts(centred);
        var pairs = new KrylovSketch(products, Math.Min(wanted, products.Size), options).Run();
        var sketch = new PcaSketch { Passes = pairs.Passes, BasisSize = pairs.BasisSize, Residuals = pairs.Residuals, Ending = pairs.Ending };
        var directions = products.IsGram ? GramDirections(centred, pairs.Vectors) : Managed(pairs.Vectors.t().contiguous());
        return (pairs.Values, directions, products.Trace, sketch);
    }

    /// <summary>Xᵀu of each vector as rows, in one pass; beside the result, only a strip of columns is in memory.</summary>
    /// <remarks>Directions of small variance come out with a little of the large ones; making them orthonormal in that order removes it.</remarks>
    private static double[] GramDirections(CentredWindow centred, Tensor vectors)
    {
        int count = (int)vectors.size(1);
        double[] directions = new double[count * centred.Dimension];
        if (count == 0)
            return directions;
        var products = zeros(count, count, ScalarType.Float64);
        centred.ByColumns((columns, first) =>
        {
            var strip = vectors.t().matmul(columns);
            products.add_(strip.matmul(strip.t()), HeldScalar.One);
            Copy(strip, directions, first, centred.Dimension);
        });
        // With LLᵀ the scalar products, L⁻¹ is Gram and Schmidt's step for all at once; they are nearly diagonal, so scaled they are well conditioned.
        var lengths = products.diagonal().sqrt();
        var step = linalg.inv(linalg.cholesky(products / lengths.outer(lengths))) / lengths;
        for (int first = 0; first < centred.Dimension; first += StripColumns)
        {
            using var scope = NewDisposeScope();
            var strip = empty(count, Math.Min(StripColumns, centred.Dimension - first), ScalarType.Float64);
            Copy(directions, first, centred.Dimension, strip);
            Copy(step.matmul(strip), directions, first, centred.Dimension);
        }

        for (int i = 0; i < count; i++)
            OrientLargestUp(directions.AsSpan(i * centred.Dimension, centred.Dimension));
        return directions;
    }

    private static void Copy(Tensor strip, double[] rows, int firstColumn, int dimension)
    {
        int columns = (int)strip.size(1);
        var values = MemoryMarshal.Cast<byte, double>(strip.bytes);
        for (int i = 0; i < values.Length / columns; i++)
            values.Slice(i * columns, columns).CopyTo(rows.AsSpan(i * dimension + firstColumn));
    }

    private static void Copy(double[] rows, int firstColumn, int dimension, Tensor strip)
    {
        int columns = (int)strip.size(1);
        var values = MemoryMarshal.Cast<byte, double>(strip.bytes);
        for (int i = 0; i < values.Length / columns; i++)
            rows.AsSpan(i * dimension + firstColumn, columns).CopyTo(values[(i * columns)..]);
    }

    private static int Meaningful(double[] values, IWindow window)
    {
        double floor = Roundoff * values.Length * values[0];
        int possible = Math.Min(window.Iterations - 1, window.Dimension);
        return values.Take(possible).TakeWhile(value => value > floor).Count();
    }

    private static double[] Variances(double[] values, IWindow window)
    {
        double[] variances = new double[Math.Min(window.Iterations, window.Dimension)];
        for (int i = 0; i < variances.Length; i++)
            variances[i] = Math.Max(0, values[i] / window.Iterations);
        return variances;
    }

    private static double[] Managed(Tensor matrix)
    {
        int rows = (int)matrix.size(0);
        int columns = (int)matrix.size(1);
        double[] values = MemoryMarshal.Cast<byte, double>(matrix.bytes).ToArray();
        for (int i = 0; i < rows; i++)
            OrientLargestUp(values.AsSpan(i * columns, columns));
        return values;
    }

    private static void OrientLargestUp(Span<double> direction)
    {
        double largest = 0;
        foreach (double component in direction)
        {
            if (Math.Abs(component) > Math.Abs(largest))
                largest = component;
        }
        if (largest >= 0)
            return;
        for (int j = 0; j < direction.Length; j++)
            direction[j] = -direction[j];
    }
}
