using CsCheck;
using Talweg.Statistics;

namespace Talweg.Tests.Statistics;

public sealed class PowerLawTests
{
    private static readonly double[] X = [1, 2, 3, 5, 8, 8, 13, 21, 34, 55], Y = [3.1, 1.2, 0.7, 0.3, 0.12, 0.11, 0.9, 0.02, 0.006, 0.003];

    private static readonly Gen<(double[] X, double[] Y)> Clouds =
        Gen.Select(Gen.Double[0.1, 10].Array[5, 40], Gen.Double[0.1, 10].Array[40], (x, y) => (x, y[..x.Length]));

    /// <summary>SciPy 1.10.1: linregress(log(x), log(y)) and t.ppf(0.975, 8).</summary>
    [Fact]
    public void Least_squares_agrees_with_SciPy()
    {
        var fit = PowerLaw.LeastSquares(X, Y);
        Assert.Equal(-1.686591021103763, fit.Exponent, 1e-13);
        Assert.Equal(1.5400923910274633, fit.LogPrefactor, 1e-13);
        Assert.Equal(0.2703565182313166, fit.StandardError, 1e-13);
        Assert.Equal(0.8294882384605076, fit.RSquared, 1e-13);
        Assert.Equal(-2.310034270078404, fit.Interval.Low, 1e-9);
        Assert.Equal(-1.0631477721291218, fit.Interval.High, 1e-9);
    }

    /// <summary>SciPy 1.10.1: theilslopes(log(y), log(x), 0.95, method='joint'); two x are tied.</summary>
    [Fact]
    public void Theil_Sen_agrees_with_SciPy()
    {
        var fit = PowerLaw.TheilSen(X, Y);
        Assert.Equal(-1.784843201412227, fit.Exponent, 1e-13);
        Assert.Equal(1.51308717715059, fit.LogPrefactor, 1e-13);
        Assert.Equal(-1.9495396947138977, fit.Interval.Low, 1e-13);
        Assert.Equal(-1.4510500204913372, fit.Interval.High, 1e-13);
        Assert.Equal(fit.Interval, fit.ToEstimate("modes").Interval);
        Assert.Equal("10 modes", fit.ToEstimate("modes").Over);
        Assert.Equal((1.9495396947138977 - 1.4510500204913372) / 2 / 1.959963984540054, fit.StandardError, 1e-13);
    }

    [Fact]
    public void A_power_law_is_recovered_by_both() =>
        Gen.Select(Gen.Double[-5, 5], Gen.Double[-20, 20]).Sample((exponent, logPrefactor) =>
        {
            double[] x = [.. Enumerable.Range(1, 30).Select(i => 0.01 * i * i)];
            double[] y = Array.ConvertAll(x, value => Math.Exp(logPrefactor) * Math.Pow(value, exponent));
            return new[] { PowerLaw.LeastSquares(x, y), PowerLaw.TheilSen(x, y) }.All(fit =>
                Math.Abs(fit.Exponent - exponent) < 1e-11 && Math.Abs(fit.LogPrefactor - logPrefactor) < 1e-11 && fit.Interval.Width < 1e-10);
        });

    [Fact]
    public void Exponents_do_not_change_when_x_and_y_are_rescaled() =>
        Gen.Select(Clouds, Gen.Double[1e-6, 1e6], Gen.Double[1e-6, 1e6]).Sample((cloud, a, b) =>
        {
            var (x, y) = cloud;
            double[] scaledX = Array.ConvertAll(x, value => a * value), scaledY = Array.ConvertAll(y, value => b * value);
            // logarithms lose 1e-15 absolutely; slopes of pairs 1e-4 apart, 1e-11
            return Math.Abs(PowerLaw.LeastSquares(x, y).Exponent - PowerLaw.LeastSquares(scaledX, scaledY).Exponent) < 1e-9
                && Math.Abs(PowerLaw.TheilSen(x, y).Exponent - PowerLaw.TheilSen(scaledX, scaledY).Exponent) < 1e-9;
        });

    [Fact]
    public void Theil_Sen_ignores_a_quarter_of_outliers_that_ruin_least_squares()
    {
        double[] x = [.. Enumerable.Range(1, 40).Select(i => (double)i)], y = Array.ConvertAll(x, value => Math.Pow(value, -4));
        foreach (int i in Enumerable.Range(30, 10))
            y[i] = 1e6;
        Assert.Equal(-4, PowerLaw.TheilSen(x, y).Exponent, 1e-9);
        Assert.True(PowerLaw.LeastSquares(x, y).Exponent > 0);
    }

