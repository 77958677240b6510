using static TorchSharp.torch;

namespace Talweg.Trajectories;

/// <summary>Sums A Aᵀ over blocks A, of which only the upper triangle is computed, and diagonalises the sum.</summary>
internal static class SymmetricProduct
{
    private const int Panel = 256;

    /// <summary>Adds A Aᵀ to the upper triangle of <paramref name="sum"/> [n, n], panel by panel: half the work of the whole product.</summary>
    public static void Add(Tensor sum, Tensor a)
    {
        long n = sum.size(0);
        for (long i = 0; i < n; i += Panel)
        {
            using var scope = NewDisposeScope();
            long rows = Math.Min(Panel, n - i);
            sum.narrow(0, i, rows).narrow(1, i, n - i).addmm_(a.narrow(0, i, rows), a.narrow(0, i, n - i).t());
        }
    }

    /// <summary>Eigenvalues [n], descending, and as rows the eigenvectors of those that <paramref name="choice"/> names, of a matrix given by its upper triangle.</summary>
    /// <remarks>Disposes <paramref name="matrix"/> as early as it can: beside it, only the eigenvectors are as large.</remarks>
    public static (double[] Values, Tensor Vectors) Eigen(Tensor matrix, Func<double[], IReadOnlyList<int>> choice)
    {
        using var scope = NewDisposeScope();
        var (ascending, vectors) = linalg.eigh(matrix, 'U');
        matrix.Dispose();
        double[] values = ascending.data<double>().ToArray();
        Array.Reverse(values);
        long[] columns = [.. choice(values).Select(index => values.Length - 1L - index)];
        var rows = vectors.index_select(1, tensor(columns)).t().contiguous();
        return (values, rows.MoveToOuterDisposeScope());
    }
}
