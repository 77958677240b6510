using CsCheck;
using Talweg.Landscapes;
using Talweg.Networks;
using Talweg.Tests.Networks;

namespace Talweg.Tests.Landscapes;

public sealed class FlatnessTests
{
    private const double Allowance = 1e-4;

    private static readonly Gen<double> Length = Gen.Double[-4, 1].Select(x => Math.Pow(10, x));
    private static readonly Gen<double> Loss = Gen.Double[-9, 1].Select(x => Math.Pow(10, x));
    private static readonly Gen<double> Level = Gen.OneOf(Gen.Const(Math.E), Gen.Const(2.0), Gen.Double[1.05, 50]);

    private static Flatness Of(Func<double, double> loss, double reach = 100, double level = Math.E, bool fit = true) =>
        Flatness.Measure(points => [.. points.Select(loss)], loss(0), reach, new() { Level = level, Fit = fit });

    private static bool Near(double expected, double? found, double relative = Allowance) => found is { } value && Math.Abs(value - expected) <= relative * Math.Abs(expected);

    [Fact]
    public void A_quadratic_valley_has_the_closed_form() =>
        Gen.Select(Loss, Length, Level).Sample((floor, half, level) =>
        {
            // L₀ + ½λθ² = level·L₀ at ±√(2(level − 1)L₀/λ) = ±half.
            double curvature = 2 * (level - 1) * floor / (half * half);
            var flatness = Of(x => floor + 0.5 * curvature * x * x, level: level);
            return Near(-half, flatness.Left) && Near(half, flatness.Right) && Near(2 * half, flatness.Value)
                && flatness.Level == level && flatness.LossAtOrigin == floor;
        });

    [Fact]
    public void Level_e_on_a_quadratic_valley()
    {
        var flatness = Of(x => 0.01 + 0.5 * 3 * x * x);
        Close.Assert(2 * Math.Sqrt(2 * (Math.E - 1) * 0.01 / 3), flatness.Value!.Value, Allowance);
    }

    [Fact]
    public void A_gaussian_valley_has_its_F_both_ways_at_level_e_and_the_same_fit_at_any() =>
        Gen.Select(Loss, Length, Level).Sample((floor, f, level) =>
        {
            double Valley(double x) => floor * Math.Exp(4 * x * x / (f * f));
            var flatness = Of(Valley, level: level);
            return Near(f * Math.Sqrt(Math.Log(level)), flatness.Value) && Near(f, flatness.FitFlatness, 1e-9)
                && Math.Abs(flatness.FitRSquared!.Value - 1) < 1e-12 && Near(f, Of(Valley).Value);
        });

    [Fact]
    public void A_tilted_gaussian_valley_has_unequal_sides_and_the_same_fit() =>
        Gen.Select(Loss, Length, Gen.Double[-3, 3]).Sample((floor, f, tilt) =>
        {
            var flatness = Of(x => floor * Math.Exp(tilt * x / f + 4 * x * x / (f * f)));
            double root = Math.Sqrt(tilt * tilt + 16);
            return Near(f * (-tilt - root) / 8, flatness.Left) && Near(f * (-tilt + root) / 8, flatness.Right) && Near(f, flatness.FitFlatness, 1e-9);
        });

    [Fact]
    public void Each_side_has_its_own_precision() =>
        Gen.Select(Loss, Length, Length, Gen.Double[1, 4]).Sample((floor, left, right, power) =>
        {
            // Sides that differ by up to five decades, and walls of other shapes than a parabola's.
            var flatness = Of(x => floor * Math.Exp(Math.Pow(x < 0 ? -x / left : x / right, power)), fit: false);
            return Near(-left, flatness.Left) && Near(right, flatness.Right) && flatness.FitFlatness is null && flatness.FitRSquared is null;
        });

    [Fact]
    public void Turning_the_direction_round_swaps_the_sides() =>
        Gen.Select(Length, Length, Gen.Double[1, 3]).Sample((left, right, power) =>
        {
            double Valley(double x) => Math.Exp(Math.Pow(x < 0 ? -x / left : x / right, power));
            var one = Of(Valley);
            var other = Of(x => Valley(-x));
            return Near(-one.Left!.Value, other.Right) && Near(-one.Right!.Value, other.Left) && Near(one.FitFlatness!.Value, other.FitFlatness, 1e-3);
        });

    [Fact]
    public void A_side_without_a_wall_within_reach_is_open()
    {
        var right = Of(x => x > 0 ? 1 : 1 + x * x);
        Assert.Null(right.Right);
        Assert.Null(right.Value);
        Assert.Null(right.FitFlatness);
        Assert.Null(right.FitRSquared);
        Close.Assert(-Math.Sqrt(Math.E - 1), right.Left!.Value, Allowance);
        var flat = Of(_ => 1);
        Assert.Equal((null, null), (flat.Left, flat.Right));
        Assert.Equal((SideEnding.Found, SideEnding.Open), (right.LeftEnding, right.RightEnding));
        Assert.Equal((SideEnding.Open, SideEnding.Open), (flat.LeftEnding, flat.RightEnding));
        double Wide(double x) => Math.Exp(x * x);                 // crosses at ±1
        Assert.Null(Of(Wide, reach: 0.999).Left);
        Assert.NotNull(Of(Wide, reach: 1.001).Left);
    }

