using Talweg.Noise;
using Talweg.Tests.Networks;

namespace Talweg.Tests.Noise;

public sealed class InverseGaussianLossTests
{
    private static readonly DrawnLandscapes Drawn = new(50, 0.1, 0.3, seed: 1);

    [Fact]
    public void Minimum_and_least_loss_come_back_from_value_slope_and_curvature_at_the_origin()
    {
        var losses = Drawn.Losses;
        for (int draw = 0; draw < losses.Count; draw++)
        {
            for (int i = 0; i < DrawnLandscapes.Modes; i++)
                Close.Assert(Drawn.Minima[draw][i], losses[draw].Minimum[i], 1e-12, scale: 1);
            // Eq. 9 at θ = 0.
            Close.Assert(Drawn.LossesAtOrigin[draw] * Math.Exp(-Drawn.Exponent(draw, new double[DrawnLandscapes.Modes])), losses[draw].LeastLoss!.Value, 1e-12);
        }
    }

    [Fact]
    public void Along_a_mode_that_does_not_curve_upward_there_is_no_minimum()
    {
        var loss = InverseGaussianLoss.Of(1, [1, 2, 3], [0, 0, 0, 0, -1, 0, 0, 0, 4]);
        Assert.Equal((null, null, -0.75), (loss.MinimumAlong(0), loss.MinimumAlong(1), loss.MinimumAlong(2)));
        Assert.False(loss.HasMinimum);
    }

    /// <summary>L₀^μ = L_min^μ exp[θᵀMθ], as the definition is printed, is not the loss at the origin of Eq. 9 itself: it lacks a factor ½.</summary>
    [Fact]
    public void The_printed_definition_of_the_loss_at_the_origin_is_off_by_the_exponent()
    {
        for (int draw = 0; draw < 50; draw++)
        {
            double exponent = Drawn.Exponent(draw, new double[DrawnLandscapes.Modes]);
            double least = Drawn.Losses[draw].LeastLoss!.Value;
            Close.Assert(Drawn.LossesAtOrigin[draw], least * Math.Exp(exponent), 1e-12);
            Close.Assert(Math.Exp(exponent), least * Math.Exp(2 * exponent) / Drawn.LossesAtOrigin[draw], 1e-12);
            Assert.True(exponent > 0.01);
        }
    }

    /// <summary>Along one mode, the least of 2001 points of Eq. 9 is next to θ̃ᵢ = θᵢ + Σ Mᵢⱼθⱼ/Mᵢᵢ, and not to θᵢ + Σ Mᵢⱼ/Mᵢᵢ as printed.</summary>
    [Fact]
    public void The_minimum_along_a_mode_has_the_other_minima_under_the_sum()
    {
        const double step = 2e-3;
        double printedOff = 0;
        for (int draw = 0; draw < 50; draw++)
        {
            for (int mode = 0; mode < DrawnLandscapes.Modes; mode++)
            {
                double least = Enumerable.Range(-1000, 2001).MinBy(k => Drawn.Exponent(draw, Along(mode, k * step))) * step;
                Assert.Equal(least, Drawn.Losses[draw].MinimumAlong(mode)!.Value, step / 2 + 1e-9);
                double printed = Drawn.Minima[draw][mode] + Others(mode).Sum(j => Drawn.Curvatures[draw][mode, j]) / Drawn.Curvatures[draw][mode, mode];
                double corrected = Drawn.Minima[draw][mode] + Others(mode).Sum(j => Drawn.Curvatures[draw][mode, j] * Drawn.Minima[draw][j]) / Drawn.Curvatures[draw][mode, mode];
                Close.Assert(corrected, Drawn.Losses[draw].MinimumAlong(mode)!.Value, 1e-12, scale: 1);
                printedOff += Math.Abs(printed - least) / 200;
            }
        }

        Assert.True(printedOff > 20 * step);
    }

    [Fact]
    public void A_saddle_has_no_minimum_but_may_have_one_along_a_mode()
    {
        var saddle = InverseGaussianLoss.Of(1, [1, 2], [2, 0, 0, -1]);
        Assert.False(saddle.HasMinimum);
        Assert.True(saddle.Minimum.IsEmpty);
        Assert.Null(saddle.LeastLoss);
        Assert.Equal(-0.5, saddle.MinimumAlong(0));
        Assert.Null(saddle.MinimumAlong(1));
        // Both along each mode, but none in the plane: the eigenvalues of [1 2; 2 1] are 3 and −1.
        Assert.False(InverseGaussianLoss.Of(1, [1, 2], [1, 2, 2, 1]).HasMinimum);
        // A flat direction, up to roundoff.
        Assert.False(InverseGaussianLoss.Of(1, [1, 1], [1, 1, 1, 1]).HasMinimum);
    }

    [Fact]
    public void Curvature_is_made_symmetric() => Assert.Equal([1, 0.5, 0.5, 2], InverseGaussianLoss.Of(1, [0, 0], [1, 0, 1, 2]).Curvature.ToArray());

    [Fact]
    public void What_is_no_inverse_Gaussian_is_refused()
    {
        Assert.Contains("positive number for ln L to exist, but it is 0", Assert.Throws<ArgumentException>(() => InverseGaussianLoss.Of(0, [0], [1])).Message);
        Assert.Contains("but it is NaN", Assert.Throws<ArgumentException>(() => InverseGaussianLoss.Of(double.NaN, [0], [1])).Message);
        Assert.Contains("2 slopes need 2 × 2 curvatures", Assert.Throws<ArgumentException>(() => InverseGaussianLoss.Of(1, [0, 0], [1])).Message);
        Assert.Contains("curvature must be finite, but number 0", Assert.Throws<ArgumentException>(() => InverseGaussianLoss.Of(1, [0], [double.NaN])).Message);
        Assert.Contains("slope must be finite, but number 0", Assert.Throws<ArgumentException>(() => InverseGaussianLoss.Of(1, [double.PositiveInfinity], [1])).Message);
    }

    private static double[] Along(int mode, double theta)
    {
        double[] point = new double[DrawnLandscapes.Modes];
        point[mode] = theta;
        return point;
    }

    private static IEnumerable<int> Others(int mode) => Enumerable.Range(0, DrawnLandscapes.Modes).Where(j => j != mode);
}
