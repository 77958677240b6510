using CsCheck;
using Talweg.Statistics;

namespace Talweg.Tests.Statistics;

public sealed class CorrelationTests
{
    private static readonly double[] X = [1, 2, 2, 3, 4, 5, 5, 5, 6, 7, 8, 9], Y = [2, 1, 3, 3, 6, 4, 7, 7, 5, 9, 9, 12];

    private static readonly Gen<(double[] X, double[] Y)> Tied =
        Gen.Select(Gen.Int[0, 6].Array[4, 30], Gen.Int[0, 6].Array[30], (x, y) => (Array.ConvertAll(x, i => (double)i), Array.ConvertAll(y[..x.Length], i => (double)i)))
            .Where(pair => pair.Item1.Distinct().Count() > 1 && pair.Item2.Distinct().Count() > 1);

    /// <summary>SciPy 1.10.1: pearsonr(x, y) and its confidence_interval(0.95), spearmanr(x, y), kendalltau(x, y).</summary>
    [Fact]
    public void Coefficients_of_tied_data_agree_with_SciPy()
    {
        var pearson = Correlation.Pearson(X, Y);
        Assert.Equal(0.9222791547914788, pearson.Coefficient, 1e-14);
        Assert.Equal(0.7401225540553754, pearson.Interval!.Value.Low, 1e-12);
        Assert.Equal(0.9783451378784593, pearson.Interval!.Value.High, 1e-12);
        Assert.Equal(0.9060340654199596, Correlation.Spearman(X, Y).Coefficient, 1e-14);
        Assert.Equal(0.8000256012288655, Correlation.Kendall(X, Y).Coefficient, 1e-14);
        Assert.Equal("12 modes", pearson.ToEstimate("modes").Over);
    }

    /// <summary>n = 12: tanh(artanh ρ ± 1.95996 √((1 + ρ²/2)/9)) and tanh(artanh τ ± 1.95996 √(0.437/8)), computed by Python 3.</summary>
    [Fact]
    public void Rank_correlations_have_the_variances_of_their_papers()
    {
        var spearman = Correlation.Spearman(X, Y).Interval!.Value;
        Assert.Equal(0.622468034847556, spearman.Low, 1e-12);
        Assert.Equal(0.9793262451292511, spearman.High, 1e-12);
        var kendall = Correlation.Kendall(X, Y).Interval!.Value;
        Assert.Equal(0.5653084821404691, kendall.Low, 1e-12);
        Assert.Equal(0.914894981733529, kendall.High, 1e-12);
    }

    [Fact]
    public void Kendall_agrees_with_counting_all_pairs() =>
        Tied.Sample((x, y) =>
        {
            double sum = 0, usedX = 0, usedY = 0;
            foreach (var (i, j) in from i in Enumerable.Range(0, x.Length) from j in Enumerable.Range(0, i) select (i, j))
            {
                sum += Math.Sign(x[i] - x[j]) * Math.Sign(y[i] - y[j]);
                usedX += Math.Abs(Math.Sign(x[i] - x[j]));
                usedY += Math.Abs(Math.Sign(y[i] - y[j]));
            }
            return Math.Abs(Correlation.Kendall(x, y).Coefficient - sum / Math.Sqrt(usedX * usedY)) < 1e-13;
        });

    [Fact]
    public void Rank_correlations_do_not_change_under_monotone_maps() =>
        Tied.Sample((x, y) =>
        {
            double[] warped = Array.ConvertAll(x, value => Math.Exp(3 * value) - 7);
            return Correlation.Spearman(x, y) == Correlation.Spearman(warped, y) && Correlation.Kendall(x, y) == Correlation.Kendall(warped, y);
        });

    [Fact]
    public void All_change_sign_with_y_and_are_symmetric() =>
        Tied.Sample((x, y) =>
        {
            double[] mirrored = Array.ConvertAll(y, value => -value);
            return All(x, y).Zip(All(x, mirrored), (a, b) => Math.Abs(a + b)).Max() < 1e-13
                && All(x, y).Zip(All(y, x), (a, b) => Math.Abs(a - b)).Max() < 1e-13;
        });

    [Fact]
    public void A_perfect_relation_is_one_with_a_point_for_interval()
    {
        double[] x = [1, 2, 3, 4, 5, 6], y = [1, 8, 27, 64, 125, 216];
        foreach (var result in new[] { Correlation.Pearson(x, x), Correlation.Spearman(x, y), Correlation.Kendall(x, y) })
        {
            Assert.Equal(1, result.Coefficient, 1e-15);
            Assert.InRange(result.Interval!.Value.Low, 0.999999, 1);
        }
    }

