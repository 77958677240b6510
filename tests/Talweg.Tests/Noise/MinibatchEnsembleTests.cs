using CsCheck;
using Talweg.Landscapes;
using Talweg.Networks;
using Talweg.Noise;
using Talweg.Statistics;
using Talweg.Tests.Landscapes;
using Talweg.Tests.Networks;

namespace Talweg.Tests.Noise;

public sealed class MinibatchEnsembleTests
{
    /// <summary>L = Loss·exp(Curvature·(θ − Minimum)²/2).</summary>
    private sealed record InverseGaussian(double Minimum, double Curvature, double Loss)
    {
        public double At(double x) => Loss * Math.Exp(Curvature * (x - Minimum) * (x - Minimum) / 2);
    }

    /// <summary>A window from −2 to 2 in steps of 0.1, whatever the profiles are.</summary>
    private static Flatness UnitSides { get; } = Sides(-1, 1);

    private static Flatness Sides(double? left, double? right) =>
        new()
        {
            Level = Math.E,
            Left = left,
            Right = right,
            LeftEnding = left is null ? SideEnding.Open : SideEnding.Found,
            RightEnding = right is null ? SideEnding.Open : SideEnding.Found,
            Passes = 0,
            LossAtOrigin = 1,
            FitFlatness = null,
            FitRSquared = null,
        };

    private static MinibatchEnsemble Of(Flatness flatness, params Func<double, double>[] losses) =>
        MinibatchEnsemble.Measure(points => MinibatchProfiles.Of([.. points], [.. losses.SelectMany(loss => points.Select(loss))]), flatness);

    [Fact]
    public void Inverse_Gaussians_are_recovered_with_the_window_from_their_mean() =>
        Gen.Select(Gen.Long[0, 10_000], Gen.Double[-3, 1], Gen.Double[-9, 1]).Sample((seed, logLength, logLoss) =>
        {
            double length = Math.Pow(10, logLength), depth = Math.Pow(10, logLoss);
            var random = new RandomStream(seed, "ensemble");
            InverseGaussian[] drawn = [.. Enumerable.Range(0, 30).Select(_ => new InverseGaussian(
                0.3 * length * random.NextNormal(), (1 + 2 * random.NextDouble()) / (length * length), depth * Math.Exp(random.NextNormal())))];
            double Mean(double x) => drawn.Average(valley => valley.At(x));
            var flatness = Flatness.Measure(points => [.. points.Select(Mean)], Mean(0), reach: 100 * length);
            var ensemble = Of(flatness, [.. drawn.Select(valley => (Func<double, double>)valley.At)]);
            Assert.Equal((30, 0), (ensemble.Minibatches, ensemble.WithoutMinimum));
            foreach (var (expected, found) in drawn.Zip(ensemble.Valleys))
            {
                Close.Assert(expected.Minimum, found!.Minimum, 1e-9, length);
                Close.Assert(expected.Curvature, found.Curvature, 1e-9);
                Close.Assert(expected.Loss, found.Loss, 1e-9);
                Close.Assert(expected.At(0), found.LossAtOrigin, 1e-14);
                Close.Assert(1, found.RSquared, 1e-9);
            }

            Close.Assert(drawn.Average(valley => valley.Minimum), ensemble.Minimum!.Mean, 1e-9, length);
            Close.Assert(Variance(valley => valley.Minimum), ensemble.Minimum.Variance, 1e-8);
            Close.Assert(drawn.Average(valley => valley.Curvature), ensemble.Curvature!.Mean, 1e-9);
            Close.Assert(Variance(valley => valley.Curvature), ensemble.Curvature.Variance, 1e-8);
            Close.Assert(drawn.Average(valley => valley.Loss), ensemble.Loss!.Mean, 1e-9);
            Close.Assert(Variance(valley => valley.Loss), ensemble.Loss.Variance, 1e-8);

            double Variance(Func<InverseGaussian, double> of) => drawn.Average(valley => Math.Pow(of(valley) - drawn.Average(of), 2));
        }, iter: 30);

