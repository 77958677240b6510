using Talweg.Statistics;

namespace Talweg.Tests.Statistics;

/// <summary>The wild bootstrap of a slope, step by step from the same stream with sums written out.</summary>
public sealed class StudentisedSlopeTests
{
    private static readonly double[] X = [0, 1, 2, 3, 4, 5, 6, 8, 11, 15, 22], Y = [1, 3, 2, 5, 3, 7, 4, 8, 9, 17, 20];

    [Fact]
    public void Degrees_of_freedom_are_those_of_the_double_sum()
    {
        double mean = X.Average(), square = X.Sum(x => (x - mean) * (x - mean)), trace = 0, squares = 0;
        int n = X.Length;
        for (int i = 0; i < n; i++)
        {
            double di = X[i] - mean;
            trace += di * di * (1 - 1.0 / n - di * di / square);
            for (int j = 0; j < n; j++)
            {
                double dj = X[j] - mean;
                squares += Math.Pow(di * dj * ((i == j ? 1 : 0) - 1.0 / n - di * dj / square), 2);
            }
        }
        Assert.Equal(trace * trace / squares, new StudentisedSlope(X).DegreesOfFreedom(), 1e-10);
    }

    /// <summary>Residuals of unit normal noise at x: White's sum Σ d² e² has twice its squared mean over its variance for degrees of freedom.</summary>
    [Fact]
    public void Degrees_of_freedom_are_those_of_simulated_residuals()
    {
        double mean = X.Average(), square = X.Sum(x => (x - mean) * (x - mean));
        var random = new RandomStream(9, "degrees");
        double[] sums = [.. Enumerable.Range(0, 20_000).Select(_ =>
        {
            double[] noise = random.Normals(X.Length);
            double average = noise.Average(), slope = X.Zip(noise, (x, e) => (x - mean) * e).Sum() / square;
            return X.Zip(noise, (x, e) => Math.Pow((x - mean) * (e - average - slope * (x - mean)), 2)).Sum();
        })];
        double centre = sums.Average(), variance = sums.Average(sum => (sum - centre) * (sum - centre));
        // 20,000 sums know their variance, of heavy tails like χ² of 4, to 3%: four such errors.
        Assert.Equal(1, 2 * centre * centre / variance / new StudentisedSlope(X).DegreesOfFreedom(), 0.12);
    }

    [Fact]
    public void The_interval_is_that_of_its_steps()
    {
        const int resamples = 300;
        var (slope, interval) = new StudentisedSlope(X).Bootstrap(Y, new RandomStream(4, "signs"), resamples);

        var random = new RandomStream(4, "signs");
        int n = X.Length;
        double mean = X.Average(), square = X.Sum(x => (x - mean) * (x - mean));
        var (k, error, residuals) = Fit(Y);
        Assert.Equal(k, slope, 1e-13);
        double[] ratios = new double[resamples];
        for (int i = 0; i < resamples; i++)
        {
            double[] resample = [.. X.Select((x, j) => 7 + k * x + (random.Next(2) == 0 ? 1 : -1) * residuals[j] / (1 - 1.0 / n - (x - mean) * (x - mean) / square))];
            var (again, itsError, _) = Fit(resample);
            ratios[i] = (again - k) / itsError;
        }
        var reach = Confidence.Expanded(ratios, new StudentisedSlope(X).DegreesOfFreedom());
        Assert.Equal(k - reach.High * error, interval!.Value.Low, 1e-9);
        Assert.Equal(k - reach.Low * error, interval.Value.High, 1e-9);

        (double Slope, double Error, double[] Residuals) Fit(double[] y)
        {
            double level = y.Average(), b = X.Zip(y, (x, value) => (x - mean) * (value - level)).Sum() / square;
            double[] e = [.. X.Zip(y, (x, value) => value - level - b * (x - mean))];
            return (b, Math.Sqrt(X.Zip(e, (x, left) => Math.Pow((x - mean) * left, 2)).Sum()) / square, e);
        }
    }

    [Fact]
    public void Points_on_a_line_leave_nothing_to_draw()
    {
        var (slope, interval) = new StudentisedSlope(X).Bootstrap(Array.ConvertAll(X, x => 2 * x), new RandomStream(1, "exact"), 100);
        Assert.Equal(2, slope, 1e-14);
        Assert.Equal(2, interval!.Value.Low, 1e-12);
        Assert.Equal(2, interval.Value.High, 1e-12);
    }

    [Fact]
    public void A_slope_that_one_point_carries_has_no_interval()
    {
        double[] x = [1, 1, 1, 1, 1, 1, 1, 1, 1, 2], y = [1, 2, 1, 2, 1, 2, 1, 2, 1, 8];
        var estimate = PowerLaw.BootstrapOverPoints(x, y, new RandomStream(1, "carried"));
        Assert.Null(estimate.Interval);
        Assert.Equal("10 points", estimate.Over);
        Assert.NotNull(PowerLaw.BootstrapOverPoints([1, 1, 1, 1, 1, 1, 1, 1, 2, 2.1], y, new RandomStream(1, "carried")).Interval);
    }
}
