using MathNet.Numerics.Statistics;
using Talweg.Landscapes;
using Talweg.Noise;
using Talweg.Statistics;
using Talweg.Tests.Networks;

namespace Talweg.Tests.Noise;

public sealed class RandomLandscapeTests
{
    private const double LearningRate = 0.1;

    private static readonly Flatness NoFlatness = new() { Level = Math.E, LossAtOrigin = 1, Left = -1, Right = 1, LeftEnding = SideEnding.Found, RightEnding = SideEnding.Found, Passes = 0, FitFlatness = null, FitRSquared = null };

    /// <summary>Curvatures 1, 3; minima −1, 3; losses 2, 4, and 6 of a minibatch without a valley: M⁽⁰⁾ 2, σ_M² 1, mean minimum 1, σ̃² 4, L₀ 4, C₀ 56/3.</summary>
    [Fact]
    public void Three_minibatches_by_hand()
    {
        var theory = RandomLandscape.Of(Ensemble([(-1, 1, 2), (3, 3, 4)], [6]), LearningRate);
        Assert.Equal(new EnsembleMoments(2, 1), theory.Curvature);
        Assert.Equal(new EnsembleMoments(1, 4), theory.Minimum);
        Assert.Equal(4, theory.Loss, 1e-15);
        Assert.Equal(56.0 / 3, theory.SquaredLoss, 1e-14);
        Assert.Equal(Math.Sqrt(8.0 / (2 + 4 * 4)), theory.Flatness!.Most, 1e-15);
        Assert.Equal(Math.Sqrt(8.0 / (2 + 4 * 4 + 4)), theory.Flatness.Least, 1e-15);
        Assert.Equal(0.01 * 56 / 3 * 4 * 4, theory.DiffusionConstant!.Value, 1e-14);
        Assert.Equal(0.1 * 4 * 2 * 1, theory.Drift!.Value, 1e-15);
    }

    [Fact]
    public void Without_a_valley_only_the_losses_are_known()
    {
        var theory = RandomLandscape.Of(Ensemble([], [1, 3]), LearningRate);
        Assert.Equal((2, 5), (theory.Loss, theory.SquaredLoss));
        Assert.Null(theory.Curvature);
        Assert.Null(theory.Minimum);
        Assert.Null(theory.Flatness);
        Assert.Null(theory.DiffusionConstant);
        Assert.Null(theory.Drift);
    }

    [Fact]
    public void What_makes_no_prediction_is_refused()
    {
        Assert.Contains("at least one minibatch", Assert.Throws<ArgumentException>(() => RandomLandscape.Of(Ensemble([], []), LearningRate)).Message);
        Assert.Contains("learning rate must be a positive number", Assert.Throws<ArgumentOutOfRangeException>(() => RandomLandscape.Of(Ensemble([(0, 1, 1)], []), 0)).Message);
        Assert.Contains("learning rate must be a positive number", Assert.Throws<ArgumentOutOfRangeException>(() => MeanFieldCheck.Of(Ensemble([(0, 1, 1)], []), double.NaN)).Message);
    }

    /// <summary>Along each mode alone, one sees M^μᵢᵢ and θ̃ᵢ^μ; the flatness that needs σ_θ² as well lies between the two ends, and D and drift agree.</summary>
    [Fact]
    public void One_direction_brackets_what_all_of_them_give()
    {
        var drawn = new DrawnLandscapes(2000, 0.15, 0.3, seed: 4);
        var losses = drawn.Losses;
        var full = FullRandomLandscape.Of(losses, LearningRate);
        Assert.Equal(0, full.WithoutMinimum);
        for (int i = 0; i < DrawnLandscapes.Modes; i++)
        {
            var along = RandomLandscape.Of(Along(losses, i), LearningRate);
            var mode = full.Modes[i];
            Close.Assert(mode.DiffusionConstantOfMinima, along.DiffusionConstant!.Value, 1e-11);
            Close.Assert(mode.MeanCurvature, along.Curvature!.Mean, 1e-13);
            double between = mode.MeanCurvature + mode.MeanCurvature * mode.MeanCurvature * along.Minimum!.Variance + mode.MinimumVariance * mode.CurvatureVariance;
            Assert.InRange(Math.Sqrt(8 / between), along.Flatness!.Least, along.Flatness.Most);
            Assert.True(along.Flatness.Least < along.Flatness.Most);
        }

        // θ̃₁ has θ₁'s mean: the off-diagonal curvatures' mean of 0 adds (0.3/4)·0.49/√2000 = 1e-3 at most, four such errors.
        Close.Assert(full.Modes[0].Drift, RandomLandscape.Of(Along(losses, 0), LearningRate).Drift!.Value, 4e-3);
    }

