using MathNet.Numerics.Distributions;
using Talweg.Statistics;

namespace Talweg.Tests.Statistics;

/// <summary>The bootstrap of a change point, step by step from the same stream with public fits.</summary>
public sealed class HingeBootstrapTests
{
    private const int Fitted = 4, Pilots = 100;

    [Theory, InlineData(24, 3), InlineData(50, 4), InlineData(17, 2), InlineData(8, 1), InlineData(100, 5)]
    public void Blocks_are_the_cube_root_long_but_at_most_an_eighth_of_all(int count, int length)
    {
        double[] x = [.. Enumerable.Range(1, count).Select(i => (double)i)];
        var estimate = ChangePoint.Bootstrap(x, ChangePointTests.Hinge(x, 0.4 * count, 0, new RandomStream(1, "blocks")), new RandomStream(2, "blocks"), 100);
        Assert.Equal(length, estimate.BlockLength);
        Assert.Equal($"{count} points in blocks of {length}", estimate.SlopeRatio.Over);
    }

    [Fact]
    public void A_block_may_have_from_one_point_to_an_eighth_of_all()
    {
        double[] x = [.. Enumerable.Range(1, 24).Select(i => (double)i)], y = ChangePointTests.Hinge(x, 9, 0, new RandomStream(1, "lengths"));
        Assert.Equal(1, ChangePoint.Bootstrap(x, y, new RandomStream(2, "lengths"), 100, 1).BlockLength);
        Assert.Equal(3, ChangePoint.Bootstrap(x, y, new RandomStream(2, "lengths"), 100, 3).BlockLength);
        foreach (int wrong in new[] { 0, 4 })
        {
            var error = Assert.Throws<ArgumentOutOfRangeException>(() => ChangePoint.Bootstrap(x, y, new RandomStream(2, "lengths"), 100, wrong));
            Assert.StartsWith("A block of residuals must have from 1 to 3 of the 24 points.", error.Message, StringComparison.Ordinal);
        }
        Assert.Throws<ArgumentOutOfRangeException>(() => ChangePoint.Bootstrap(x, y, new RandomStream(2, "lengths"), 99));
        Assert.Throws<ArgumentNullException>(() => ChangePoint.Bootstrap(x, y, null!));
    }

    [Fact]
    public void A_thousand_resamples_are_usual()
    {
        double[] x = [.. Enumerable.Range(1, 24).Select(i => (double)i)], y = ChangePointTests.Hinge(x, 9, 0, new RandomStream(1, "usual"));
        Assert.Equal(ChangePoint.Bootstrap(x, y, new RandomStream(2, "usual"), 1000), ChangePoint.Bootstrap(x, y, new RandomStream(2, "usual")));
    }

    [Theory, InlineData(0.0), InlineData(0.6)]
    public void The_interval_is_that_of_its_steps(double correlation)
    {
        const int count = 40, resamples = 200;
        double[] x = [.. Enumerable.Range(1, count).Select(i => (double)i)], y = ChangePointTests.Hinge(x, 16, correlation, new RandomStream(3, $"steps {correlation}"));
        var estimate = ChangePoint.Bootstrap(x, y, new RandomStream(4, "steps"), resamples);

        var random = new RandomStream(4, "steps");
        var fit = ChangePoint.Find(x, y);
        double[] residuals = Residuals(fit, y);
        ColouredResiduals noise = new(residuals, Fitted, 4), single = new(residuals, Fitted, 1);
        double first = ColouredResiduals.LagCorrelation(residuals, Fitted), sum = 0;
        for (int i = 0; i < Pilots; i++)
        {
            double[] pilot = Resample(single, first);
            sum += ColouredResiduals.LagCorrelation(Residuals(ChangePoint.Find(x, pilot), pilot), Fitted);
        }
        double freed = Math.Min(2 * first - sum / Pilots, 0.95);
        Assert.Equal(freed, estimate.Correlation, 1e-9);

        var fits = Enumerable.Range(0, resamples).Select(_ => ChangePoint.Find(x, Resample(noise, noise.LikelyCorrelation(freed, random)))).ToArray();
        double[] locations = [.. fits.Select(each => each.Location)], ratios = [.. fits.Select(each => each.RightSlope / each.LeftSlope)];
        AssertEqual(Expanded(locations), estimate.Location.Interval!.Value);
        AssertEqual(Expanded(ratios), estimate.SlopeRatio.Interval!.Value);
        Assert.Equal(fit.RightSlope / fit.LeftSlope, estimate.SlopeRatio.Value, 1e-12);

        double[] Resample(ColouredResiduals drawn, double rho) => [.. drawn.Draw(rho, random).Zip(x, (e, at) => fit.At(at) + e)];
        double[] Residuals(ChangePoint curve, double[] values) => [.. x.Zip(values, (at, value) => value - curve.At(at))];
    }

    /// <summary>Forty points in blocks of four have ten blocks and six degrees of freedom: t = 2.446912 instead of 1.96.</summary>
    private static Interval Expanded(double[] draws)
    {
        Array.Sort(draws);
        double tail = Normal.CDF(0, 1, -2.446911851);
        double At(double p)
        {
            double place = (draws.Length + 1.0 / 3) * p + 1.0 / 3;
            int below = (int)Math.Floor(place);
            return draws[below - 1] + (place - below) * (draws[Math.Min(below, draws.Length - 1)] - draws[below - 1]);
        }
        return new(At(Math.Max(tail, 1 / (draws.Length + 1.0 / 3) * 2 / 3)), At(Math.Min(1 - tail, (draws.Length - 1.0 / 3) / (draws.Length + 1.0 / 3))));
    }

    /// <summary>Fits agree to roundoff, and a quantile moves by the draws' spacing times the last digit of t.</summary>
    private static void AssertEqual(Interval expected, Interval found)
    {
        Assert.Equal(expected.Low, found.Low, 1e-6);
        Assert.Equal(expected.High, found.High, 1e-6);
    }
}
