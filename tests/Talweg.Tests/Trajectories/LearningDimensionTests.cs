using Talweg.Statistics;
using Talweg.Trajectories;
using static TorchSharp.torch;

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
        Assert.InRange(tooFew.AtLeast, 2, exact - 1);
        Assert.Equal((exact - 1, $"more than {exact - 1} (at least {tooFew.AtLeast})"), (tooFew.Found, $"{tooFew}"));
        Assert.InRange(tooFew.Captured, 0.5, 0.9);
    }

    [Fact]
    public void What_the_modes_do_not_hold_may_belong_to_one_that_was_missed()
    {
        var modes = Modes([8, 4, 2, 1], total: 16);
        Assert.Equal((2, 2), Bounds(0.75));                        // 12 of 16 are just enough; 8, and 1 that is missing, are not
        Assert.Equal("3 (at least 2)", Text(0.8));                  // 12.8: 12 and 1 are enough
        Assert.Equal("more than 4 (at least 4)", Text(0.99));       // 15.84: 14 and 1 are not
        Assert.Equal((1, 1), Bounds(0.05));
        Assert.Equal((null, 4), Bounds(1));
        Assert.Equal(15.0 / 16, LearningDimension.Of(modes, 0.75).Captured);
        // Variances 10, 8, 4, 2 and 1, of which the largest was missed: 2 modes hold 70%, whatever the residuals of the others.
        Assert.InRange(LearningDimension.Of(Modes([8, 4, 2, 1], total: 25), 0.7).AtLeast, 1, 2);

        (int?, int) Bounds(double fraction) => (LearningDimension.Of(modes, fraction).Modes, LearningDimension.Of(modes, fraction).AtLeast);
        string Text(double fraction) => $"{LearningDimension.Of(modes, fraction)}";
    }

    /// <summary>Ritz values of random subspaces, good and bad ones, of matrices whose eigenvalues are known.</summary>
    [Fact]
    public void The_bounds_hold_for_any_subspace()
    {
        var random = new RandomStream(1, "subspaces");
        int apart = 0;
        for (int draw = 0; draw < 300; draw++)
        {
            double[] exact = [.. Enumerable.Range(1, 12).Select(i => Math.Pow(i, -2.0 * (draw % 3)))];
            double[] found = RitzValues(exact, 1 + draw % 9, blur: Math.Pow(10, -draw % 4), random);
            foreach (double fraction in (double[])[0.3, 0.6, 0.9])
            {
                int dimension = ExplainedVariance.Modes(exact, fraction);
                var bounds = LearningDimension.Of(Modes(found, exact.Sum()), fraction);
                Assert.InRange(dimension, bounds.AtLeast, bounds.Modes ?? 12);
                apart += bounds.AtLeast > 1 && bounds.AtLeast < bounds.Modes ? 1 : 0;
            }
        }

        Assert.True(apart > 10, $"{apart} cases with bounds that say something and differ");
    }

    [Fact]
    public void What_does_not_vary_needs_no_mode()
    {
        var dimension = LearningDimension.Of(PrincipalModes.Of(Windows.From(5, 3, (_, j) => j)), 0.9);
        Assert.Equal((0, 0, 1.0), (dimension.Modes, dimension.AtLeast, dimension.Captured));
        Assert.Contains("(0, 1], not be 1.5", Assert.Throws<ArgumentOutOfRangeException>(() => LearningDimension.Of(Modes([1], 1), 1.5)).Message);
    }

    /// <summary>Of diag(λ) in a subspace near that of the leading axes, descending.</summary>
    private static double[] RitzValues(double[] eigenvalues, int count, double blur, RandomStream random)
    {
        using var scope = NewDisposeScope();
        double[] columns = [.. Enumerable.Range(0, eigenvalues.Length * count).Select(i => (i / count == i % count ? 1 : 0) + blur * random.NextNormal())];
        var basis = linalg.qr(tensor(columns).reshape(eigenvalues.Length, count)).Q;
        double[] ascending = linalg.eigvalsh(basis.t().matmul(diag(tensor(eigenvalues))).matmul(basis)).data<double>().ToArray();
        return [.. ascending.Reverse()];
    }

    private static PrincipalModes Modes(double[] variances, double total) => new()
    {
        Variances = variances,
        Directions = [],
        Count = 0,
        Mean = [0],
        Method = PcaMethod.Sketch,
        TotalVariance = total,
        Sketch = new() { Passes = 1, BasisSize = 4, Residuals = new double[variances.Length], Ending = SketchEnding.Converged },
    };
}
