using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Talweg.Trajectories;

/// <summary>The two routes to the modes of a window. Both return variances, descending, and directions as rows.</summary>
internal static class PrincipalComponents
{
    /// <summary>A variance below this multiple of the largest is roundoff of the diagonalisation, times the number of modes.</summary>
    private const double Roundoff = 2.2e-16;

    public static (double[] Variances, double[] Directions) ByCovariance(Window window, double[] mean, int wanted)
    {
        using var scope = NewDisposeScope();
        int n = window.Dimension;
        var sum = zeros(n, n, ScalarType.Float64);
        new CentredWindow(window, mean).ByRows((rows, _) => SymmetricProduct.Add(sum, rows.t()));
        var (values, directions) = SymmetricProduct.Eigen(sum, values => Meaningful(values, window, wanted));
        return (Variances(values, window), Managed(directions));
    }

    public static (double[] Variances, double[] Directions) ByGram(Window window, double[] mean, int wanted)
    {
        using var scope = NewDisposeScope();
        int t = window.Iterations;
        var centred = new CentredWindow(window, mean);
        var sum = zeros(t, t, ScalarType.Float64);
        centred.ByColumns((columns, _) => SymmetricProduct.Add(sum, columns));
        var (values, u) = SymmetricProduct.Eigen(sum, values => Meaningful(values, window, wanted));
        var directions = empty(window.Dimension, u.size(0), ScalarType.Float64);
        centred.ByColumns((columns, first) => directions.narrow(0, first, columns.size(1)).copy_(columns.t().matmul(u.t())));
        directions.div_(directions.norm(0, keepdim: true));
        return (Variances(values, window), Managed(Orthonormal(directions)));
    }

    /// <summary>Directions of small variance come out of the Gram matrix with a little of the large ones; QR removes it, in that order.</summary>
    private static Tensor Orthonormal(Tensor columns)
    {
        if (columns.size(1) == 0)
            return columns.t();
        var (q, _) = linalg.qr(columns);
        return q.t().contiguous();
    }

    private static int Meaningful(double[] values, Window window, int wanted)
    {
        double floor = Roundoff * values.Length * values[0];
        int possible = Math.Min(wanted, Math.Min(window.Iterations - 1, window.Dimension));
        return values.Take(possible).TakeWhile(value => value > floor).Count();
    }

    private static double[] Variances(double[] values, Window window)
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
