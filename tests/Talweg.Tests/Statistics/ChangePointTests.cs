using CsCheck;
using Talweg.Statistics;

namespace Talweg.Tests.Statistics;

public sealed class ChangePointTests
{
    private static readonly double[] Epochs = [.. Enumerable.Range(1, 12).Select(i => (double)i)];

    /// <summary>NumPy and SciPy 1.10.1: minimize_scalar(bounded) of lstsq's residual over c in each gap between epochs.</summary>
    [Fact]
    public void The_best_hinge_agrees_with_a_search_by_SciPy()
    {
        var found = ChangePoint.Find(Epochs, [2.3, 1.9, 1.6, 1.1, 0.9, 0.45, 0.4, 0.2, 0.25, 0.1, 0.12, 0.02]);
        Assert.Equal(6.179413638843243, found.Location, 1e-6);
        Assert.Equal(0.39892789, found.Value, 1e-6);
        Assert.Equal(-0.36428571, found.LeftSlope, 1e-6);
        Assert.Equal(-0.06542857, found.RightSlope, 1e-6);
        Assert.Equal(102.38300034947716, found.Improvement, 1e-6);
        Assert.Equal(0.9954036679968871, found.RSquared, 1e-9);
    }

    [Fact]
    public void A_hinge_without_noise_is_recovered_between_epochs_and_on_them() =>
        Gen.Select(Gen.Double[20, 180], Gen.Double[-3, -1], Gen.Double[-0.9, 1], Gen.Bool).Sample((location, left, right, onEpoch) =>
        {
            double c = onEpoch ? Math.Round(location) : location;
            double[] x = [.. Enumerable.Range(1, 200).Select(i => (double)i)];
            var found = ChangePoint.Find(x, Array.ConvertAll(x, at => 5 + (at < c ? left : right) * (at - c)));
            return Math.Abs(found.Location - c) < 1e-6 && Math.Abs(found.LeftSlope - left) < 1e-8 && Math.Abs(found.RightSlope - right) < 1e-8
                && Math.Abs(found.At(c + 10) - (5 + 10 * right)) < 1e-6 && found.RSquared > 1 - 1e-12;
        });

    [Fact]
    public void No_other_breakpoint_fits_better() =>
        Gen.Double[-1, 1].Array[12].Sample(y =>
        {
            double best = Residual(y, ChangePoint.Find(Epochs, y).At);
            // from 3 to 10, where each side has three points; each trial is fitted by its normal equations elsewhere
            return Enumerable.Range(0, 71).All(i => best <= ResidualOfHingeAt(3 + i / 10.0, y) + 1e-9);
        }, iter: 200);

    /// <summary>Each side has three points, one at the hinge counted for both.</summary>
    [Theory, InlineData(3), InlineData(10)]
    public void The_third_point_from_either_end_may_be_the_hinge(double c)
    {
        var found = ChangePoint.Find(Epochs, Array.ConvertAll(Epochs, x => 1 + (x < c ? -2 : 0.5) * (x - c)));
        Assert.Equal(c, found.Location, 1e-9);
        Assert.Equal(-2, found.LeftSlope, 1e-9);
        Assert.Equal(0.5, found.RightSlope, 1e-9);
    }

    [Theory, InlineData(2), InlineData(11)]
    public void The_second_point_is_too_near_to_an_end(double c) =>
        Assert.InRange(ChangePoint.Find(Epochs, Array.ConvertAll(Epochs, x => Math.Abs(x - c))).Location, 3 - 1e-12, 10 + 1e-12);

    [Fact]
    public void A_straight_line_is_not_improved()
    {
        Assert.Equal(0, ChangePoint.Find(Epochs, new double[12]).Improvement);
        Assert.Equal(0, ChangePoint.Find(Epochs, new double[12]).RSquared);
    }

