using MathNet.Numerics.LinearAlgebra;
using Talweg.Landscapes;
using Talweg.Statistics;
using Talweg.Tests.Networks;

namespace Talweg.Tests.Landscapes;

public sealed class OperatorTraceTests
{
    private static readonly Matrix<double> Made = DenseOperator.Matrix([.. Enumerable.Range(0, 60).Select(i => Math.Cos(i) * i)], seed: 2);

    [Fact]
    public void The_exact_trace_takes_one_product_a_dimension()
    {
        var matrix = new DenseOperator(Made);
        Close.Assert(Made.Trace(), OperatorTrace.Exact(matrix), 1e-12);
        Assert.Equal(60, matrix.Products);
    }

    /// <summary>The variance of one probe is known: 2·Σ_{i≠j} Aᵢⱼ². With 4,000 probes the mean must lie within 4 standard errors, and the interval's width within 10%.</summary>
    [Fact]
    public void Random_probes_converge_to_the_trace_as_fast_as_theory_says()
    {
        const int probes = 4000;
        double offDiagonal = Made.PointwiseMultiply(Made).RowSums().Sum() - Made.Diagonal().PointwisePower(2).Sum();
        double error = Math.Sqrt(2 * offDiagonal / probes);
        var estimate = OperatorTrace.Hutchinson(new DenseOperator(Made), probes, new RandomStream(1, "probes"));
        Close.Assert(Made.Trace(), estimate.Value, 1, 4 * error);
        Close.Assert(1.96 * 2 * error, estimate.Interval!.Value.High - estimate.Interval!.Value.Low, 0.1);
        Assert.Equal("4000 probes", estimate.Over);
    }

    [Fact]
    public void One_probe_is_exact_for_a_diagonal_matrix_and_has_no_interval()
    {
        var estimate = OperatorTrace.Hutchinson(new DenseOperator(Matrix<double>.Build.DenseOfDiagonalArray([1, -2, 4.5])), 1, new RandomStream(1, "probes"));
        Assert.Equal(3.5, estimate.Value);
        Assert.Null(estimate.Interval);
        Assert.Throws<ArgumentOutOfRangeException>(() => OperatorTrace.Hutchinson(new DenseOperator(Made), 0, new RandomStream(1, "probes")));
    }
}
