using System.Runtime.InteropServices;
using Talweg.Native;
using Talweg.Statistics;
using TorchSharp;
using static TorchSharp.torch;

namespace Talweg.Trajectories;

/// <summary>The leading eigenpairs of a window's smaller matrix by block Krylov iteration: see <see cref="PcaSketch"/>.</summary>
/// <remarks>
/// Memory: two bases of size × vectors, which a pass lengthens by a block. Residuals come from the products themselves, not from the recurrence.
/// </remarks>
internal sealed class KrylovSketch(WindowProducts matrix, int wanted, PcaOptions options)
{
    /// <summary>Directions of a new block shorter than this, relative to its longest, are roundoff of the old ones.</summary>
    private const double Dependent = 1e-12;

    private const double Roundoff = 2.2e-16;

    private readonly int _most = matrix.IsGram ? matrix.Size - 1 : matrix.Size;   // a centred Gram matrix has a null vector

    /// <summary>The pairs found: values, descending; vectors [size, count], orthonormal; residuals.</summary>
    public sealed record Pairs(double[] Values, Tensor Vectors, double[] Residuals, SketchEnding Ending, int Passes, int BasisSize);

    public Pairs Run()
    {
        using var scope = NewDisposeScope();
        var basis = Orthonormal(Start());
        var products = matrix.Apply(basis);
        for (int passes = 1; ; passes++)
        {
            var (values, coefficients) = RayleighRitz(basis, products);
            int count = values.Take(wanted).TakeWhile(value => value > Roundoff * matrix.Size * values[0]).Count();
            var leading = coefficients.narrow(1, 0, count);
            var vectors = basis.matmul(leading);
            double[] residuals = Residuals(products.matmul(leading), vectors, values[..count]);
            var next = IsConverged(values, residuals) ? null : Beside(basis, products);
            if (next is null || passes == options.MaxPasses)
            {
                // Without a new direction the space holds all that moves: an exact end.
                var ending = next is null ? SketchEnding.Converged : SketchEnding.PassLimit;
                return new(values[..count], vectors.MoveToOuterDisposeScope(), residuals, ending, passes, (int)basis.size(1));
            }

            var longer = cat([basis, next], 1);
            var longerProducts = cat([products, matrix.Apply(next)], 1);
            foreach (var old in new[] { basis, products, vectors, leading, coefficients, next })
                old.Dispose();
            (basis, products) = (longer, longerProducts);
        }
    }

    private Tensor Start()
    {
        int block = Math.Min(options.BlockSize ?? wanted / 2 + 10, _most);
        var start = empty(matrix.Size, block, ScalarType.Float64);
        var random = new RandomStream(options.Seed, "principal modes");
        foreach (ref double value in MemoryMarshal.Cast<byte, double>(start.bytes))
            value = random.NextNormal();
        // Without the null vector of a centred Gram matrix, all ones, the space can be filled by what moves.
        return matrix.IsGram ? start - start.mean([0L], keepdim: true) : start;
    }

    private static Tensor Orthonormal(Tensor columns) => linalg.qr(columns).Q;

    private static (double[] Values, Tensor Coefficients) RayleighRitz(Tensor basis, Tensor products)
    {
        using var scope = NewDisposeScope();
        var projected = basis.t().matmul(products);
        using var half = 0.5.ToScalar();
        var (ascending, vectors) = linalg.eigh(projected.add(projected.t(), HeldScalar.One).mul_(half));
        double[] values = ascending.data<double>().ToArray();
        Array.Reverse(values);
        return (values, vectors.flip(1).MoveToOuterDisposeScope());
    }

    private static double[] Residuals(Tensor products, Tensor vectors, double[] values)
    {
        if (values.Length == 0)
            return [];
        using var scope = NewDisposeScope();
        return (products - vectors * tensor(values)).norm(0, keepdim: true).data<double>().ToArray();
    }

    private bool IsConverged(double[] values, double[] residuals) =>
        (residuals.Length == wanted || residuals.Length < values.Length)
        && residuals.Zip(values).All(pair => pair.First <= Math.Max(options.Tolerance * pair.Second, Roundoff * matrix.Size * values[0]));

    /// <summary>The directions of the last block's products that the basis does not hold yet; null if there are none.</summary>
    private Tensor? Beside(Tensor basis, Tensor products)
    {
        using var scope = NewDisposeScope();
        long room = _most - basis.size(1);
        long block = Math.Min(options.BlockSize ?? wanted / 2 + 10, products.size(1));
        if (room <= 0)
            return null;
        var last = Project(basis, Project(basis, products.narrow(1, products.size(1) - block, block)));
        var (left, lengths, _) = linalg.svd(last, fullMatrices: false);
        double[] singular = lengths.data<double>().ToArray();
        double scale = matrix.Trace;
        long kept = Math.Min(room, singular.TakeWhile(length => length > Dependent * singular[0] && length > Roundoff * scale).Count());
        // Once more, since the division by a short length has magnified what little of the basis was left.
        return kept == 0 ? null : Orthonormal(Project(basis, left.narrow(1, 0, kept))).MoveToOuterDisposeScope();
    }

    private static Tensor Project(Tensor basis, Tensor columns) => columns - basis.matmul(basis.t().matmul(columns));
}