    /// <summary>The sign of the drift: a valley whose minima lie at positive θ slopes down towards them, and −α dL/dθ at 0 is positive.</summary>
    [Fact]
    public void Drift_is_minus_the_learning_rate_times_the_slope_of_the_mean_loss()
    {
        (double Minimum, double Curvature, double Loss)[] alike = [(0.2, 3, 1e-3), (0.2, 3, 1e-3)];
        double Mean(double theta) => alike.Average(v => v.Loss * Math.Exp(v.Curvature / 2 * (Math.Pow(theta - v.Minimum, 2) - v.Minimum * v.Minimum)));
        const double h = 1e-5;
        double expected = -LearningRate * (Mean(h) - Mean(-h)) / (2 * h);
        Assert.True(expected > 0);
        Close.Assert(expected, RandomLandscape.Of(Ensemble(alike, []), LearningRate).Drift!.Value, 1e-8);   // the difference's error is of order h²
        Close.Assert(expected, MeanFieldCheck.Of(Ensemble(alike, []), LearningRate).MeanVelocity!.Value, 1e-8);
    }

    /// <summary>v = α L M θ̃: 0.1·(2·1·(−1), 4·3·3) = −0.2, 3.6; Eq. 14 over these two: 0.01·10·4·4 = 1.6.</summary>
    [Fact]
    public void The_check_of_two_valleys_by_hand()
    {
        var check = MeanFieldCheck.Of(Ensemble([(-1, 1, 2), (3, 3, 4)], [6]), LearningRate);
        Assert.Equal(2, check.Minibatches);
        Assert.Equal((0.04 + 12.96) / 2, check.SquaredVelocity!.Value, 1e-14);
        Assert.Equal(1.7, check.MeanVelocity!.Value, 1e-15);
        Assert.Equal(1.6, check.MeanFieldSquaredVelocity!.Value, 1e-15);
        Assert.Equal(6.5 / 1.6, check.Ratio!.Value, 1e-14);
        Assert.Null(check.LossCurvature);                      // two points have no correlation worth the name
        Assert.Equal((3, 1), (check.Loss!.Mean, check.Loss.Variance));
    }

    /// <summary>Losses 2, 4, 3 with curvatures 1, 3, 2 and minima 1, 2, 4: covariances 2/3 and 1/3 over variances 2/3, 2/3 and 14/9.</summary>
    [Fact]
    public void Three_valleys_are_enough_for_a_correlation()
    {
        var check = MeanFieldCheck.Of(Ensemble([(1, 1, 2), (2, 3, 4), (4, 2, 3)], []), LearningRate);
        Assert.Equal(1, check.LossCurvature!.Pearson.Coefficient, 1e-12);
        Assert.Equal(1 / Math.Sqrt(2 * 14 / 3.0), check.LossMinimum!.Pearson.Coefficient, 1e-12);
        Assert.Equal(1 / Math.Sqrt(2 * 14 / 3.0), check.CurvatureMinimum!.Pearson.Coefficient, 1e-12);
        Assert.Equal(1, check.LossCurvature.Spearman.Coefficient, 1e-12);
        Assert.Equal(0.5, check.LossMinimum.Spearman.Coefficient, 1e-12);
    }

    [Fact]
    public void Independent_quantities_cost_only_the_spread_of_curvatures()
    {
        const int count = 20_000;
        var random = new RandomStream(5, "mean field");
        var check = MeanFieldCheck.Of(Ensemble([.. Enumerable.Range(0, count).Select(_ => (0.3 * random.NextNormal(), 2 + 0.3 * random.NextNormal(), 1 + 0.1 * random.NextNormal()))], []), LearningRate);
        // ⟨L²M²θ̃²⟩/(⟨L²⟩⟨M⟩²⟨θ̃²⟩) = 1 + σ_M²/M² = 1.0225; what is left spreads like correlations of L² and M² with θ̃²: √2·(0.3 + 0.2) = 0.7, over √20,000.
        Assert.Equal(1.0225, check.Ratio!.Value, 4 * 0.7 / Math.Sqrt(count));
        foreach (var pair in new[] { check.LossCurvature!, check.LossMinimum!, check.CurvatureMinimum! })
        {
            Assert.Equal(0, pair.Pearson.Coefficient, 4 / Math.Sqrt(count));
            Assert.Equal(0, pair.Spearman.Coefficient, 4 / Math.Sqrt(count));
            Assert.Equal(2 * 1.96 / Math.Sqrt(count), pair.Pearson.Interval!.Value.Width, 1e-4);
        }

        Assert.All([check.Loss!, check.Curvature!, check.Minimum!], normality => Assert.True(normality.PValue > 1e-4));
    }

