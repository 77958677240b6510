using Talweg.Statistics;
using static TorchSharp.torch;

namespace Talweg.Landscapes;

/// <summary>The span of v, A v, A² v, … for a random v orthogonal to vectors known before, in which A is tridiagonal: α on the diagonal, β beside it.</summary>
internal sealed class KrylovSpace
{
    /// <summary>A β below this multiple of ‖A‖ is roundoff: the space is invariant.</summary>
    private const double Roundoff = 1e-13;

    private readonly CountedProducts _matrix;
    private readonly RandomStream _random;
    private readonly OrthonormalBasis _basis;
    private readonly int _known;
    private readonly List<double> _diagonal = [];
    private readonly List<double> _beside = [];
    private readonly List<double[]> _products = [];
    private double _norm;

    /// <param name="matrix">A.</param>
    /// <param name="known">Vectors to stay orthogonal to; they must not span everything.</param>
    /// <param name="random">Where start vectors come from.</param>
    public KrylovSpace(CountedProducts matrix, IReadOnlyCollection<double[]> known, RandomStream random)
    {
        _matrix = matrix;
        _random = random;
        _basis = new(matrix.Dimension);
        foreach (double[] vector in known)
            _basis.Add(vector);
        _known = known.Count;
        _basis.Add(_basis.RandomBeside(random));
    }

    /// <summary>m, the number of products made.</summary>
    public int Dimension => _diagonal.Count;

    /// <summary>Whether this and the known vectors span everything: its eigenpairs are exact.</summary>
    public bool IsWhole { get; private set; }

    /// <summary>One product more.</summary>
    public void Grow()
    {
        double[] last = _basis[_known + Dimension];
        double[] next = _matrix.Times(last);
        _products.Add([.. next]);
        double alpha = OrthonormalBasis.Dot(last, next);
        _basis.Orthogonalise(next);
        double beta = OrthonormalBasis.Norm(next);
        _norm = Math.Max(_norm, Math.Max(Math.Abs(alpha), beta));
        IsWhole = _basis.IsWhole;
        bool invariant = IsWhole || beta <= Roundoff * _norm;
        _diagonal.Add(alpha);
        _beside.Add(invariant ? 0 : beta);
        if (IsWhole)
            return;
        if (!invariant)
            OrthonormalBasis.Scale(next, 1 / beta);
        _basis.Add(invariant ? _basis.RandomBeside(_random) : next);
    }

    /// <summary>Ritz values, descending, with the standard bounds |βₘ sₘᵢ| of their residuals.</summary>
    public Ritz Solve()
    {
        int m = Dimension;
        set_num_threads(1);      // more only collide on matrices this small
        using var scope = NewDisposeScope();
        double[] entries = new double[m * m];
        for (int i = 0; i < m; i++)
        {
            entries[i * m + i] = _diagonal[i];
            if (i > 0)
                entries[i * m + i - 1] = _beside[i - 1];
        }

        var (values, vectors) = linalg.eigh(tensor(entries).reshape(m, m), 'L');
        return new(values.flip(0).data<double>().ToArray(), vectors.t().flip(0).contiguous().data<double>().ToArray(), _beside[^1]);
    }

    /// <summary>The vector v of norm 1 to a Ritz vector's m coefficients, and A v as the same combination of the products that were made: no further one is needed.</summary>
    public (double[] Vector, double[] Product) Vector(ReadOnlySpan<double> coefficients)
    {
        double[] vector = new double[_matrix.Dimension], product = new double[_matrix.Dimension];
        for (int i = 0; i < coefficients.Length; i++)
        {
            OrthonormalBasis.AddScaled(vector, _basis[_known + i], coefficients[i]);
            OrthonormalBasis.AddScaled(product, _products[i], coefficients[i]);
        }

        double norm = OrthonormalBasis.Norm(vector);
        OrthonormalBasis.Scale(vector, 1 / norm);
        OrthonormalBasis.Scale(product, 1 / norm);
        return (vector, product);
    }

    /// <summary>The eigenpairs of the tridiagonal matrix.</summary>
    /// <param name="values">θᵢ, descending.</param>
    /// <param name="vectors">sᵢ as rows, [m, m].</param>
    /// <param name="beta">βₘ.</param>
    public sealed class Ritz(double[] values, double[] vectors, double beta)
    {
        public IReadOnlyList<double> Values => values;

        public double Largest => Math.Max(Math.Abs(values[0]), Math.Abs(values[^1]));

        public ReadOnlySpan<double> Coefficients(int index) => vectors.AsSpan(index * values.Length, values.Length);

        public double Residual(int index) => Math.Abs(beta * Coefficients(index)[^1]);
    }
}
