using Talweg.Data;
using Talweg.Landscapes;
using Talweg.Networks;
using Talweg.Tests.Networks;

namespace Talweg.Tests.Landscapes;

/// <summary>How far the search for the sides goes, and by what steps: 10‖w₀‖ from the weights, by factors of 1.25, exactly to the end.</summary>
public sealed class FlatnessReachTests
{
    /// <summary>
    /// Two weights s + c and −s + c on one sample of input 1: L = ln(1 + exp(−m)) with the margin m = 2s + √2 θ along (1, −1)/√2. It is e·L₀ at one place on the left, and nowhere on the right. What both
    /// weights share, c, leaves the loss and makes ‖w₀‖ what one likes.
    /// </summary>
    [Theory]
    [InlineData(0.9995, SideEnding.Open)]
    [InlineData(1.0005, SideEnding.Found)]
    public void The_reach_is_ten_norms_of_the_weights(double reachOverSide, SideEnding ending)
    {
        const double s = 0.05;
        double loss = Math.Log(1 + Math.Exp(-2 * s));
        double side = (2 * s + Math.Log(Math.Exp(Math.E * loss) - 1)) / Math.Sqrt(2);
        double norm = reachOverSide * side / 10, c = Math.Sqrt(norm * norm / 2 - s * s);
        var weights = DenseWeights.Of(FullyConnected.Of(1, 2), [[(float)(c + s), (float)(c - s)]]);
        double[] direction = [Math.Sqrt(0.5), -Math.Sqrt(0.5)];
        using var landscape = Landscape.Of(weights, new LabelledSamples([1], [0], 1, 2), WeightSpace.All(weights.Network), LandscapePrecision.Double);
        foreach (var found in (Flatness[])[Flatness.Measure(landscape, direction), Flatness.Along(landscape, Directions.Of(direction, 2))[0]])
        {
            Assert.Equal((ending, SideEnding.Open), (found.LeftEnding, found.RightEnding));
            Assert.Equal((Math.E, ending == SideEnding.Found), (found.Level, found.Left is not null));
            if (found.Left is { } left)
                Close.Assert(-side, left, 1e-4);
        }
    }

    [Fact]
    public void An_open_side_was_followed_by_factors_of_one_and_a_quarter_to_the_very_reach()
    {
        const double reach = 7;
        var points = new List<double>();
        var found = Flatness.Measure(displacements =>
        {
            points.AddRange(displacements);
            return [.. displacements.Select(_ => 1.0)];
        }, 1, reach);
        Assert.Equal((SideEnding.Open, SideEnding.Open), (found.LeftEnding, found.RightEnding));
        // A flat loss gives no guess: the walk begins at a hundredth of the reach, a little inside.
        double[] walked = [.. Enumerable.Range(0, 100).Select(k => reach / 100 / Math.Sqrt(1.25) * Math.Pow(1.25, k)).TakeWhile(x => x < reach)];
        double[] expected = [.. ((double[])[reach / 1000, 4 * reach / 1000, .. walked, reach]).Order()];
        Assert.Equal(expected, points.Where(x => x > 0).Distinct().Order(), (a, b) => Math.Abs(a - b) < 1e-9);
        Assert.Equal(expected, points.Where(x => x < 0).Select(x => -x).Distinct().Order(), (a, b) => Math.Abs(a - b) < 1e-9);
    }

    /// <summary>Where the loss overflows right beside the weights there is no parabola to guess from: the walk begins at a hundredth of the reach, and goes inward by two steps of 1.25 a round.</summary>
    [Fact]
    public void Without_a_guess_the_walk_begins_at_a_hundredth_of_the_reach()
    {
        const double reach = 10;
        var asked = new List<double[]>();
        var found = Flatness.Measure(points =>
        {
            asked.Add(points);
            return [.. points.Select(_ => double.PositiveInfinity)];
        }, 1, reach);
        Assert.Equal(SideEnding.RoundLimit, found.RightEnding);
        double[][] expected = [[-0.04, -0.01, 0.01, 0.04], [-0.1, -0.125, 0.1, 0.125], [-0.064, -0.08, 0.064, 0.08]];
        // After the first guess 38 rounds go in to a billionth of the reach, (1.25²)³⁷ = 1.5e7 from 0.1 on, and 60 more try to close a bracket that begins at 0.
        Assert.Equal((60, 1 + 38 + 60), (ValleySearch.MostRounds, asked.Count));
        for (int round = 0; round < expected.Length; round++)
            Assert.Equal(expected[round], asked[round], (a, b) => Math.Abs(a - b) < 1e-12);
    }

    /// <summary>ln L = x² is 1 at 1, so that the level is reached at the reach itself.</summary>
    [Fact]
    public void A_wall_at_the_very_reach_is_found_and_one_beyond_is_not()
    {
        Flatness Of(double reach) => Flatness.Measure(points => [.. points.Select(x => Math.Exp(x * x))], 1, reach);
        Assert.Equal((SideEnding.Found, SideEnding.Found), (Of(1).LeftEnding, Of(1).RightEnding));
        Close.Assert(2, Of(1).Value!.Value, 1e-4);
        Assert.Equal((SideEnding.Open, SideEnding.Open), (Of(1 - 1e-6).LeftEnding, Of(1 - 1e-6).RightEnding));
    }

    /// <summary>The fit's 41 points are the last that a valley without a bump is asked for: whose sides are where the walk found them is not looked for again.</summary>
    [Fact]
    public void A_valley_without_a_bump_takes_no_pass_after_its_fit()
    {
        for (int shape = 0; shape < 20; shape++)
        {
            var asked = new List<int>();
            double left = 1 + 0.1 * shape, right = 2 - 0.07 * shape;
            Flatness.Measure(points =>
            {
                asked.Add(points.Length);
                return [.. points.Select(x => Math.Exp(Math.Pow(x < 0 ? -x / left : x / right, 2.2)))];
            }, 1, 100);
            Assert.Equal((1, 41), (asked.Count(count => count == 41), asked[^1]));
        }
    }

    /// <summary>L = 1 + θ²/2: e at √(2(e − 1)), and another level's side is another.</summary>
    [Fact]
    public void Unless_told_otherwise_the_level_is_e()
    {
        Assert.Equal((Math.E, true), (FlatnessOptions.Default.Level, FlatnessOptions.Default.Fit));
        Assert.Equal(Math.E, new FlatnessOptions().Level);
        var found = Flatness.Measure(points => [.. points.Select(x => 1 + x * x / 2)], 1, 100);
        Close.Assert(Math.Sqrt(2 * (Math.E - 1)), found.Right!.Value, 1e-4);
    }
}
