namespace Talweg.Landscapes;

/// <summary>The largest or the smallest eigenvalues of a symmetric operator from its products with vectors alone (Lanczos, 1950).</summary>
/// <remarks>
/// <para>
/// From a random start v, the vectors v, A v, A² v, … span a space of growing dimension m in which A is a tridiagonal matrix; that matrix's eigenvalues
/// approach A's from the ends of the spectrum inward. Every new vector is orthogonalised against all before it, twice, so no eigenvalue comes back as a
/// ghost of itself. Where the space turns out to be invariant (its last β is roundoff), it is continued by a random vector orthogonal to it.
/// </para>
/// <para>
/// A space grown from one vector holds one eigenvector of a degenerate eigenvalue only. So when all pairs have converged (by |βₘ sₘᵢ|, the standard
/// bound of the residual), the search starts again from a random vector orthogonal to them, and ends when the largest eigenvalue beside them, found to the
/// square root of the tolerance, is no larger than the last of them; otherwise the larger ones take their places and it starts once more.
/// </para>
/// <para>
/// So what may still be missed is a member of a cluster that is narrower than that. Of 4,000 searches among eigenvalues repeated up to six times and clusters of widths
/// from 1e-2 to 1e-8 of ‖A‖, 16 missed one, which lay beyond the last pair by 1.2e-5 ‖A‖ at most; residuals were up to 1.4 times the tolerance.
/// </para>
/// <para>Memory: 16·N bytes for each product of the longest start and each pair, the vector and its product, so that residuals cost no product more. Sets one torch thread for the thread that calls it.</para>
/// </remarks>
public static class Lanczos
{
    /// <summary>The <paramref name="count"/> smallest eigenvalues of <paramref name="matrix"/> (most negative, not smallest in magnitude), ascending: the largest of −A.</summary>
    /// <remarks>
    /// The tolerance is a multiple of ‖A‖, as at the top: where A is positive semi-definite with many eigenvalues below that, any vectors of their span will do.
    /// </remarks>
    /// <inheritdoc cref="Top"/>
    public static Eigenpairs Bottom(ISymmetricOperator matrix, int count, LanczosOptions? options = null, WorkOptions? work = null)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        var top = Top(new Negative(matrix), count, options, work);
        return top with { Values = [.. top.Values.Select(value => -value)] };
    }

    /// <summary>The <paramref name="count"/> largest eigenvalues of <paramref name="matrix"/> (most positive, not largest in magnitude), with eigenvectors.</summary>
    /// <param name="matrix">A, known by its products.</param>
    /// <param name="count">Pairs, 1 … N.</param>
    /// <param name="options">Tolerance, product limit, seed.</param>
    /// <param name="work">Progress (a unit a product) and cancellation; threads are the operator's own affair.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer than <paramref name="count"/> eigenvalues, or the product limit is below it.</exception>
    /// <exception cref="ArithmeticException">A product is not finite.</exception>
    public static Eigenpairs Top(ISymmetricOperator matrix, int count, LanczosOptions? options = null, WorkOptions? work = null)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        if (count > matrix.Dimension)
            throw new ArgumentOutOfRangeException(nameof(count), $"A matrix of {matrix.Dimension} × {matrix.Dimension} has {matrix.Dimension} eigenvalues, but {count} were asked for.");
        options ??= LanczosOptions.Default;
        int limit = options.ProductLimit ?? 20 * count + 200;
        if (limit < count)
            throw new ArgumentOutOfRangeException(nameof(options), $"{count} eigenpairs take at least {count} products, but the product limit is {limit}.");
        return new LanczosSearch(new(matrix, "eigenpairs", limit, work ?? WorkOptions.Default), count, options).Run();
    }

    /// <summary>−A.</summary>
    private sealed class Negative(ISymmetricOperator matrix) : ISymmetricOperator
    {
        public int Dimension => matrix.Dimension;

        public void Apply(ReadOnlySpan<double> vector, Span<double> product)
        {
            matrix.Apply(vector, product);
            OrthonormalBasis.Scale(product, -1);
        }
    }
}