    [Fact]
    public void Order_and_units_of_the_points_do_not_matter()
    {
        double[] y = [2.3, 1.9, 1.6, 1.1, 0.9, 0.45, 0.4, 0.2, 0.25, 0.1, 0.12, 0.02];
        var found = ChangePoint.Find(Epochs, y);
        int[] order = new RandomStream(3, "order").Permutation(12);
        Assert.Equal(found, ChangePoint.Find(Array.ConvertAll(order, i => Epochs[i]), Array.ConvertAll(order, i => y[i])));
        var scaled = ChangePoint.Find(Array.ConvertAll(Epochs, x => 1000 * x + 5e4), Array.ConvertAll(y, value => 1e-3 * value - 8));   // sums of squares far below 1
        Assert.Equal(1000 * found.Location + 5e4, scaled.Location, 1e-4);
        Assert.Equal(found.SlopeRatio, scaled.SlopeRatio, 1e-8);
        Assert.Equal(found.Improvement, scaled.Improvement, 1e-5);
    }

    [Fact]
    public void One_straight_line_with_noise_in_twenty_reaches_an_improvement_of_3_8()
    {
        double[] x = [.. Enumerable.Range(1, 60).Select(i => (double)i)];
        var random = new RandomStream(8, "straight");
        double share = Enumerable.Range(0, 2000).Count(_ => ChangePoint.Find(x, Array.ConvertAll(x, at => at / 10 + random.NextNormal())).Improvement > 3.8) / 2000.0;
        Assert.InRange(share, 0.035, 0.065);                                             // 3 standard errors of 0.5%
    }

    [Theory, InlineData(0.0, 100), InlineData(0.5, 120)]
    public void Bootstrap_intervals_cover_with_correlated_noise(double correlation, int count)
    {
        double[] x = [.. Enumerable.Range(1, count).Select(i => (double)i)];
        double truth = 0.4 * count;
        const int sets = 500;
        int locations = 0, ratios = 0;
        double correlations = 0;
        foreach (int set in Enumerable.Range(0, sets))
        {
            var random = new RandomStream(set, $"hinge {correlation}");
            var estimate = ChangePoint.Bootstrap(x, Hinge(x, truth, correlation, random), random, 200);
            locations += estimate.Location.Interval!.Value.Contains(truth) ? 1 : 0;
            ratios += estimate.SlopeRatio.Interval!.Value.Contains(0.2) ? 1 : 0;
            correlations += estimate.Correlation / sets;
        }
        Assert.InRange(locations / (double)sets, Coverage.Low, Coverage.High);
        Assert.InRange(ratios / (double)sets, Coverage.Low - 0.01, Coverage.High);       // ratios lean to one side: 92% is claimed
        Assert.Equal(correlation, correlations, 0.03);                                   // the bias of order 1/n is taken off
    }

    /// <summary>Slopes of −0.1 before epoch 40 of 100 and −0.02 after; 300 sets, 3 standard errors of 1.3%.</summary>
    [Fact]
    public void Intervals_of_the_slopes_cover_them()
    {
        double[] x = [.. Enumerable.Range(1, 100).Select(i => (double)i)];
        const int sets = 300;
        var (left, right) = (0, 0);
        foreach (int set in Enumerable.Range(0, sets))
        {
            var random = new RandomStream(set, "slopes of a hinge");
            var estimate = ChangePoint.Bootstrap(x, Hinge(x, 40, 0, random), random, 200);
            Assert.Equal((estimate.Fit.LeftSlope, estimate.Fit.RightSlope), (estimate.LeftSlope.Value, estimate.RightSlope.Value));
            left += estimate.LeftSlope.Interval!.Value.Contains(-0.1) ? 1 : 0;
            right += estimate.RightSlope.Interval!.Value.Contains(-0.02) ? 1 : 0;
        }

        Assert.InRange(left / (double)sets, 0.91, 0.99);
        Assert.InRange(right / (double)sets, 0.91, 0.99);
    }

