using Talweg.Trajectories;

namespace Talweg.Tests.Trajectories;

public sealed class LearningDimensionTests
{
    [Fact]
    public void Of_all_variances_it_is_what_explained_variance_says()
    {
        var modes = PrincipalModes.Of(Windows.Noise(60, 40, seed: 1));
        foreach (double fraction in new[] { 0.5, 0.9, 0.99 })
        {
            var dimension = LearningDimension.Of(modes, fraction);
            Assert.Equal(ExplainedVariance.Modes(modes.Variances, fraction), dimension.Modes);
            Assert.Equal((dimension.Modes, 40, fraction), (dimension.AtLeast, dimension.Found, dimension.Fraction));
        }
    }

    [Fact]
    public void Of_a_sketch_it_is_known_where_the_modes_suffice_and_else_bounded()
    {
        var window = Windows.Noise(60, 80, seed: 1);
        int exact = ExplainedVariance.Modes(PrincipalModes.Of(window).Variances, 0.9);
        var sketch = new PcaOptions { Method = PcaMethod.Sketch };
        Assert.Equal(exact, LearningDimension.Of(PrincipalModes.Of(window, exact, sketch), 0.9).Modes);
        var tooFew = LearningDimension.Of(PrincipalModes.Of(window, exact - 1, sketch), 0.9);
        Assert.Null(tooFew.Modes);
        Assert.Equal((exact, exact - 1, $"more than {exact - 1}"), (tooFew.AtLeast, tooFew.Found, $"{tooFew}"));
        Assert.InRange(tooFew.Captured, 0.5, 0.9);
    }

    [Fact]
    public void Residuals_widen_what_is_known()
    {
        var modes = Modes([8, 4, 2, 1], total: 16, residuals: [0.5, 0.5, 0.5, 0.5]);
        var dimension = LearningDimension.Of(modes, 0.75);
        Assert.Equal((2, 2), (dimension.Modes, dimension.AtLeast));   // 12 of 16 are just enough; 8.5 is not
        Assert.Equal("3 (at least 2)", $"{LearningDimension.Of(modes, 0.8)}");   // 12.8: 12 is not enough, 13 is
        Assert.Equal("more than 4", $"{LearningDimension.Of(modes, 0.99)}");
        Assert.Equal(15.0 / 16, dimension.Captured);
    }

    [Fact]
    public void What_does_not_vary_needs_no_mode()
    {
        var dimension = LearningDimension.Of(PrincipalModes.Of(Windows.From(5, 3, (_, j) => j)), 0.9);
        Assert.Equal((0, 0, 1.0), (dimension.Modes, dimension.AtLeast, dimension.Captured));
        Assert.Contains("(0, 1], not be 1.5", Assert.Throws<ArgumentOutOfRangeException>(() => LearningDimension.Of(Modes([1], 1, [0]), 1.5)).Message);
    }

    private static PrincipalModes Modes(double[] variances, double total, double[] residuals) => new()
    {
        Variances = variances,
        Directions = [],
        Count = 0,
        Mean = [0],
        Method = PcaMethod.Sketch,
        TotalVariance = total,
        Sketch = new() { Passes = 1, BasisSize = 4, Residuals = residuals, Ending = SketchEnding.Converged },
    };
}