    [Fact]
    public void Minibatches_without_a_minimum_are_counted_by_reason_and_enter_no_moment()
    {
        var good = new InverseGaussian(0.25, 2, 0.1);
        var better = new InverseGaussian(-0.15, 4, 0.3);
        var ensemble = Of(
            UnitSides,
            good.At,
            new InverseGaussian(0.3, 500, 0.1).At,             // 1/√250 = 0.063 wide: one point
            x => Math.Exp(-x * x / 4),                         // a hill: lowest at both ends, within e of these up to 0
            new InverseGaussian(2.1, 1, 0.1).At,               // a valley outside the window
            new InverseGaussian(-40, 0.01, 0.1).At,            // likewise, far away
            _ => 0.2,                                          // no valley at all
            better.At,
            new InverseGaussian(-2.1, 1, 0.1).At);             // outside the window on the left
        Assert.Equal((8, 6, 1, 5), (ensemble.Minibatches, ensemble.WithoutMinimum, ensemble.TooSteep, ensemble.Unbounded));
        Assert.Equal([true, false, false, false, false, false, true, false], ensemble.Valleys.Select(valley => valley is not null));
        Close.Assert(0.05, ensemble.Minimum!.Mean, 1e-12);
        Close.Assert(0.04, ensemble.Minimum.Variance, 1e-12);
        Close.Assert(3, ensemble.Curvature!.Mean, 1e-12);
        Close.Assert(1, ensemble.Curvature.Variance, 1e-12);
        Close.Assert(0.2, ensemble.Loss!.Mean, 1e-12);
        Close.Assert(0.01, ensemble.Loss.Variance, 1e-12);
        Assert.Equal(8, ensemble.LossesAtOrigin.Count);
        Close.Assert(0.2, ensemble.LossesAtOrigin[5], 1e-15);
        Close.Assert(good.At(0), ensemble.LossesAtOrigin[0], 1e-15);
    }

    /// <summary>The window is −2 to 2 in steps of 0.1, so a valley of half width √(2/M) around a point of the grid has 2⌊10√(2/M)⌋ + 1 points.</summary>
    [Theory]
    [InlineData(0.31, 0, 7, true)]
    [InlineData(0.29, 0, 5, false)]
    [InlineData(0.34, 0.05, 6, false)]
    [InlineData(0.36, 0.05, 8, true)]
    [InlineData(0.61, 2, 7, true)]                             // half of the valley, up to the window's end, where its minimum is
    [InlineData(9, 0, 41, true)]
    public void Seven_points_are_enough(double halfWidth, double minimum, int points, bool enough)
    {
        // e·min L is taken on the grid, 0.05 off the true minimum at worst: the half width there is √(halfWidth² + 0.05²).
        var valley = new InverseGaussian(minimum, 2 / (halfWidth * halfWidth), 1);
        var ensemble = Of(UnitSides, valley.At);
        Assert.Equal(enough, ensemble.TooSteep == 0);
        if (enough && ensemble.Valleys[0] is { } found)
            Assert.Equal(points, found.Points);
    }

