using CsCheck;
using Talweg.Statistics;
using Talweg.Studies.SgdNoise;

namespace Talweg.Studies.Tests.SgdNoise;

public sealed class LawsTests
{
    [Fact]
    public void An_exact_power_law_has_its_exponent_and_what_is_not_positive_is_left_out() =>
        Gen.Select(Gen.Double[-5, 5], Gen.Double[0.1, 10]).Sample((exponent, prefactor) =>
        {
            (double? X, double? Y)[] points = [
                .. Enumerable.Range(1, 20).Select(i => ((double?)i, (double?)(prefactor * Math.Pow(i, exponent)))),
                (null, 1), (3, null), (-1, 2), (2, 0), (double.PositiveInfinity, 1), (1, double.NaN),
            ];
            var estimate = Laws.Exponent(points);
            Assert.Equal(exponent, estimate.Value, 1e-9);
            Assert.Equal("20 modes", estimate.Over);
            Assert.Equal(exponent, Laws.Fit(points)!.Exponent, 1e-9);
        });

    [Fact]
    public void Nine_points_are_too_few()
    {
        (double? X, double? Y)[] points = [.. Enumerable.Range(1, 9).Select(i => ((double?)i, (double?)i))];
        Assert.Equal(double.NaN, Laws.Exponent(points).Value);
        Assert.Null(Laws.Exponent(points).Interval);
        Assert.Null(Laws.Fit(points));
        Assert.Equal(double.NaN, Laws.Rank(points, "modes").Value);
        Assert.Equal(double.NaN, Laws.Median(points.Select(point => point.X), "modes").Value);
    }

    [Fact]
    public void Ranks_count_and_their_distances_do_not()
    {
        (double? X, double? Y)[] falling = [.. Enumerable.Range(1, 30).Select(i => ((double?)Math.Exp(i), (double?)(-i * i)))];
        Assert.Equal(-1, Laws.Rank(falling, "times").Value, 1e-12);
    }

    [Fact]
    public void The_interval_of_a_median_holds_it_in_95_of_100_samples()
    {
        int held = 0;
        const int Samples = 4000;
        for (int seed = 0; seed < Samples; seed++)
        {
            var random = new RandomStream(seed, "median");
            var estimate = Laws.Median(Enumerable.Range(0, 25).Select(_ => (double?)Math.Exp(random.NextNormal())), "modes");
            held += estimate.Interval!.Value.Contains(1) ? 1 : 0;
        }

        // Between order statistics 8 and 18 of 25 the median lies with probability 0.957 (binomial); four standard errors are 0.013.
        Assert.InRange(held / (double)Samples, 0.957 - 0.013, 0.957 + 0.013);
    }

    /// <summary>
    /// Of n fair coins Σ_{j≤k} C(n, j)/2ⁿ is the chance of k heads or fewer: for n = 199 it is 2.34% at k = 85 and 3.25% at 86, for n = 10 1.07% at 1 and 5.47% at 2
    /// (whole binomial coefficients, Python 3). So the interval leaves out 85 of 199 at either end, and 1 of 10.
    /// </summary>
    [Theory, InlineData(199, 85), InlineData(10, 1), InlineData(25, 7), InlineData(50, 17)]
    public void The_interval_of_a_median_leaves_out_as_many_as_a_binomial_tail_of_one_fortieth(int count, int left)
    {
        double?[] values = [.. new RandomStream(1, "order").Permutation(count).Select(i => (double?)(i + 1)), null, double.NaN, double.PositiveInfinity];
        Assert.Equal(new Estimate((count + 1) / 2.0, new(left + 1, count - left), $"{count} modes"), Laws.Median(values, "modes"));
        var tail = Enumerable.Range(0, left + 2).Select(k => Enumerable.Range(1, k).Aggregate(1.0, (product, j) => product * (count - k + j) / j) / Math.Pow(2, count)).ToArray();
        Assert.InRange(tail[..(left + 1)].Sum(), 0, 0.025);
        Assert.True(tail.Sum() > 0.025);
    }

    /// <summary>Half widths 3, 4 and 12 make 13.</summary>
    [Fact]
    public void The_excess_of_three_exponents_is_as_uncertain_as_their_sum()
    {
        Estimate strength = new(7, new(3, 9), "180 modes"), time = new(2, new(-2, 6), "170 modes"), spectrum = new(4, new(-10, 14), "160 modes");
        Assert.Equal(new Estimate(5, new(-8, 18), "180 modes"), VelocityFindings.Excess(strength, time, spectrum));
        foreach (var (a, b, c) in new[] { (strength with { Interval = null }, time, spectrum), (strength, time with { Interval = null }, spectrum), (strength, time, spectrum with { Interval = null }) })
            Assert.Equal(new Estimate(5, null, ""), VelocityFindings.Excess(a, b, c));
    }

    [Fact]
    public void Within_groups_only_what_changes_in_a_group_counts()
    {
        // Between the groups y falls as x^−4, within each it rises as x^1.5.
        var points = Enumerable.Range(1, 10).SelectMany(group => new[] { 0.9, 1.0, 1.3 }.Select(shift =>
            (Group: group, X: (double?)(group * shift), Y: (double?)(Math.Pow(group, -4) * Math.Pow(shift, 1.5)))));
        Assert.Equal(1.5, Laws.Within(points.GroupBy(point => point.Group, point => (point.X, point.Y))), 1e-9);
        Assert.Equal(double.NaN, Laws.Within(points.Where(point => point.Group < 4).GroupBy(point => point.Group, point => (point.X, point.Y))));
    }
}
