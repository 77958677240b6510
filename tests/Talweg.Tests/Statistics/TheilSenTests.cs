using Talweg.Statistics;

namespace Talweg.Tests.Statistics;

/// <summary>Sen's interval, its ranks counted by hand.</summary>
public sealed class TheilSenTests
{
    /// <summary>
    /// y = 0 four times and then 3 four times has 12 slopes of 0 and 16 of 3/d, d = 1 … 7: 3/7, 3/6 twice, 3/5 three times, 3/4 four times, then 1 and more.
    /// V = [8·7·21 − 2·(4·3·13)]/18 = 48, so the ranks are (28 ∓ 1.96 √48)/2 = 7.2 and 20.8, rounded: 7, and 21 + 1. Without ties V = 65.3 and they are 6 and 23.
    /// </summary>
    [Theory, InlineData(1), InlineData(-1)]
    public void Ties_in_y_narrow_the_interval(int sign)
    {
        var line = TheilSenLine.Fit([1, 2, 3, 4, 5, 6, 7, 8], Array.ConvertAll([0, 0, 0, 0, 3.0, 3, 3, 3], y => sign * y));
        Assert.Equal(sign > 0 ? new Interval(0, 0.75) : new Interval(-0.75, 0), line.SlopeInterval);
        Assert.Equal(sign * 0.5, line.Slope, 1e-15);                                     // 14th and 15th of 28
    }

    /// <summary>
    /// x = 0 four times: pairs within have no slope, and 22 are left. V = [8·7·21 − 4·3·13]/18 = 56.7; ranks (22 ∓ 1.96 √56.7)/2 = 3.6 and 18.4: 4, and 18 + 1.
    /// Without the ties they would be 3 and 20, at 6.5 and 20.
    /// </summary>
    [Fact]
    public void Ties_in_x_narrow_the_interval()
    {
        var line = TheilSenLine.Fit([0, 0, 0, 0, 1, 2, 3, 4], [5, 1, 7, 3, 10, 20, 40, 60]);
        Assert.Equal(7, line.SlopeInterval.Low, 1e-14);
        Assert.Equal(50.0 / 3, line.SlopeInterval.High, 1e-13);
    }

    /// <summary>n(n − 1)(2n + 5)/18 for n = 3 and 8, less 4·3·13/18 for each group of four and 2·1·9/18 for each pair of equal values.</summary>
    [Fact]
    public void The_variance_of_concordance_is_that_of_Kendall()
    {
        Assert.Equal(66.0 / 18, TheilSenLine.KendallVariance([1, 2, 3], [4, 6, 5]), 1e-14);
        Assert.Equal(1176.0 / 18, TheilSenLine.KendallVariance([1, 2, 3, 4, 5, 6, 7, 8], [1, 2, 3, 4, 5, 6, 7, 8]), 1e-13);
        Assert.Equal(48, TheilSenLine.KendallVariance([1, 2, 3, 4, 5, 6, 7, 8], [0, 0, 0, 0, 3, 3, 3, 3]), 1e-13);
        Assert.Equal((1176.0 - 156 - 18 - 18) / 18, TheilSenLine.KendallVariance([0, 0, 0, 0, 1, 2, 3, 4], [1, 1, 3, 4, 5, 5, 7, 8]), 1e-13);
    }

    /// <summary>Slopes 1, 2 and 3: of three points Kendall's test rejects no slope, and the interval is from the least to the greatest.</summary>
    [Fact]
    public void Few_points_leave_all_slopes()
    {
        var line = TheilSenLine.Fit([0, 1, 2], [0, 1, 4]);
        Assert.Equal(new Interval(1, 3), line.SlopeInterval);
        Assert.Equal(2, line.Slope);
        Assert.Equal(0, line.Intercept);                                                 // the median of 0, −1 and 0
    }

    [Fact]
    public void Ten_thousand_points_are_the_limit()
    {
        double[] x = [.. Enumerable.Range(0, 10_001).Select(i => (double)i)];
        var error = Assert.Throws<ArgumentException>(() => TheilSenLine.Fit(x, x));
        Assert.StartsWith("Theil–Sen keeps all pairs' slopes and takes at most 10000 points, but there are 10001.", error.Message, StringComparison.Ordinal);
    }
}
