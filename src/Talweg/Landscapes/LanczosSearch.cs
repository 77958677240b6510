using Talweg.Statistics;

namespace Talweg.Landscapes;

/// <summary>The pairs found so far, and the starts beside them until none is missing: see <see cref="Lanczos"/>.</summary>
internal sealed class LanczosSearch(CountedProducts matrix, int count, LanczosOptions options)
{
    private readonly RandomStream _random = new(options.Seed, "lanczos");
    private List<Pair> _found = [];
    private double _norm;

    /// <summary>An eigenvalue with its eigenvector v, and A v.</summary>
    private readonly record struct Pair(double Value, double[] Vector, double[] Product);

    private double Tolerance => options.Tolerance * _norm;

    /// <summary>A new eigenvalue must exceed this to count: the last of those found, to within the tolerance.</summary>
    private double Floor => _found.Count == 0 ? double.NegativeInfinity : _found[^1].Value + Tolerance;

    public Eigenpairs Run()
    {
        var ending = LanczosEnding.Converged;
        bool missing = true;
        while (missing && _found.Count < matrix.Dimension && ending == LanczosEnding.Converged)
        {
            var space = new KrylovSpace(matrix, [.. _found.Select(pair => pair.Vector)], _random);
            (var ritz, ending) = Grow(space);
            int larger = Larger(ritz);
            var pairs = Enumerable.Range(0, larger).Select(i => PairOf(space.Vector(ritz.Coefficients(i))));
            _found = [.. _found.Concat(pairs.ToList()).OrderByDescending(pair => pair.Value).Take(count)];
            missing = larger > 0 && !space.IsWhole;
        }

        return WithResiduals(ending);
    }

    private (KrylovSpace.Ritz, LanczosEnding) Grow(KrylovSpace space)
    {
        int needed = _found.Count == 0 ? count : 1;
        int check = needed;
        while (true)
        {
            if (matrix.IsExhausted)
                return (Solve(space), LanczosEnding.ProductLimit);
            space.Grow();
            if (space.Dimension < check && !space.IsWhole)
                continue;
            var ritz = Solve(space);
            if (space.IsWhole || (space.Dimension >= needed && IsEnough(ritz)))
                return (ritz, LanczosEnding.Converged);

            // The tridiagonal eigenproblem costs m³, so it is solved at growing distances: at most a sixteenth of the products is too many.
            check = space.Dimension + 1 + space.Dimension / 16;
        }
    }

    private KrylovSpace.Ritz Solve(KrylovSpace space)
    {
        var ritz = space.Solve();
        _norm = Math.Max(_norm, ritz.Largest);
        return ritz;
    }

    private bool IsEnough(KrylovSpace.Ritz ritz)
    {
        int larger = Larger(ritz);
        return larger > 0
            ? Enumerable.Range(0, larger).All(i => ritz.Residual(i) <= Tolerance)
            : ritz.Residual(0) <= Math.Sqrt(options.Tolerance) * _norm;
    }

    /// <summary>How many Ritz values belong among the largest <c>count</c> because they exceed the floor.</summary>
    private int Larger(KrylovSpace.Ritz ritz) => ritz.Values.Take(count).Count(value => value > Floor);

    /// <summary>λ = v·A v.</summary>
    private static Pair PairOf((double[] Vector, double[] Product) found) => new(OrthonormalBasis.Dot(found.Vector, found.Product), found.Vector, found.Product);

    private Eigenpairs WithResiduals(LanczosEnding ending)
    {
        double[] vectors = new double[_found.Count * matrix.Dimension];
        for (int i = 0; i < _found.Count; i++)
        {
            var (value, vector, product) = _found[i];
            OrthonormalBasis.AddScaled(product, vector, -value);
            OrthonormalBasis.PointUp(vector);
            vector.CopyTo(vectors, i * matrix.Dimension);
        }

        return new()
        {
            Values = [.. _found.Select(pair => pair.Value)],
            Vectors = vectors,
            Residuals = [.. _found.Select(pair => OrthonormalBasis.Norm(pair.Product))],
            Products = matrix.Count,
            Ending = ending,
        };
    }
}
