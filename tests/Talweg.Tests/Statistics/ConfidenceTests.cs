using Talweg.Statistics;

namespace Talweg.Tests.Statistics;

public sealed class ConfidenceTests
{
    /// <summary>Of 1, 2 … 1000 the quantile of type 8 at p is (n + 1/3) p + 1/3: Hyndman and Fan, Am. Stat. 50, 361 (1996).</summary>
    [Fact]
    public void The_central_95_percent_lie_between_quantiles_of_type_8()
    {
        double[] draws = [.. new RandomStream(1, "central").Permutation(1000).Select(i => i + 1.0)];
        var central = Confidence.Central(draws);
        Assert.Equal(1000.3333333333333 * 0.025 + 1.0 / 3, central.Low, 1e-9);
        Assert.Equal(1000.3333333333333 * 0.975 + 1.0 / 3, central.High, 1e-9);
    }

    /// <summary>Student's 97.5% quantile of 5 degrees of freedom is 2.570582, and Φ(2.570582) = 0.99492361 (by the complementary error function in Python 3).</summary>
    [Fact]
    public void Expanded_percentiles_stand_where_Student_would()
    {
        double[] draws = [.. new RandomStream(1, "expanded").Permutation(1000).Select(i => i + 1.0)];
        var expanded = Confidence.Expanded(draws, 5);
        Assert.Equal(5.41141726, expanded.Low, 1e-6);
        Assert.Equal(995.58858273, expanded.High, 1e-6);
    }

    /// <summary>Student's 97.5% quantile of 2 degrees of freedom is 4.302652729 (Biometrika Tables, Table 12).</summary>
    [Fact]
    public void Student_reaches_his_quantile_times_the_error()
    {
        var interval = Confidence.Student(10, 0.5, 2);
        Assert.Equal(10 - 4.302652729 / 2, interval.Low, 1e-8);
        Assert.Equal(10 + 4.302652729 / 2, interval.High, 1e-8);
        Assert.Equal(1.959963984540054, Confidence.NormalQuantile, 1e-12);
    }

    [Fact]
    public void A_hundred_resamples_are_enough_and_99_are_not()
    {
        Confidence.RequireResamples(100);
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => Confidence.RequireResamples(99));
        Assert.StartsWith("A 95% interval needs at least 100 resamples; 1000 is usual.", error.Message, StringComparison.Ordinal);
    }
}