    [Fact]
    public void A_loss_that_jumps_right_beside_the_origin_has_no_side_there_and_says_so()
    {
        var spike = Of(x => x == 0 ? 1 : 10);
        Assert.Equal((SideEnding.RoundLimit, SideEnding.RoundLimit), (spike.LeftEnding, spike.RightEnding));
        Assert.Equal((null, null, null, null), (spike.Left, spike.Right, spike.Value, spike.FitFlatness));
        Assert.Contains("flatness: side: found a loss that jumps over 2.718 times its value right beside the weights", Assert.Throws<InputException>(() => spike.WidthUnlessOpen).Message, StringComparison.Ordinal);
        var half = Of(x => x <= 0 ? 1 + x * x : 10);
        Assert.Equal((SideEnding.Found, SideEnding.RoundLimit), (half.LeftEnding, half.RightEnding));
        Close.Assert(-Math.Sqrt(Math.E - 1), half.Left!.Value, Allowance);
        var step = Of(x => Math.Abs(x) < 0.3 ? 1 : 10);           // a jump elsewhere has a place
        Assert.Equal((SideEnding.Found, SideEnding.Found), (step.LeftEnding, step.RightEnding));
        Close.Assert(0.3, step.Right!.Value, Allowance);
    }

    [Fact]
    public void Every_pass_is_counted()
    {
        int passes = 0;
        var found = Flatness.Measure(points =>
        {
            passes++;
            return [.. points.Select(x => 1 + x * x)];
        }, 1, 100);
        Assert.Equal(passes, found.Passes);
        Assert.InRange(passes, 3, 30);
    }

    [Fact]
    public void A_loss_that_overflows_bounds_the_valley()
    {
        var flatness = Of(x => Math.Abs(x) > 0.7 ? double.NaN : 1 + x * x);
        Close.Assert(0.7, flatness.Right!.Value, Allowance);
        Assert.Null(flatness.FitFlatness);
        Assert.Null(flatness.FitRSquared);
        Close.Assert(0.5, Of(x => x > 0.5 ? double.PositiveInfinity : 1 + x * x).Right!.Value, Allowance);
    }

    [Fact]
    public void A_bump_nearer_than_the_far_wall_is_the_side() =>
        Gen.Select(Gen.Double[0.2, 0.8], Gen.Double[0.05, 0.1], Gen.Bool).Sample((at, width, mirrored) =>
        {
            // The valley's walls stand at ±1; a bump as wide as at least two of the fit's 41 points rises above the level before.
            double Valley(double x) => Math.Exp(x * x + 3 * Math.Exp(-Math.Pow(((mirrored ? -x : x) - at) / width, 2)));
            double expected = Scan(Valley, mirrored ? -1 : 1);
            var flatness = Of(Valley);
            return Near(expected, mirrored ? flatness.Left : flatness.Right) && Math.Abs(expected) < 0.9;
        });

    /// <summary>The first crossing in steps of 1e-5, by linear interpolation of ln L.</summary>
    private static double Scan(Func<double, double> loss, int side)
    {
        const double step = 1e-5;
        double threshold = Math.Log(loss(0)) + 1, before = -1;
        for (int i = 1; ; i++)
        {
            double excess = Math.Log(loss(side * i * step)) - threshold;
            if (excess >= 0)
                return side * step * (i - excess / (excess - before));
            before = excess;
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(0.5)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Other_levels_are_refused(double level) =>
        Assert.Contains("The level must be a finite number above 1.", Assert.Throws<ArgumentOutOfRangeException>(() => new FlatnessOptions { Level = level }).Message);

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_loss_at_the_origin_that_has_no_logarithm_is_refused(double loss) =>
        Assert.Contains("must be a positive number, but it is", Assert.Throws<ArgumentException>(() => Flatness.Measure(_ => [], loss, 1)).Message);

    [Theory]
    [InlineData("fc:5-13-9-3", "2", LandscapePrecision.Single)]
    [InlineData("fc:4-6-5-9-3,tanh", "all", LandscapePrecision.Double)]
    public void A_trained_networks_valley_is_that_of_a_dense_scan(string name, string layers, LandscapePrecision precision)
    {
        var small = SmallNetworks.Get(name);
        var weights = small.Trained();
        var space = WeightSpace.Parse(small.Network, layers);
        using var landscape = Landscape.Of(weights, small.Samples, space, precision);
        double[] values = [.. Enumerable.Range(0, 2).SelectMany(seed => SmallNetwork.RandomDirection(space.Dimension, seed))];
        double[] turned = [.. values.Select(x => -x)];
        var found = Flatness.Along(landscape, Directions.Of(values, space.Dimension));
        var mirrored = Flatness.Along(landscape, Directions.Of(turned, space.Dimension));
        for (int i = 0; i < found.Count; i++)
        {
            double[] direction = values[(i * space.Dimension)..((i + 1) * space.Dimension)];
            double reach = 1.1 * Math.Max(found[i].Right!.Value, -found[i].Left!.Value);
            const int points = 20_000;
            double[] grid = [.. Enumerable.Range(-points / 2, points + 1).Select(k => k * 2 * reach / points)];
            var scan = landscape.Profile(direction, grid).Loss;
            double level = Math.E * scan[points / 2];
            int right = Enumerable.Range(points / 2, points / 2).First(k => scan[k] >= level);
            int left = Enumerable.Range(0, points / 2).Select(k => points / 2 - k).First(k => scan[k] >= level);
            Close.Assert(Crossing(right - 1, right), found[i].Right!.Value, Allowance, what: "right side");
            Close.Assert(Crossing(left + 1, left), found[i].Left!.Value, Allowance, what: "left side");
            Close.Assert(found[i].Right!.Value, -mirrored[i].Left!.Value, 2 * Allowance);
            Close.Assert(found[i].Left!.Value, -mirrored[i].Right!.Value, 2 * Allowance);
            Assert.Equal(landscape.LossAtOrigin, found[i].LossAtOrigin);

            double Crossing(int inside, int outside) => grid[inside] + (grid[outside] - grid[inside]) * (level - scan[inside]) / (scan[outside] - scan[inside]);
        }
    }
}