    [Fact]
    public void Points_without_logarithm_are_left_out_and_counted()
    {
        double[] x = [.. X, 0, -1, 2, double.NaN, 3], y = [.. Y, 1, 1, 0, 1, double.PositiveInfinity];
        Assert.Equal(PowerLaw.LeastSquares(X, Y) with { LeftOut = 5 }, PowerLaw.LeastSquares(x, y));
        Assert.Equal(PowerLaw.TheilSen(X, Y) with { LeftOut = 5 }, PowerLaw.TheilSen(x, y));
        Assert.Equal(10, PowerLaw.TheilSen(x, y).Count);
    }

    [Fact]
    public void What_cannot_be_fitted_is_refused_with_the_reason()
    {
        var random = new RandomStream(1, "refused");
        Assert.Equal("A power law needs at least 3 points with positive finite x and y, but of 4 there are 2. (Parameter 'x')", Message(() => PowerLaw.TheilSen([1, 2, 3, 4], [1, 2, 0, -1])));
        Assert.StartsWith("x and y must be of the same length, but they have 4 and 3 numbers.", Message(() => PowerLaw.LeastSquares([1, 2, 3, 4], [1, 2, 3])), StringComparison.Ordinal);
        Assert.StartsWith("ln x has no spread: all its 3 numbers are 0.", Message(() => PowerLaw.LeastSquares([1, 1, 1], [1, 2, 3])), StringComparison.Ordinal);
        Assert.StartsWith("Resampling points needs at least 10 usable ones, but there are 3.", Message(() => PowerLaw.BootstrapOverPoints([1, 2, 3], [1, 2, 3], random)), StringComparison.Ordinal);
        Assert.StartsWith("Resampling groups needs at least 3 of them, but there are 2.", Message(() => PowerLaw.BootstrapOverGroups([(X, Y), (X, Y)], random)), StringComparison.Ordinal);
    }

    [Fact]
    public void Bootstraps_need_a_hundred_resamples_and_take_a_thousand()
    {
        (double[] X, double[] Y)[] groups = Seeds(3, new RandomStream(1, "usual"));
        Assert.Equal(PowerLaw.BootstrapOverPoints(X, Y, new RandomStream(2, "usual"), 1000), PowerLaw.BootstrapOverPoints(X, Y, new RandomStream(2, "usual")));
        Assert.Equal(PowerLaw.BootstrapOverGroups(groups, new RandomStream(2, "usual"), 1000), PowerLaw.BootstrapOverGroups(groups, new RandomStream(2, "usual")));
        Assert.Throws<ArgumentOutOfRangeException>(() => PowerLaw.BootstrapOverPoints(X, Y, new RandomStream(2, "usual"), 99));
        Assert.Throws<ArgumentOutOfRangeException>(() => PowerLaw.BootstrapOverGroups(groups, new RandomStream(2, "usual"), 99));
        Assert.Throws<ArgumentNullException>(() => PowerLaw.BootstrapOverPoints(X, Y, null!));
        Assert.Throws<ArgumentNullException>(() => PowerLaw.BootstrapOverGroups(groups, null!));
    }

    /// <summary>Whole groups are drawn, here one after another from the same stream, and fitted by least squares through all their points.</summary>
    [Fact]
    public void Resampled_groups_are_fitted_like_their_points()
    {
        var groups = Seeds(5, new RandomStream(3, "groups"));
        var estimate = PowerLaw.BootstrapOverGroups(groups, new RandomStream(4, "groups"), 200);
        var random = new RandomStream(4, "groups");
        double[] exponents = [.. Enumerable.Range(0, 200).Select(_ =>
        {
            var drawn = Enumerable.Range(0, 5).Select(_ => groups[random.Next(5)]).ToArray();
            return PowerLaw.LeastSquares([.. drawn.SelectMany(group => group.X)], [.. drawn.SelectMany(group => group.Y)]).Exponent;
        }).Order()];
        // Quantiles of type 8 of 200 draws: places 200.33 · 0.025 + 1/3 = 5.341667 and 195.658333, counted from 1.
        Assert.Equal(exponents[4] + 0.341666666666667 * (exponents[5] - exponents[4]), estimate.Interval!.Value.Low, 1e-11);
        Assert.Equal(exponents[194] + 0.658333333333333 * (exponents[195] - exponents[194]), estimate.Interval.Value.High, 1e-11);
    }