    /// <summary>A kink at epoch 2 or 11 of 12 lies beyond where one may, from 3 to 10, so that the best lies at the edge.</summary>
    [Theory, InlineData(2, true), InlineData(3, true), InlineData(3.5, false), InlineData(6, false), InlineData(9.5, false), InlineData(10, true), InlineData(11, true)]
    public void A_change_at_the_first_or_last_place_where_one_may_lie_is_known_as_such(double kink, bool isAtEdge) =>
        Assert.Equal(isAtEdge, ChangePoint.Find(Epochs, Array.ConvertAll(Epochs, at => at < kink ? 5 * (kink - at) : 0.1 * (kink - at))).IsAtEdge);

    [Fact]
    public void The_bootstrap_reports_the_fit_and_what_its_intervals_are_over()
    {
        double[] x = [.. Enumerable.Range(1, 50).Select(i => (double)i)], y = Hinge(x, 20, 0, new RandomStream(4, "report"));
        var estimate = ChangePoint.Bootstrap(x, y, new RandomStream(5, "report"), 200, blockLength: 5);
        Assert.Equal(ChangePoint.Find(x, y), estimate.Fit);
        Assert.Equal(estimate.Fit.Location, estimate.Location.Value);
        Assert.Equal("50 points in blocks of 5", estimate.Location.Over);
        Assert.Equal(estimate, ChangePoint.Bootstrap(x, y, new RandomStream(5, "report"), 200, blockLength: 5));
    }

    [Fact]
    public void What_has_no_change_point_is_refused_with_the_reason()
    {
        Assert.StartsWith("At least 8 points are needed, but there are 3.", Message(() => ChangePoint.Find([1, 2, 3], [1, 2, 3])), StringComparison.Ordinal);
        Assert.StartsWith("A change point needs different x, but two of them are 4.", Message(() => ChangePoint.Find([1, 2, 3, 4, 4, 5, 6, 7], [1, 2, 3, 4, 5, 6, 7, 8])), StringComparison.Ordinal);
        Assert.StartsWith("A change point needs different x, but two of them are 1.", Message(() => ChangePoint.Find([1, 1, 3, 4, 8, 5, 6, 7], [1, 2, 3, 4, 5, 6, 7, 8])), StringComparison.Ordinal);
        Assert.StartsWith("A change point needs different x, but two of them are 8.", Message(() => ChangePoint.Find([1, 8, 3, 4, 8, 5, 6, 7], [1, 2, 3, 4, 5, 6, 7, 8])), StringComparison.Ordinal);
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => ChangePoint.Bootstrap(Epochs, Epochs, new RandomStream(1, "refused"), blockLength: 2));
        Assert.StartsWith("A block of residuals must have from 1 to 1 of the 12 points.", error.Message, StringComparison.Ordinal);
    }

    /// <summary>Slopes −0.1 and −0.02, and stationary AR(1) noise of standard deviation 0.2.</summary>
    internal static double[] Hinge(double[] x, double location, double correlation, RandomStream random)
    {
        double state = 0.2 * random.NextNormal();
        return Array.ConvertAll(x, at =>
        {
            state = correlation * state + 0.2 * Math.Sqrt(1 - correlation * correlation) * random.NextNormal();
            return (at < location ? -0.1 : -0.02) * (at - location) + state;
        });
    }

    private static double ResidualOfHingeAt(double c, double[] y)
    {
        var design = MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.Dense(12, 3, (i, j) => j == 0 ? 1 : j == 1 ? Math.Min(Epochs[i] - c, 0) : Math.Max(Epochs[i] - c, 0));
        var fit = design.Svd().Solve(MathNet.Numerics.LinearAlgebra.Vector<double>.Build.Dense(y));
        return Residual(y, x => fit[0] + fit[1] * Math.Min(x - c, 0) + fit[2] * Math.Max(x - c, 0));
    }

    private static double Residual(double[] y, Func<double, double> curve) => Epochs.Zip(y, (x, value) => Math.Pow(value - curve(x), 2)).Sum();

    private static string Message(Action action) => Assert.Throws<ArgumentException>(action).Message;
}
