namespace Talweg.Landscapes;

/// <summary>A symmetric matrix that is known by what it does to a vector: a Hessian, a covariance, or in a test a dense matrix.</summary>
/// <remarks>Whoever takes one (trace, eigenpairs) serves them all. Products may be asked for from one thread at a time.</remarks>
public interface ISymmetricOperator
{
    /// <summary>N: the matrix is N × N.</summary>
    int Dimension { get; }

    /// <summary>Writes A·v to <paramref name="product"/>.</summary>
    /// <param name="vector">v, [N].</param>
    /// <param name="product">A·v, [N]; overwritten. Does not overlap v.</param>
    void Apply(ReadOnlySpan<double> vector, Span<double> product);
}
