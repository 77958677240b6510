using Talweg.Landscapes;
using Talweg.Studies.EinsteinRelation;

namespace Talweg.Studies.Tests.EinsteinRelation;

public sealed class TopEigenpairsTests
{
    /// <summary>Eigenvalues 1, and others evenly from 0.99 to 0: about 0.4 of a power of e is gained with each product.</summary>
    private sealed class Crowded(int dimension) : ISymmetricOperator
    {
        public int Dimension => dimension;

        public void Apply(ReadOnlySpan<double> vector, Span<double> product)
        {
            for (int i = 0; i < vector.Length; i++)
                product[i] = vector[i] * (i == 0 ? 1 : 0.99 * (1 - i / (double)dimension));
        }
    }

    [Fact]
    public void A_search_that_its_limit_ended_is_made_again_with_more_products()
    {
        var crowded = new Crowded(300);
        var options = new LanczosOptions { ProductLimit = 10 };
        Assert.Equal(LanczosEnding.ProductLimit, Lanczos.Top(crowded, 1, options).Ending);
        var found = TopEigenpairs.Find(crowded, 1, options, WorkOptions.Default);
        Assert.Null(TopEigenpairs.NotConverged(found));
        Assert.Equal(1, found.Values[0], 1e-8);
        Assert.InRange(found.Products, 41, 160);
    }

    [Fact]
    public void A_search_that_never_converges_says_so()
    {
        var found = TopEigenpairs.Find(new Crowded(300), 1, new() { ProductLimit = 4, Tolerance = 1e-13 }, WorkOptions.Default);
        Assert.Equal(64, found.Products);
        string expected = FormattableString.Invariant($"the Hessian's 1 top eigenpairs did not converge within 64 products; the largest residual left is {found.Residuals[0]:G3}");
        Assert.Equal(expected, TopEigenpairs.NotConverged(found));
        Assert.Equal(expected, TopEigenpairs.NoTemperature(found));
    }

    [Theory]
    [InlineData(-2, -3, "-5")]
    [InlineData(2, -2, "0")]
    [InlineData(double.NaN, 1, "NaN")]
    public void A_span_without_curvature_has_no_temperature(double first, double second, string sum)
    {
        var found = Pairs(first, second);
        Assert.Null(TopEigenpairs.NotConverged(found));
        Assert.Equal(
            $"the Hessian's 2 top eigenvalues at the solution sum to {sum}, and no temperature balances a drift where the sum is not above 0",
            TopEigenpairs.NoTemperature(found));
    }

    [Fact]
    public void A_valley_has_one() => Assert.Null(TopEigenpairs.NoTemperature(Pairs(3, -1)));

    private static Eigenpairs Pairs(params double[] values) => new()
    {
        Values = values,
        Vectors = [1, 0, 0, 1],
        Residuals = [0, 0],
        Products = 2,
        Ending = LanczosEnding.Converged,
    };
}
