using Talweg.Statistics;
using Talweg.Studies.Findings;

namespace Talweg.Studies.Tests.Findings;

public class VerdictTests
{
    private static readonly Band ThreeToFive = Band.Between(3, 5);
    private const double Infinity = double.PositiveInfinity;

    private static Measurement Measured(double value, Interval? interval, Band? band = null, params NullValue[] nulls) =>
        new() { Name = "ψ", Value = value, Interval = interval, IntervalOver = "3 cells", Band = band ?? ThreeToFive, Nulls = nulls };

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
        Assert.Equal(expected, Of(Measured(12, new(low, high), Band.Above(10))).Verdict);

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
    public void Every_condition_must_hold_and_one_outside_fails_and_is_named()
    {
        var good = Measured(4, new(3.5, 4.5));
        var wide = Measured(4, new(2, 4.5));
        var bad = Measured(9, new(8, 10));
        Assert.Equal(Verdict.Holds, Of(good, good).Verdict);
        Assert.Equal("undecided (the interval of ψ reaches out of its band)", Of(good, wide).VerdictText);
        Assert.Equal("fails (ψ lies outside its band, 1 of 2 measurements)", Of(wide, bad).VerdictText);
        Assert.Equal("fails (ψ lies outside its band)", Of(bad).VerdictText);
        Assert.Equal("fails (γ; ψ lie outside their bands, 2 of 3 measurements)", Of(bad with { Name = "γ" }, good, bad).VerdictText);
        Assert.Equal(Verdict.Fails, Of(Measured(4, null), bad).Verdict);
    }

    /// <summary>An end that is excluded decides a tie: what touches it has a value outside, and what only touches it from outside has none inside.</summary>
    [Theory]
    [InlineData(0, 1, Verdict.Undecided)]
    [InlineData(1e-300, 1, Verdict.Holds)]
    [InlineData(-1, 0, Verdict.Fails)]
    [InlineData(-1, 1e-300, Verdict.Undecided)]
    public void A_band_that_says_beats_is_open_at_0(double low, double high, Verdict expected)
    {
        Assert.Equal(expected, Of(Measured(0, new(low, high), Band.Above(0))).Verdict);
        Assert.Equal(expected, Of(Measured(0, new(-high, -low), Band.Below(0))).Verdict);
    }

    [Theory]
    [InlineData(0, 1, Verdict.Holds)]
    [InlineData(-1, 0, Verdict.Undecided)]
    [InlineData(-2, -1, Verdict.Fails)]
    public void A_band_that_says_no_worse_is_closed(double low, double high, Verdict expected)
    {
        Assert.Equal(expected, Of(Measured(0, new(low, high), Band.AtLeast(0))).Verdict);
        Assert.Equal(expected, Of(Measured(0, new(-high, -low), Band.AtMost(0))).Verdict);
    }

    [Fact]
    public void A_band_contains_what_its_words_say()
    {
        Assert.Equal([true, true, false, true, false, true], new[] { Band.Between(2, 3), Band.AtLeast(2), Band.Above(2), Band.AtMost(2), Band.Below(2), Band.Any }.Select(band => band.Contains(2)));
        Assert.Equal([true, true, true, false, false, true], new[] { Band.Between(2, 3), Band.AtLeast(2), Band.Above(2), Band.AtMost(2), Band.Below(2), Band.Any }.Select(band => band.Contains(2.5)));
        Assert.Equal([true, true, false], new[] { -0.4, 0.4, 0.41 }.Select(Band.Within(0.4).Contains));
        Assert.True(Band.Above(2).Contains(Infinity));
        Assert.False(Band.Any.Contains(double.NaN));
        Assert.Equal(new Interval(-Infinity, 2), Band.Below(2).Ends);
        Assert.Contains("are 3 and 2. Swap them.", Assert.Throws<ArgumentException>(() => Band.Between(3, 2)).Message, StringComparison.Ordinal);
    }

    /// <summary>A few equal values do not tell how far the next would lie from them; nor do those that differ in the last bit.</summary>
    [Theory]
    [InlineData(4, 4)]
    [InlineData(9, 9)]
    [InlineData(0, 0)]
    [InlineData(4, 4.000000000000001)]
    public void An_interval_of_no_width_decides_nothing(double low, double high)
    {
        Assert.Equal("undecided (the interval of ψ has no width)", Of(Measured(low, new(low, high))).VerdictText);
        Assert.Equal("undecided (the interval of ψ has no width)", Of(Measured(low, new(low, high), Band.AtMost(0))).VerdictText);
    }

    [Fact]
    public void A_narrow_interval_decides() => Assert.Equal(Verdict.Holds, Of(Measured(4, new(4, 4.000001))).Verdict);

    [Fact]
    public void A_value_that_cannot_decide_says_why_and_does_not()
    {
        const string edge = "the best lies at the edge of what was tried";
        foreach (var interval in new Interval[] { new(3.5, 4.5), new(8, 9) })
            Assert.Equal($"undecided (ψ: {edge})", Of(Measured(4, interval) with { UndecidedBecause = edge }).VerdictText);
        Assert.Equal("fails (ψ lies outside its band, 1 of 2 measurements)", Of(Measured(4, new(3.5, 4.5)) with { UndecidedBecause = edge }, Measured(9, new(8, 10))).VerdictText);
    }

    [Fact]
    public void What_one_run_gives_is_said_to_be_within_it()
    {
        var over = Measured(4, new(3.5, 4.5));
        var within = over with { WithinOneRun = true };
        var outside = Measured(9, new(8, 10));
        Assert.Equal("holds within one run", Of(within).VerdictText);
        Assert.Equal("holds within one run", Of(over, within).VerdictText);
        Assert.Equal("holds", Of(over, over).VerdictText);
        Assert.Equal("fails within one run (ψ lies outside its band, 1 of 2 measurements)", Of(over, outside with { WithinOneRun = true }).VerdictText);
        Assert.Equal("fails (ψ lies outside its band, 1 of 2 measurements)", Of(within, outside).VerdictText);
        Assert.Equal("undecided (the interval of ψ reaches out of its band)", Of(Measured(4, new(2, 4)) with { WithinOneRun = true }).VerdictText);
        Assert.Equal("demonstration: holds within one run", (Of(within) with { Demonstration = true }).VerdictText);
    }

    [Fact]
    public void What_nulls_give_is_no_part_of_the_verdict()
    {
        foreach (var value in new NullValue[] { new("walk", 4), new("walk", double.NaN), new("walk", 9, new Interval(8, 10)) })
            Assert.Equal(new Judgement(Verdict.Holds, ""), Judgement.Of([Measured(4, new(3.5, 4.5), null, value)]));
    }

    [Fact]
    public void A_failing_claim_fails_whatever_its_null_gives() =>
        Assert.Equal(Verdict.Fails, Of(Measured(9, new(8, 10), null, new NullValue("walk", 4))).Verdict);

    [Fact]
    public void Drawn_data_only_demonstrate() =>
        Assert.Equal("demonstration: holds", (Of(Measured(4, new(3.5, 4.5))) with { Demonstration = true }).VerdictText);
}
