using Talweg.Landscapes;
using Talweg.Statistics;

namespace Talweg.Benchmarks.Curvature;

/// <summary>Eigenpairs one after the other by power iteration with deflation, as PyHessian finds them, but to a stated residual.</summary>
/// <remarks>
/// PyHessian (Yao et al., 2020): a random start of norm 1; before each product the eigenvectors found before are projected out. It stops when the
/// eigenvalue changes by less than 1e-3 of itself, which says nothing about the residual; here a pair is done at ‖Hv − λv‖ ≤ the given bound, where λ = v·Hv.
/// </remarks>
/// <param name="Values">λ of the pairs that were found.</param>
/// <param name="Products">Products in all.</param>
internal sealed record PowerIteration(IReadOnlyList<double> Values, int Products)
{
    /// <param name="matrix">H.</param>
    /// <param name="count">Pairs.</param>
    /// <param name="residual">The bound, in the unit of H.</param>
    /// <param name="cap">Products that it may take.</param>
    public static PowerIteration Run(ISymmetricOperator matrix, int count, double residual, int cap)
    {
        var random = new RandomStream(1, "power iteration");
        var found = new List<double[]>();
        var values = new List<double>();
        int products = 0;
        while (found.Count < count && products < cap)
        {
            double[] vector = [.. Enumerable.Range(0, matrix.Dimension).Select(_ => random.NextNormal())];
            for (bool done = false; !done && products < cap; products++)
            {
                foreach (double[] other in found)
                    Add(vector, other, -Dot(vector, other));
                double norm = Math.Sqrt(Dot(vector, vector));
                vector = [.. vector.Select(x => x / norm)];
                double[] product = new double[vector.Length];
                matrix.Apply(vector, product);
                double value = Dot(vector, product);
                double[] rest = [.. product];
                Add(rest, vector, -value);
                done = Math.Sqrt(Dot(rest, rest)) <= residual;
                if (done)
                {
                    found.Add(vector);
                    values.Add(value);
                }

                vector = product;
            }
        }

        return new(values, products);
    }

    private static double Dot(double[] a, double[] b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }

    private static void Add(double[] target, double[] summand, double factor)
    {
        for (int i = 0; i < target.Length; i++)
            target[i] += factor * summand[i];
    }
}
