using System.Runtime.InteropServices;
using Talweg.Data;
using Talweg.Networks;
using static TorchSharp.torch;

namespace Talweg.Landscapes;

/// <summary>A Hessian written out, [N, N] in double precision: for weight spaces of a few thousand weights, where all of its spectrum is wanted, its bottom too.</summary>
/// <remarks>
/// The Hessian of one layer's matrix in a dense network is ⟨C ⊗ h hᵀ⟩ with h the layer's inputs and C = ∂²ℓ/∂z∂z by its pre-activations, since z is linear in the weights.
/// Both factors are symmetric, so the sum over samples is one matrix product of their upper triangles: M·N²/2 operations for M samples, a fraction of
/// the N products with <see cref="HessianOperator"/> that every other space takes. Memory: 8·N² bytes, and while it is computed 2·N² a thread. What
/// works on the whole matrix takes one torch thread of its caller.
/// </remarks>
public sealed class HessianMatrix : ISymmetricOperator
{
    /// <summary>The largest N: 512 MiB.</summary>
    public const int LargestDimension = 8192;

    private readonly double[] _entries;

    private HessianMatrix(double[] entries, int dimension)
    {
        _entries = entries;
        Dimension = dimension;
    }

    /// <inheritdoc/>
    public int Dimension { get; }

    /// <summary>Row number <paramref name="index"/>, [N].</summary>
    public ReadOnlySpan<double> this[int index] => _entries.AsSpan(index * Dimension, Dimension);

    /// <summary>All entries, row-major.</summary>
    public ReadOnlySpan<double> Entries => _entries;

    /// <summary>The Hessian at <paramref name="weights"/> of the mean loss over <paramref name="samples"/>, as <see cref="HessianOperator"/> has it.</summary>
    /// <param name="weights">All weights of the network.</param>
    /// <param name="samples">What the loss is a mean over.</param>
    /// <param name="space">The weights to differentiate by; one layer's matrix is fast.</param>
    /// <param name="work">Threads, progress, cancellation.</param>
    /// <exception cref="ArgumentException">Network, samples and weight space do not fit together, or N is above <see cref="LargestDimension"/>.</exception>
    public static HessianMatrix Of(NetworkWeights weights, LabelledSamples samples, WeightSpace space, WorkOptions? work = null)
    {
        NetworkFit.Require(weights, samples, space);
        RequireSize(space.Dimension);
        work ??= WorkOptions.Default;
        if (weights is DenseWeights dense && space.Segments is [{ IsBias: false } segment])
            return new(LayerHessian.Entries(dense, samples, segment.Layer, work), space.Dimension);
        using var products = HessianOperator.Of(weights, samples, space, work.Threads);
        return Of(products, work);
    }

    /// <summary>Any symmetric matrix, by a product with each unit vector; what rounding leaves of asymmetry is averaged away.</summary>
    /// <param name="matrix">A.</param>
    /// <param name="work">Progress (a unit a product) and cancellation.</param>
    /// <exception cref="ArgumentException">N is above <see cref="LargestDimension"/>.</exception>
    /// <exception cref="ArithmeticException">A product is not finite.</exception>
    public static HessianMatrix Of(ISymmetricOperator matrix, WorkOptions? work = null)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        int n = matrix.Dimension;
        RequireSize(n);
        var products = new CountedProducts(matrix, "Hessian", n, work ?? WorkOptions.Default);
        double[] entries = new double[n * n], unit = new double[n];
        for (int i = 0; i < n; i++)
        {
            unit[i] = 1;
            products.Times(unit).CopyTo(entries, i * n);
            unit[i] = 0;
        }

        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < i; j++)
                entries[i * n + j] = entries[j * n + i] = (entries[i * n + j] + entries[j * n + i]) / 2;
        }

        return new(entries, n);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A span has not N numbers.</exception>
    public void Apply(ReadOnlySpan<double> vector, Span<double> product)
    {
        if (vector.Length != Dimension || product.Length != Dimension)
            throw new ArgumentException($"The Hessian is {Dimension} × {Dimension}, but the vectors have {vector.Length} and {product.Length} numbers.", nameof(vector));
        for (int i = 0; i < Dimension; i++)
            product[i] = OrthonormalBasis.Dot(this[i], vector);
    }

    /// <summary>All N eigenvalues, descending, with eigenvectors and residuals, by dense diagonalisation.</summary>
    public Eigenpairs Diagonalise()
    {
        set_num_threads(1);
        using var scope = NewDisposeScope();
        var matrix = AsTensor();
        var (ascending, columns) = linalg.eigh(matrix);
        var values = ascending.flip(0);
        var vectors = columns.t().flip(0).contiguous();
        var left = vectors.matmul(matrix) - values.unsqueeze(1) * vectors;
        var residuals = (left * left).sum([1L]).sqrt();
        double[] rows = Numbers(vectors);
        for (int i = 0; i < Dimension; i++)
            OrthonormalBasis.PointUp(rows.AsSpan(i * Dimension, Dimension));
        return new() { Values = Numbers(values), Vectors = rows, Residuals = Numbers(residuals), Products = 0, Ending = LanczosEnding.Converged };
    }

    /// <summary>pᵢᵀH pᵢ of every direction, [K], by one matrix product.</summary>
    /// <exception cref="ArgumentException">The directions have another number of weights.</exception>
    public double[] CurvatureAlong(Directions directions)
    {
        ArgumentNullException.ThrowIfNull(directions);
        if (directions.Dimension != Dimension)
            throw new ArgumentException($"The Hessian is {Dimension} × {Dimension}, but the directions have {directions.Dimension} numbers.", nameof(directions));
        set_num_threads(1);
        using var scope = NewDisposeScope();
        var rows = empty(directions.Count, Dimension, ScalarType.Float64);
        var numbers = MemoryMarshal.Cast<byte, double>(rows.bytes);
        for (int i = 0; i < directions.Count; i++)
            directions[i].CopyTo(numbers[(i * Dimension)..]);
        return Numbers((rows.matmul(AsTensor()) * rows).sum([1L]));
    }

    private Tensor AsTensor()
    {
        var matrix = empty(Dimension, Dimension, ScalarType.Float64);
        _entries.CopyTo(MemoryMarshal.Cast<byte, double>(matrix.bytes));
        return matrix;
    }

    private static double[] Numbers(Tensor tensor) => MemoryMarshal.Cast<byte, double>(tensor.contiguous().bytes).ToArray();

    private static void RequireSize(int dimension)
    {
        if (dimension > LargestDimension)
            throw new ArgumentException($"A Hessian of {dimension} × {dimension} is too large to write out; up to {LargestDimension} weights are. Take Lanczos over a HessianOperator.");
    }
}
