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