    [Fact]
    public void Theil_Sen_recovers_the_exponent_of_2500_points()
    {
        var random = new RandomStream(1, "many points");
        double[] x = [.. Enumerable.Range(1, 2500).Select(i => (double)i)];
        var fit = PowerLaw.TheilSen(x, Noisy(x, -4, 0.5, random));
        Assert.True(fit.Interval.Contains(-4));
    }

    [Theory, InlineData(30), InlineData(200)]
    public void Intervals_over_points_cover_with_equal_noise(int count)
    {
        double[] x = [.. Enumerable.Range(1, count).Select(i => Math.Exp(4.0 * i / count))];
        string name = $"equal noise {count}";
        Assert.InRange(Coverage.Of(name, -3, random => PowerLaw.LeastSquares(x, Noisy(x, -3, 0.7, random)).Interval), Coverage.Low, Coverage.High);
        Assert.InRange(Coverage.Of(name, -3, random => PowerLaw.TheilSen(x, Noisy(x, -3, 0.7, random)).Interval), Coverage.Low, Coverage.High);
        Assert.InRange(Coverage.Of(name, -3, random => PowerLaw.BootstrapOverPoints(x, Noisy(x, -3, 0.7, random), random, 400).Interval), Coverage.Low, Coverage.High);
    }

    [Fact]
    public void The_bootstrap_covers_where_the_noise_grows_along_x_and_the_classical_interval_does_not()
    {
        static (double[] X, double[] Y) Draw(RandomStream random)
        {
            double[] logX = random.Normals(200), logY = Array.ConvertAll(logX, value => 2 * value + value * random.NextNormal());
            return (Array.ConvertAll(logX, Math.Exp), Array.ConvertAll(logY, Math.Exp));
        }

        double bootstrap = Coverage.Of("growing noise", 2, random => { var (x, y) = Draw(random); return PowerLaw.BootstrapOverPoints(x, y, random, 400).Interval; });
        double classical = Coverage.Of("growing noise", 2, random => { var (x, y) = Draw(random); return PowerLaw.LeastSquares(x, y).Interval; });
        Assert.InRange(bootstrap, Coverage.Low, Coverage.High);
        Assert.InRange(classical, 0, 0.85);
    }

    /// <summary>Exponents differ from seed to seed by 0.3: with three seeds, only Student's interval over cells says how much.</summary>
    [Fact]
    public void Over_three_seeds_Student_covers_and_resampled_groups_do_not()
    {
        double student = Coverage.Of("three seeds", -3, random => PowerLaw.OverCells([.. Seeds(3, random).Select(seed => PowerLaw.LeastSquares(seed.X, seed.Y))]).Interval);
        double groups = Coverage.Of("three seeds", -3, random => PowerLaw.BootstrapOverGroups(Seeds(3, random), random, 400).Interval);
        Assert.InRange(student, Coverage.Low, Coverage.High);
        Assert.InRange(groups, 0.6, 0.85);
    }

    [Fact]
    public void Over_forty_seeds_both_agree()
    {
        Assert.InRange(Coverage.Of("forty seeds", -3, random => PowerLaw.OverCells([.. Seeds(40, random).Select(seed => PowerLaw.LeastSquares(seed.X, seed.Y))]).Interval), Coverage.Low, Coverage.High);
        Assert.InRange(Coverage.Of("forty seeds", -3, random => PowerLaw.BootstrapOverGroups(Seeds(40, random), random, 400).Interval), Coverage.Low, Coverage.High);
    }

    [Fact]
    public void Groups_are_fitted_together()
    {
        var groups = Seeds(4, new RandomStream(1, "together"));
        double pooled = PowerLaw.LeastSquares([.. groups.SelectMany(group => group.X)], [.. groups.SelectMany(group => group.Y)]).Exponent;
        var estimate = PowerLaw.BootstrapOverGroups(groups, new RandomStream(2, "together"));
        Assert.Equal(pooled, estimate.Value, 1e-12);
        Assert.True(estimate.Interval!.Value.Contains(pooled));
        Assert.Equal("4 groups", estimate.Over);
    }

    internal static (double[] X, double[] Y)[] Seeds(int count, RandomStream random)
    {
        double[] x = [.. Enumerable.Range(1, 30).Select(i => (double)i)];
        return [.. Enumerable.Range(0, count).Select(_ => (x, Noisy(x, -3 + 0.3 * random.NextNormal(), 0.2, random)))];
    }

    internal static double[] Noisy(double[] x, double exponent, double noise, RandomStream random) =>
        Array.ConvertAll(x, value => Math.Pow(value, exponent) * Math.Exp(noise * random.NextNormal()));

    private static string Message(Action action) => Assert.Throws<ArgumentException>(action).Message;
}
