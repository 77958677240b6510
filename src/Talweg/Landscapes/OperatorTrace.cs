using Talweg.Statistics;

namespace Talweg.Landscapes;

/// <summary>The trace of a symmetric operator from its products with vectors alone.</summary>
public static class OperatorTrace
{
    /// <summary>tr A = Σᵢ eᵢ·A eᵢ, from N products with unit vectors.</summary>
    /// <param name="matrix">A.</param>
    /// <param name="work">Progress (a unit a product) and cancellation.</param>
    /// <exception cref="ArithmeticException">A product is not finite.</exception>
    public static double Exact(ISymmetricOperator matrix, WorkOptions? work = null)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        var products = new CountedProducts(matrix, "trace", matrix.Dimension, work ?? WorkOptions.Default);
        double[] unit = new double[matrix.Dimension];
        double trace = 0;
        for (int i = 0; i < unit.Length; i++)
        {
            unit[i] = 1;
            trace += products.Times(unit)[i];
            unit[i] = 0;
        }

        return trace;
    }

    /// <summary>The mean of z·A z over random vectors z of ±1 (Hutchinson, 1990), whose expectation is tr A, with Student's 95% interval over probes.</summary>
    /// <remarks>
    /// One probe's variance is 2·Σ_{i≠j} Aᵢⱼ², so the standard error is at most √(2/probes)·‖A‖_F, and 0 for a diagonal matrix. One probe has no interval.
    /// </remarks>
    /// <param name="matrix">A.</param>
    /// <param name="probes">Products, at least 1.</param>
    /// <param name="random">The probes' signs.</param>
    /// <param name="work">Progress (a unit a product) and cancellation.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no probe.</exception>
    /// <exception cref="ArithmeticException">A product is not finite.</exception>
    public static Estimate Hutchinson(ISymmetricOperator matrix, int probes, RandomStream random, WorkOptions? work = null)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        ArgumentNullException.ThrowIfNull(random);
        ArgumentOutOfRangeException.ThrowIfLessThan(probes, 1);
        var products = new CountedProducts(matrix, "trace", probes, work ?? WorkOptions.Default);
        double[] signs = new double[matrix.Dimension];
        double[] values = new double[probes];
        for (int probe = 0; probe < probes; probe++)
        {
            foreach (ref double sign in signs.AsSpan())
                sign = (random.NextBits() & 1) == 0 ? 1 : -1;
            values[probe] = OrthonormalBasis.Dot(signs, products.Times(signs));
        }

        return MeanEstimate.Of(values, "probes");
    }
}