    [Fact]
    public void Too_few_points_for_a_variance_give_no_interval()
    {
        Assert.Null(Correlation.Pearson([1, 2, 3], [1, 3, 2]).Interval);
        Assert.Null(Correlation.Spearman([1, 2, 3], [1, 3, 2]).Interval);
        Assert.Null(Correlation.Kendall([1, 2, 3, 4], [1, 3, 2, 4]).Interval);
        Assert.NotNull(Correlation.Pearson([1, 2, 3, 4], [1, 3, 2, 4]).Interval);
        Assert.NotNull(Correlation.Spearman([1, 2, 3, 4], [1, 3, 2, 4]).Interval);
        Assert.NotNull(Correlation.Kendall([1, 2, 3, 4, 5], [1, 3, 2, 4, 5]).Interval);
    }

    /// <summary>Of a bivariate normal of correlation r, Spearman's coefficient is (6/π) asin(r/2) and Kendall's (2/π) asin r.</summary>
    [Theory, InlineData(0, 25), InlineData(0.6, 25), InlineData(-0.8, 60)]
    public void Intervals_cover_the_coefficients_of_a_bivariate_normal(double r, int count)
    {
        string name = $"correlation {r} of {count}";
        Assert.InRange(Coverage.Of(name, r, random => Draw(random, r, count, Correlation.Pearson)), Coverage.Low, Coverage.High);
        Assert.InRange(Coverage.Of(name, 6 / Math.PI * Math.Asin(r / 2), random => Draw(random, r, count, Correlation.Spearman)), Coverage.Low, Coverage.High);
        Assert.InRange(Coverage.Of(name, 2 / Math.PI * Math.Asin(r), random => Draw(random, r, count, Correlation.Kendall)), Coverage.Low, Coverage.High);
    }

    [Fact]
    public void A_constant_has_no_correlation()
    {
        var error = Assert.Throws<ArgumentException>(() => Correlation.Spearman([1, 2, 3], [4, 4, 4]));
        Assert.Equal("y has no spread: all its 3 numbers are 4. (Parameter 'y')", error.Message);
        Assert.Equal("x has no spread: all its 3 numbers are 4. (Parameter 'x')", Assert.Throws<ArgumentException>(() => Correlation.Pearson([4, 4, 4], [1, 2, 3])).Message);
    }

    [Fact]
    public void What_has_no_correlation_is_refused_by_all()
    {
        foreach (var measure in new Measure[] { Correlation.Pearson, Correlation.Spearman, Correlation.Kendall })
        {
            Assert.StartsWith("At least 3 points are needed, but there are 2.", Assert.Throws<ArgumentException>(() => measure([1, 2], [1, 2])).Message, StringComparison.Ordinal);
            Assert.StartsWith("x must be finite, but number 1", Assert.Throws<ArgumentException>(() => measure([1, double.NaN, 3], [1, 2, 3])).Message, StringComparison.Ordinal);
            Assert.StartsWith("x and y must be of the same length", Assert.Throws<ArgumentException>(() => measure([1, 2, 3], [1, 2])).Message, StringComparison.Ordinal);
            Assert.StartsWith("y has no spread", Assert.Throws<ArgumentException>(() => measure([1, 2, 3], [2, 2, 2])).Message, StringComparison.Ordinal);
        }
    }

    /// <summary>Rounding gives 1.0000000000000002 for some lines; the inverse hyperbolic tangent of that is no number.</summary>
    [Fact]
    public void A_coefficient_never_exceeds_one() =>
        Gen.Select(Gen.Int[-9, 9].Array[4, 12], Gen.Int[1, 99]).Where((x, slope) => x.Distinct().Count() > 1).Sample((integers, slope) =>
        {
            double[] x = Array.ConvertAll(integers, i => i / 7.0);
            var (low, high) = (Correlation.Pearson(x, Array.ConvertAll(x, value => -slope * value / 11 + 1)), Correlation.Pearson(x, Array.ConvertAll(x, value => slope * value / 11 + 1)));
            return low.Coefficient is >= -1 and < -0.999999 && high.Coefficient is > 0.999999 and <= 1 && low.Interval!.Value.High < -0.99 && high.Interval!.Value.Low > 0.99;
        });

    internal static Interval? Draw(RandomStream random, double r, int count, Measure measure)
    {
        double[] x = random.Normals(count), noise = random.Normals(count);
        return measure(x, [.. x.Zip(noise, (a, b) => r * a + Math.Sqrt(1 - r * r) * b)]).Interval;
    }

    internal delegate CorrelationResult Measure(ReadOnlySpan<double> x, ReadOnlySpan<double> y);

    private static double[] All(double[] x, double[] y) =>
        [Correlation.Pearson(x, y).Coefficient, Correlation.Spearman(x, y).Coefficient, Correlation.Kendall(x, y).Coefficient];
}