    [Fact]
    public void Losses_without_a_logarithm_are_no_points()
    {
        var valley = new InverseGaussian(0.25, 2, 0.1);
        var ensemble = Of(
            UnitSides,
            x => Math.Abs(x) > 1 ? double.NaN : valley.At(x),
            x => Math.Abs(x) > 1 ? double.PositiveInfinity : valley.At(x),
            x => Math.Abs(x) < 0.05 ? 0 : valley.At(x),        // least loss 0: nothing lies within e times that
            _ => 0,
            _ => double.NaN,
            _ => double.PositiveInfinity);
        Assert.Equal((4, 0), (ensemble.TooSteep, ensemble.Unbounded));
        foreach (var found in ensemble.Valleys.Take(2))
        {
            Close.Assert(0.25, found!.Minimum, 1e-12);
            Close.Assert(2, found.Curvature, 1e-12);
        }

        Assert.All(ensemble.Valleys.Skip(2), Assert.Null);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Without_a_window_every_minibatch_is_without_a_minimum(bool leftOpen)
    {
        var valley = new InverseGaussian(0.25, 2, 0.1);
        var ensemble = Of(leftOpen ? Sides(null, 1) : Sides(-1, null), valley.At, valley.At);
        Assert.Equal((2, 2, 0, 2), (ensemble.Minibatches, ensemble.WithoutMinimum, ensemble.TooSteep, ensemble.Unbounded));
        Assert.Equal((null, null, null), (ensemble.Minimum, ensemble.Curvature, ensemble.Loss));
        Assert.Equal([null, null], ensemble.Valleys);
        Assert.Equal([valley.At(0), valley.At(0)], ensemble.LossesAtOrigin);
    }

    [Fact]
    public void Each_side_of_the_window_is_doubled_by_itself()
    {
        IReadOnlyList<double> asked = [];
        MinibatchEnsemble.Measure(
            points =>
            {
                asked = points;
                return MinibatchProfiles.Of([.. points], new double[points.Count]);
            },
            Sides(-0.5, 2));
        Assert.Equal(42, asked.Count);
        for (int i = 0; i < 41; i++)
            Close.Assert(-1 + i * 0.125, asked[i], 1e-15, 1);
        Assert.Equal(0, asked[41]);
    }

    [Fact]
    public void Turning_the_direction_round_turns_the_minima_round() =>
        Gen.Select(Gen.Double[-1, 1], Gen.Double[0.5, 10], Gen.Double[-1, 1]).Sample((minimum, curvature, skew) =>
        {
            double Loss(double x) => Math.Exp(curvature * Math.Pow(x - minimum, 2) / 2 + skew * Math.Sin(x));
            var one = Of(Sides(-1, 1.5), Loss).Valleys[0];
            var other = Of(Sides(-1.5, 1), x => Loss(-x)).Valleys[0];
            Assert.Equal(one is null, other is null);
            if (one is null)
                return;
            Close.Assert(-one.Minimum, other!.Minimum, 1e-9, 1);
            Close.Assert(one.Curvature, other.Curvature, 1e-9);
            Close.Assert(one.Loss, other.Loss, 1e-9);
            Assert.Equal(one.Points, other.Points);
        });

    /// <summary>A loop over minibatches, forward passes in torch, and a parabola by Cramer's rule: nothing shared but the flatness.</summary>
    [Theory]
    [InlineData("fc:5-13-9-3", "2")]
    [InlineData("fc:4-6-5-9-3,tanh", "all")]
    [InlineData("fc:17-21-4,bias", "1")]
    public void A_networks_ensemble_is_that_of_a_loop(string name, string layers)
    {
        var small = SmallNetworks.Get(name);
        var weights = small.Trained();
        var space = WeightSpace.Parse(small.Network, layers);
        using var landscape = Landscape.Of(weights, small.Samples, space, LandscapePrecision.Double);
        int found = 0;
        for (int seed = 0; seed < 3; seed++)
        {
            double[] direction = SmallNetwork.RandomDirection(space.Dimension, seed);
            var sets = MinibatchProfilesTests.Draw("shuffled", small.Samples.Count);
            var ensemble = MinibatchEnsemble.Measure(landscape, direction, sets);
            var (left, right) = (ensemble.Flatness.Left!.Value, ensemble.Flatness.Right!.Value);
            Assert.Equal(Flatness.Measure(landscape, direction), ensemble.Flatness);
            double[] grid = [.. Enumerable.Range(0, 41).Select(i => 2 * left + i * 2 * (right - left) / 40)];
            double[][] losses = [.. grid.Select(LossesAt)];
            double[] origin = LossesAt(0);
            for (int minibatch = 0; minibatch < sets.Count; minibatch++)
            {
                int[] samples = sets.SamplesOf(minibatch).ToArray();
                double[] means = [.. losses.Select(at => samples.Average(sample => at[sample]))];
                Close.Assert(samples.Average(sample => origin[sample]), ensemble.LossesAtOrigin[minibatch], 1e-10);
                int[] chosen = [.. Enumerable.Range(0, 41).Where(i => means[i] <= Math.E * means.Min())];
                var (minimum, curvature, loss) = Parabola([.. chosen.Select(i => grid[i])], [.. chosen.Select(i => Math.Log(means[i]))]);
                bool expected = chosen.Length >= 7 && curvature > 0 && minimum >= grid[0] && minimum <= grid[^1];
                Assert.Equal(expected, ensemble.Valleys[minibatch] is not null);
                if (ensemble.Valleys[minibatch] is not { } valley)
                    continue;
                found++;
                Assert.Equal(chosen.Length, valley.Points);
                // Cramer's rule loses some six of sixteen digits.
                Close.Assert(minimum, valley.Minimum, 1e-7, right - left);
                Close.Assert(curvature, valley.Curvature, 1e-7);
                Close.Assert(loss, valley.Loss, 1e-7);
            }

            double[] LossesAt(double t)
            {
                using var moved = new TorchReference(weights, small.Samples);
                moved.Move(space, direction, t);
                return moved.Losses();
            }
        }

        Assert.True(found > 3, $"only {found} minibatches have a valley: the test shows little");
    }

    [Fact]
    public void Many_threads_measure_what_one_does()
    {
        var small = SmallNetworks.Get("fc:5-13-9-3");
        var space = WeightSpace.Of(small.Network, 2);
        var directions = Directions.Of([.. Enumerable.Range(0, 6).SelectMany(seed => SmallNetwork.RandomDirection(space.Dimension, seed))], space.Dimension);
        var sets = MinibatchSets.Consecutive(small.Samples.Count, 10);
        using var landscape = Landscape.Of(small.Trained(), small.Samples, space);
        var reports = new List<WorkProgress>();
        var together = MinibatchEnsemble.Along(landscape, directions, sets, new(4, new Collector(reports)));
        for (int i = 0; i < directions.Count; i++)
        {
            var alone = MinibatchEnsemble.Measure(landscape, directions[i], sets);
            Assert.Equal(alone.Valleys, together[i].Valleys);
            Assert.Equal(alone.LossesAtOrigin, together[i].LossesAtOrigin);
            Assert.Equal(alone.Flatness, together[i].Flatness);
        }

        Assert.Equal(Enumerable.Range(0, 7).Select(done => new WorkProgress("ensembles", done, 6)), reports.OrderBy(report => report.Done));
    }

    /// <summary>y = a + b·x + c·x² by the normal equations; minimum, second derivative and value there, exponentiated.</summary>
    private static (double Minimum, double Curvature, double Loss) Parabola(double[] x, double[] y)
    {
        double Moment(int power) => x.Sum(value => Math.Pow(value, power));
        double Product(int power) => x.Zip(y, (value, other) => Math.Pow(value, power) * other).Sum();
        double[][] columns = [[Moment(0), Moment(1), Moment(2)], [Moment(1), Moment(2), Moment(3)], [Moment(2), Moment(3), Moment(4)]];
        double[] right = [Product(0), Product(1), Product(2)];
        double whole = Determinant(columns[0], columns[1], columns[2]);
        double a = Determinant(right, columns[1], columns[2]) / whole;
        double b = Determinant(columns[0], right, columns[2]) / whole;
        double c = Determinant(columns[0], columns[1], right) / whole;
        return (-b / (2 * c), 2 * c, Math.Exp(a - b * b / (4 * c)));
    }

    private static double Determinant(double[] a, double[] b, double[] c) =>
        a[0] * (b[1] * c[2] - b[2] * c[1]) - b[0] * (a[1] * c[2] - a[2] * c[1]) + c[0] * (a[1] * b[2] - a[2] * b[1]);
}