    /// <summary>Losses that rise with the distance of the minimum, as those of minibatches not yet learnt do: L = θ̃², so ⟨L²θ̃²⟩/(⟨L²⟩⟨θ̃²⟩) = 15/3 = 5 for normal θ̃.</summary>
    [Fact]
    public void Losses_that_go_with_their_minima_break_the_mean_field()
    {
        const int count = 20_000;
        var random = new RandomStream(6, "mean field");
        double[] minima = [.. Enumerable.Range(0, count).Select(_ => random.NextNormal())];
        var check = MeanFieldCheck.Of(Ensemble([.. minima.Select(minimum => (minimum, 2 - 0.1 * minimum, minimum * minimum))], []), LearningRate);
        // With M = 2 (1 − θ̃/20): 5 + ⟨θ̃⁸⟩/(400·3) = 5 + 105/1200 = 5.09. θ̃⁶ spreads by 6.7 of its mean: 5% over √20,000, four such errors.
        Close.Assert(5.09, check.Ratio!.Value, 0.2);
        Assert.Equal(-1, check.CurvatureMinimum!.Pearson.Coefficient, 1e-12);
        Assert.Equal(-1, check.CurvatureMinimum.Spearman.Coefficient, 1e-12);
        Close.Assert(MathNet.Numerics.Statistics.Correlation.Spearman(minima.Select(m => m * m), minima), check.LossMinimum!.Spearman.Coefficient, 1e-10, scale: 1);
        Close.Assert(MathNet.Numerics.Statistics.Correlation.Pearson(minima.Select(m => m * m), minima), check.LossMinimum.Pearson.Coefficient, 1e-10, scale: 1);
        Assert.Equal(minima.PopulationSkewness(), check.Minimum!.Skewness!.Value, 1e-10);
        Assert.Equal(0, check.Loss!.PValue);                   // χ² of one degree is nothing like normal
    }

    [Fact]
    public void Without_valleys_or_spread_there_is_nothing_to_check()
    {
        var none = MeanFieldCheck.Of(Ensemble([], [1, 2]), LearningRate);
        Assert.Equal(0, none.Minibatches);
        Assert.Null(none.SquaredVelocity);
        Assert.Null(none.MeanVelocity);
        Assert.Null(none.MeanFieldSquaredVelocity);
        Assert.Null(none.Ratio);
        Assert.Null(none.Loss);
        var still = MeanFieldCheck.Of(Ensemble([(1, 2, 3), (1, 2, 4), (1, 2, 5)], []), LearningRate);
        Assert.Null(still.Ratio);
        Assert.Null(still.LossCurvature);
        Assert.Null(still.Curvature!.PValue);
    }

    /// <summary>What a fit along one mode would find of each minibatch.</summary>
    private static MinibatchEnsemble Along(List<InverseGaussianLoss> losses, int mode) =>
        Ensemble([.. losses.Select(loss => (loss.MinimumAlong(mode)!.Value, loss.Curvature[mode * (loss.Modes + 1)], loss.LossAtOrigin))], []);

    /// <summary>Minibatches with valleys, and losses at the origin of those without.</summary>
    private static MinibatchEnsemble Ensemble((double Minimum, double Curvature, double Loss)[] valleys, double[] without) => new()
    {
        Flatness = NoFlatness,
        Valleys = [.. valleys.Select(v => new MinibatchValley(v.Minimum, v.Curvature, v.Loss * Math.Exp(-v.Curvature / 2 * v.Minimum * v.Minimum), v.Loss, 1, 41)), .. without.Select(_ => (MinibatchValley?)null)],
        LossesAtOrigin = [.. valleys.Select(v => v.Loss), .. without],
        TooSteep = without.Length,
        Unbounded = 0,
    };
}
