using System.Numerics;
using CsCheck;
using Talweg.Statistics;

namespace Talweg.Tests.Statistics;

public sealed class ShareTests
{
    /// <summary>Where all or none have the property, a tail is a single power: pⁿ = 0.025.</summary>
    [Theory, InlineData(1), InlineData(2), InlineData(10), InlineData(1000)]
    public void All_and_none_have_ends_in_closed_form(int count)
    {
        double end = Math.Pow(0.025, 1.0 / count);
        var all = ShareEstimate.Of(count, count).Interval!.Value;
        Assert.Equal(end, all.Low, 1e-11);                                               // the quantile is found to 1e-12 in p
        Assert.Equal(1, all.High);
        var none = ShareEstimate.Of(0, count).Interval!.Value;
        Assert.Equal(0, none.Low);
        Assert.Equal(1 - end, none.High, 1e-11);
    }

    [Fact]
    public void Two_of_two_may_be_a_sixth() => Assert.Equal(0.158, ShareEstimate.Of(2, 2).Interval!.Value.Low, 5e-4);

    /// <summary>Newcombe, Stat. Med. 17, 857 (1998), Table I, the method called exact: 81/263, 15/148, 0/20, 1/29.</summary>
    [Theory, InlineData(81, 263, 0.2527, 0.3676), InlineData(15, 148, 0.0578, 0.1617), InlineData(0, 20, 0, 0.1684), InlineData(1, 29, 0.0009, 0.1776)]
    public void Ends_agree_with_published_ones(int with, int count, double low, double high)
    {
        var estimate = ShareEstimate.Of(with, count, "directions");
        Assert.Equal((double)with / count, estimate.Value);
        Assert.Equal(low, estimate.Interval!.Value.Low, 5.1e-5);                         // four digits are printed
        Assert.Equal(high, estimate.Interval!.Value.High, 5.1e-5);
        Assert.Equal($"{count} directions", estimate.Over);
    }

    /// <summary>Each end leaves a binomial tail of 2.5%, summed here term by term from whole binomial coefficients.</summary>
    [Fact]
    public void Each_end_leaves_a_binomial_tail_of_one_fortieth() =>
        Gen.Select(Gen.Int[2, 60], Gen.Int[1, 59]).Where((count, with) => with < count).Sample((count, with) =>
        {
            var interval = ShareEstimate.Of(with, count).Interval!.Value;
            double above = Enumerable.Range(with, count - with + 1).Sum(j => Chance(count, j, interval.Low));
            double below = Enumerable.Range(0, with + 1).Sum(j => Chance(count, j, interval.High));
            // a tail changes by at most n = 60 for each unit of p, which is found to 1e-12
            return Math.Abs(above - 0.025) < 1e-9 && Math.Abs(below - 0.025) < 1e-9;
        });

    [Fact]
    public void The_interval_of_those_without_is_the_mirror_image() =>
        Gen.Select(Gen.Int[1, 500], Gen.Int[0, 500]).Where((count, with) => with <= count).Sample((count, with) =>
        {
            Interval interval = ShareEstimate.Of(with, count).Interval!.Value, mirrored = ShareEstimate.Of(count - with, count).Interval!.Value;
            return Math.Abs(interval.Low - (1 - mirrored.High)) < 1e-10 && Math.Abs(interval.High - (1 - mirrored.Low)) < 1e-10
                && interval.Contains((double)with / count) && interval.Width > 0;
        });

    /// <summary>Not simulated: with chance p, the chance of all k whose interval contains p, exactly.</summary>
    [Theory, InlineData(2), InlineData(9), InlineData(40)]
    public void It_covers_at_least_95_percent_for_every_share(int count)
    {
        Interval[] intervals = [.. Enumerable.Range(0, count + 1).Select(with => ShareEstimate.Of(with, count).Interval!.Value)];
        double[] covered = [.. Enumerable.Range(1, 199).Select(i => Enumerable.Range(0, count + 1).Where(k => intervals[k].Contains(i / 200.0)).Sum(k => Chance(count, k, i / 200.0)))];
        Assert.InRange(covered.Min(), 0.95, 1);
    }

    [Fact]
    public void What_is_no_share_is_refused()
    {
        Assert.StartsWith("A share needs at least one case.", Message(() => ShareEstimate.Of(0, 0)), StringComparison.Ordinal);
        Assert.StartsWith("Of 3 seeds, from 0 to 3 can have a property.", Message(() => ShareEstimate.Of(4, 3, "seeds")), StringComparison.Ordinal);
        Assert.StartsWith("Of 3 cases, from 0 to 3 can have a property.", Message(() => ShareEstimate.Of(-1, 3)), StringComparison.Ordinal);
    }

    private static double Chance(int count, int k, double p)
    {
        BigInteger coefficient = 1;
        for (int i = 1; i <= k; i++)
            coefficient = coefficient * (count - k + i) / i;
        return (double)coefficient * Math.Pow(p, k) * Math.Pow(1 - p, count - k);
    }

    private static string Message(Action action) => Assert.Throws<ArgumentOutOfRangeException>(action).Message;
}
