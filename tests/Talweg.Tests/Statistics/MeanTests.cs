using Talweg.Statistics;

namespace Talweg.Tests.Statistics;

public sealed class MeanTests
{
    /// <summary>SciPy 1.10.1: stats.t.interval(0.95, 4, np.mean(v), stats.sem(v)).</summary>
    [Fact]
    public void Student_interval_agrees_with_SciPy()
    {
        var estimate = MeanEstimate.Of([2.1, 2.9, 3.4, 2.2, 2.6], "seeds");
        Assert.Equal(2.64, estimate.Value, 1e-14);
        Assert.Equal(1.9794627610079751, estimate.Interval!.Value.Low, 1e-9);
        Assert.Equal(3.300537238992025, estimate.Interval!.Value.High, 1e-9);
        Assert.Equal("5 seeds", estimate.Over);
    }

    [Theory, InlineData(2), InlineData(3), InlineData(5)]
    public void Student_interval_covers_the_mean_of_few_cells(int cells) =>
        Assert.InRange(Coverage.Of($"mean of {cells}", 0, random => MeanEstimate.Of(random.Normals(cells)).Interval), Coverage.Low, Coverage.High);

    [Fact]
    public void One_cell_has_a_mean_without_interval() => Assert.Equal(new Estimate(3, null, "1 cells"), MeanEstimate.Of([3]));

    [Fact]
    public void Bad_values_are_refused_by_place_and_value()
    {
        Assert.StartsWith("A mean needs at least one value", Assert.Throws<ArgumentException>(() => MeanEstimate.Of([])).Message, StringComparison.Ordinal);
        var error = Assert.Throws<ArgumentException>(() => MeanEstimate.Of([1, double.NaN]));
        Assert.StartsWith("values must be finite, but number 1 (counted from 0) is NaN.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Blocks_of_one_give_the_standard_error_of_independent_values() =>
        Assert.Equal(Math.Sqrt(5.0 / 3 / 4), Blocking.StandardError([1, 2, 3, 4], 1), 1e-15);

    [Fact]
    public void Blocks_leave_out_the_first_values_that_fill_none() =>
        Assert.Equal(1, Blocking.StandardError([100, 1, 2, 3, 4], 2), 1e-15);            // block means 1.5 and 3.5

    [Fact]
    public void Blocks_of_no_value_and_values_that_are_none_are_refused()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => Blocking.StandardError([1, 2, 3], 0));
        Assert.Equal("blockLength", error.ParamName);
        Assert.StartsWith("series must be finite, but number 1", Assert.Throws<ArgumentException>(() => Blocking.StandardError([1, double.NaN, 3], 1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Too_long_blocks_are_refused()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => Blocking.StandardError([1, 2, 3], 2));
        Assert.StartsWith("A series of 3 values must hold at least 2 blocks.", error.Message, StringComparison.Ordinal);
    }

    /// <summary>An AR(1) process of coefficient a and unit noise has a mean of variance about 1/((1 − a)² n); single values make it (1 − a)/(1 + a) of that.</summary>
    [Fact]
    public void Long_blocks_give_the_error_of_the_mean_of_a_correlated_series()
    {
        const double a = 0.8;
        const int length = 100_000;
        double[] series = new double[length];
        var random = new RandomStream(5, "blocking");
        for (int i = 1; i < length; i++)
            series[i] = a * series[i - 1] + random.NextNormal();
        double truth = 1 / (1 - a) / Math.Sqrt(length);
        // 500 block means fix a standard deviation to 1/√1000 = 3.2%; blocks of 200 miss (2a/(1 − a²))/200 = 2% of the variance.
        Assert.Equal(1, Blocking.StandardError(series, 200) / truth, 0.12);
        Assert.Equal(Math.Sqrt((1 - a) / (1 + a)), Blocking.StandardError(series, 1) / truth, 0.02);
    }

    [Fact]
    public void Jackknife_of_a_mean_is_the_standard_error_of_the_mean_without_bias()
    {
        double[] values = [1, 4, 2, 8, 5, 7];
        var jackknife = BlockJackknife.Of(values, left => left.Average());
        Assert.Equal(Blocking.StandardError(values, 1), jackknife.StandardError, 1e-14);
        Assert.Equal(values.Average(), jackknife.Value);
        Assert.Equal(0, jackknife.Bias, 1e-14);
        Assert.Equal(MeanEstimate.Of(values).Interval!.Value.High, jackknife.ToEstimate().Interval!.Value.High, 1e-12);
        Assert.Equal("6 epochs", jackknife.ToEstimate("epochs").Over);
    }

    /// <summary>The jackknife removes the bias of the variance with divisor n exactly: it turns it into that with divisor n − 1.</summary>
    [Fact]
    public void Jackknife_finds_the_bias_of_the_population_variance()
    {
        double[] values = [1, 4, 2, 8, 5, 7];
        var jackknife = BlockJackknife.Of(values, left => left.Average(value => Math.Pow(value - left.Average(), 2)));
        Assert.Equal(7.5, jackknife.Value - jackknife.Bias, 1e-12);                      // Σ (x − 4.5)² = 37.5, over 5
    }

    /// <summary>Of 1 and 4, each is the mean without the other: √(1/2 · 2 · 1.5²).</summary>
    [Fact]
    public void Two_blocks_are_enough_for_a_jackknife() => Assert.Equal(1.5, BlockJackknife.Of([1.0, 4.0], left => left.Average()).StandardError, 1e-15);

    [Fact]
    public void A_statistic_that_needs_all_blocks_is_refused() =>
        Assert.StartsWith("statistic must be finite, but number 2", Assert.Throws<ArgumentException>(() => BlockJackknife.Of([0.0, 0.0, 1.0], left => 1 / left.Sum())).Message, StringComparison.Ordinal);

    [Fact]
    public void Jackknife_needs_two_blocks() =>
        Assert.StartsWith("A jackknife needs at least 2 blocks, but there are 1.", Assert.Throws<ArgumentException>(() => BlockJackknife.Of([1.0], left => left.Sum())).Message, StringComparison.Ordinal);
}
