using Talweg.Statistics;
using Talweg.Studies.Findings;

namespace Talweg.Studies.Tests.Findings;

public class VerdictTests
{
    private static readonly Interval Band = new(3, 5);
    private const double Infinity = double.PositiveInfinity;

    private static Measurement Measured(double value, Interval? interval, Interval? band = null, params NullValue[] nulls) =>
        new() { Name = "ψ", Value = value, Interval = interval, IntervalOver = "3 cells", Band = band ?? Band, Nulls = nulls };

    private static Finding Of(params Measurement[] measurements) => Samples.Finding("FT-8", measurements);

    [Theory]
    [InlineData(3.5, 4.5, Verdict.Holds)]
    [InlineData(3, 5, Verdict.Holds)]
    [InlineData(2, 4, Verdict.Undecided)]
    [InlineData(4, 6, Verdict.Undecided)]
    [InlineData(1, 9, Verdict.Undecided)]
    [InlineData(5, 6, Verdict.Undecided)]
    [InlineData(5.001, 6, Verdict.Fails)]
    [InlineData(0, 2.999, Verdict.Fails)]
    [InlineData(double.NaN, 4, Verdict.Undecided)]
    [InlineData(4, double.NaN, Verdict.Undecided)]
    [InlineData(4, Infinity, Verdict.Undecided)]
    [InlineData(-Infinity, Infinity, Verdict.Undecided)]
    [InlineData(6, Infinity, Verdict.Fails)]
    [InlineData(-Infinity, 1, Verdict.Fails)]
    public void The_interval_against_the_band_decides(double low, double high, Verdict expected) =>
        Assert.Equal(expected, Of(Measured(4, new(low, high))).Verdict);

    [Theory]
    [InlineData(11, Infinity, Verdict.Holds)]
    [InlineData(9, 20, Verdict.Undecided)]
    [InlineData(1, 9, Verdict.Fails)]
    public void A_band_may_be_open(double low, double high, Verdict expected) =>
        Assert.Equal(expected, Of(Measured(12, new(low, high), new Interval(10, Infinity))).Verdict);

    [Fact]
    public void Without_an_interval_nothing_is_decided()
    {
        Assert.Equal("undecided (no interval for ψ)", Of(Measured(4, null)).VerdictText);
        Assert.Equal("undecided (no interval for ψ)", Of(Measured(double.NaN, new(3.5, 4.5))).VerdictText);
        Assert.Equal("undecided (nothing was measured)", Of().VerdictText);
    }

    [Fact]
    public void An_infinite_value_with_its_interval_outside_fails() =>
        Assert.Equal(Verdict.Fails, Of(Measured(Infinity, new(Infinity, Infinity))).Verdict);

    [Fact]
    public void Every_condition_must_hold_and_one_outside_fails()
    {
        var good = Measured(4, new(3.5, 4.5));
        var wide = Measured(4, new(2, 4.5));
        var bad = Measured(9, new(8, 10));
        Assert.Equal(Verdict.Holds, Of(good, good).Verdict);
        Assert.Equal("undecided (the interval of ψ reaches out of its band)", Of(good, wide).VerdictText);
        Assert.Equal("fails (ψ lies outside its band)", Of(wide, bad).VerdictText);
        Assert.Equal(Verdict.Fails, Of(Measured(4, null), bad).Verdict);
    }

    [Fact]
    public void A_surrogate_inside_every_band_undoes_the_claim()
    {
        var exponent = Measured(4, new(3.5, 4.5), null, new NullValue("walk", 3.1), new NullValue("shuffled", 4));
        var ratio = Measured(30, new(20, 40), new Interval(10, Infinity), new NullValue("walk", 4), new NullValue("shuffled", 12));
        Assert.Equal("undecided (the null gives it too)", Of(exponent).VerdictText);
        Assert.Equal("undecided (the null gives it too)", Of(exponent, ratio).VerdictText);
        Assert.Equal(["shuffled"], Judgement.SurrogatesThatGiveItToo([exponent, ratio]));
    }

    [Fact]
    public void Of_several_settings_one_that_the_null_gives_too_undoes_the_claim()
    {
        var given = Measured(4, new(3.5, 4.5), null, new NullValue("walk", 3.1));
        var clear = Measured(4, new(3.5, 4.5), null, new NullValue("walk", 5.01));
        Assert.Equal(Verdict.Holds, Of(given, clear).Verdict);
        Assert.Equal("undecided (the null gives it too)", (Of(given, clear) with { Settings = true }).VerdictText);
        Assert.Equal(Verdict.Holds, (Of(clear, clear) with { Settings = true }).Verdict);
    }

    [Fact]
    public void A_surrogate_outside_one_band_or_undefined_leaves_the_claim()
    {
        var exponent = Measured(4, new(3.5, 4.5), null, new NullValue("walk", 3.1), new NullValue("shuffled", double.NaN));
        var ratio = Measured(30, new(20, 40), new Interval(10, Infinity), new NullValue("walk", 4));
        Assert.Equal(Verdict.Holds, Of(exponent, ratio).Verdict);
    }

    [Fact]
    public void A_failing_claim_fails_whatever_its_null_gives() =>
        Assert.Equal(Verdict.Fails, Of(Measured(9, new(8, 10), null, new NullValue("walk", 4))).Verdict);

    [Fact]
    public void Drawn_data_only_demonstrate() =>
        Assert.Equal("demonstration: holds", (Of(Measured(4, new(3.5, 4.5))) with { Demonstration = true }).VerdictText);
}
