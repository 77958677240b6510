using CsCheck;
using Talweg.Statistics;

namespace Talweg.Tests.Statistics;

public sealed class IntervalTests
{
    private static readonly Gen<Interval> Intervals = Gen.Select(Gen.Double[-5, 5], Gen.Double[0, 5], (low, width) => new Interval(low, low + width));

    [Fact]
    public void Inside_and_outside_exclude_each_other_and_agree_with_the_points() =>
        Gen.Select(Intervals, Intervals).Sample((interval, band) =>
        {
            bool both = band.Contains(interval.Low) && band.Contains(interval.High);
            bool none = !band.Contains(interval.Low) && !band.Contains(interval.High) && !interval.Contains(band.Low);
            return interval.IsInside(band) == both && interval.IsOutside(band) == none && interval.IsOutside(band) == band.IsOutside(interval);
        });

    [Fact]
    public void An_interval_prints_as_its_numbers() => Assert.Equal("[-3.67, 2.06] [-Infinity, 1234.57]", $"{new Interval(-3.67, 2.06)} {new Interval(double.NegativeInfinity, 1234.5678)}");

    [Fact]
    public void An_interval_that_only_overlaps_the_band_is_neither_inside_nor_outside()
    {
        var band = new Interval(3, 5);
        Assert.True(new Interval(3, 5).IsInside(band));
        Assert.False(new Interval(2.9, 4).IsInside(band));
        Assert.False(new Interval(2.9, 4).IsOutside(band));
        Assert.False(new Interval(1, 3).IsOutside(band));
        Assert.True(new Interval(1, 2.9).IsOutside(band));
        Assert.Equal(2, band.Width);
    }

    [Fact]
    public void An_interval_with_a_NaN_end_decides_nothing()
    {
        var undefined = new Interval(double.NaN, 4);
        Assert.False(undefined.IsInside(new(0, 5)));
        Assert.False(undefined.IsOutside(new(0, 5)));
        Assert.False(undefined.Contains(2));
    }

    [Fact]
    public void Ends_in_the_wrong_order_are_refused()
    {
        var error = Assert.Throws<ArgumentException>(() => new Interval(2, 1));
        Assert.Equal("An interval's low end must not be above its high end, but they are 2 and 1. Swap them. (Parameter 'Low')", error.Message);
    }
}
