using Talweg.Landscapes;
using Talweg.Noise;
using Talweg.Tests.Networks;

namespace Talweg.Tests.Noise;

/// <summary>The paper's equations against averages over minibatches that are exactly what it assumes.</summary>
/// <remarks>
/// Curvature at the origin, ⟨v²⟩ and drift are exact in the parameters; Eq. 11 takes ⟨(Mᵢᵢ)⁻²⟩ for (M⁽⁰⁾)⁻² and Eq. 14 neglects σ_M², relative
/// errors of 3(σ_M/M)² and (σ_M/M)²; flatness takes ln L for a parabola out to F/2, which a spread σ_M/M changes by about its square. So those
/// are tested at σ_M/M = 1%, where these are below the Monte-Carlo errors of 20,000 draws (1% of a variance), and the terms with σ_M at 20%.
/// </remarks>
public sealed class FullRandomLandscapeTests
{
    private const double LearningRate = 0.1;
    private const int Draws = 20_000;
    private const int Blocks = 40;

    private static readonly Lazy<Ensemble> Narrow = new(() => new(0.01, 0.4));
    private static readonly Lazy<Ensemble> Wide = new(() => new(0.2, 0.15));

    [Fact]
    public void Parameters_are_the_population_moments_of_the_draws()
    {
        var drawn = new DrawnLandscapes(300, 0.1, 0.3, seed: 2);
        var theory = FullRandomLandscape.Of(drawn.Losses, LearningRate);
        Assert.Equal((300, 0, 4), (theory.Minibatches, theory.WithoutMinimum, theory.Modes.Count));
        Close.Assert(drawn.LossesAtOrigin.Average(), theory.Loss, 1e-14);
        Close.Assert(drawn.LossesAtOrigin.Average(loss => loss * loss), theory.SquaredLoss, 1e-14);
        for (int i = 0; i < DrawnLandscapes.Modes; i++)
        {
            var mode = theory.Modes[i];
            var (curvature, curvatureVariance) = Moments(drawn.Curvatures.Select(m => m[i, i]));
            var (minimum, minimumVariance) = Moments(drawn.Minima.Select(m => m[i]));
            double offDiagonal = 0, drift = drawn.Minima.Average(m => m[0]);
            for (int j = 0; j < DrawnLandscapes.Modes; j++)
            {
                if (j != i)
                    offDiagonal += Moments(drawn.Curvatures.Select(m => m[i, j])).Variance * (Moments(drawn.Minima.Select(m => m[j])).Variance + (j == 0 ? drift * drift : 0));
            }

            Close.Assert(curvature, mode.MeanCurvature, 1e-13);
            Close.Assert(curvatureVariance, mode.CurvatureVariance, 1e-12);
            Close.Assert(minimum, mode.MeanMinimum, 1e-12, scale: 1);
            Close.Assert(minimumVariance, mode.MinimumVariance, 1e-12);
            Close.Assert(offDiagonal, mode.OffDiagonal, 1e-12);
            double total = curvature + minimumVariance * curvature * curvature + minimumVariance * curvatureVariance + offDiagonal + (i == 0 ? curvatureVariance * drift * drift : 0);
            Close.Assert(total, mode.Curvature, 1e-12);
            Close.Assert(Math.Sqrt(8 / total), mode.Flatness, 1e-12);
            Close.Assert(minimumVariance + offDiagonal / (curvature * curvature), mode.MinimumAlongVariance, 1e-12);
            double noise = LearningRate * LearningRate * theory.SquaredLoss;
            Close.Assert(noise * (curvature * curvature * minimumVariance + offDiagonal), mode.DiffusionConstant, 1e-12);
            Close.Assert(noise * curvature * curvature * mode.MinimumAlongVariance, mode.DiffusionConstant, 1e-12);   // Eq. 14's two forms
            Close.Assert(noise * curvature * curvature * mode.MeasuredMinimumAlongVariance, mode.DiffusionConstantOfMinima, 1e-12);
            Close.Assert(LearningRate * theory.Loss * curvature * minimum, mode.Drift, 1e-11, scale: 1e-4);
            Close.Assert(-LearningRate * drawn.Losses.Average(loss => loss.LossAtOrigin * loss.Slope[i]), mode.MeasuredDrift, 1e-12);
        }
    }

    /// <summary>Against central differences of ln⟨L^μ⟩, with L^μ of Eq. 9 by plain loops.</summary>
    [Fact]
    public void The_measured_curvature_and_drift_are_derivatives_of_the_mean_loss()
    {
        var drawn = new DrawnLandscapes(100, 0.1, 0.3, seed: 3);
        var theory = FullRandomLandscape.Of(drawn.Losses, LearningRate);
        const double h = 1e-4;                                 // h² f⁗/12 and roundoff/h² are both near 1e-8
        for (int i = 0; i < DrawnLandscapes.Modes; i++)
        {
            double[] loss = [.. new[] { -h, 0, h }.Select(theta => MeanLoss(drawn, i, theta))];
            double bend = (Math.Log(loss[2]) - 2 * Math.Log(loss[1]) + Math.Log(loss[0])) / (h * h);
            Close.Assert(bend, theory.Modes[i].MeasuredCurvature, 1e-6);
            Close.Assert(-LearningRate * (loss[2] - loss[0]) / (2 * h), theory.Modes[i].MeasuredDrift, 1e-6, scale: 1e-4);
        }
    }

    [Fact]
    public void The_curvature_of_the_mean_loss_is_the_sum_of_all_terms()
    {
        foreach (var ensemble in new[] { Narrow.Value, Wide.Value })
        {
            for (int i = 0; i < DrawnLandscapes.Modes; i++)
                ensemble.AssertZero(i, mode => mode.MeasuredCurvature - mode.Curvature);
        }
    }

    /// <summary>Every term is needed: leaving one out shows at five Monte-Carlo errors or more where that term is large.</summary>
    [Fact]
    public void No_term_of_the_curvature_can_be_left_out()
    {
        Wide.Value.AssertOff(2, mode => mode.MeasuredCurvature - mode.Curvature + mode.MinimumVariance * mode.MeanCurvature * mode.MeanCurvature);
        Wide.Value.AssertOff(2, mode => mode.MeasuredCurvature - mode.Curvature + mode.MinimumVariance * mode.CurvatureVariance);
        Narrow.Value.AssertOff(1, mode => mode.MeasuredCurvature - mode.Curvature + mode.OffDiagonal);
        // The paper's expression has no spread of the drift mode's own curvature times its drift.
        Wide.Value.AssertOff(0, mode => mode.MeasuredCurvature - mode.Curvature + mode.DriftSpread);
    }

    [Fact]
    public void Minima_along_a_mode_spread_as_Equation_11_says_once_the_drift_mode_is_in_it()
    {
        for (int i = 0; i < DrawnLandscapes.Modes; i++)
            Narrow.Value.AssertZero(i, mode => mode.MeasuredMinimumAlongVariance - mode.MinimumAlongVariance);
        for (int i = 1; i < DrawnLandscapes.Modes; i++)
        {
            // As printed, (θ₁⁽⁰⁾)² is not among what Mᵢ₁ multiplies.
            double lost = Narrow.Value.Drawn.Curvatures.Average(m => m[i, 0] * m[i, 0]) * DrawnLandscapes.Drift * DrawnLandscapes.Drift;
            Narrow.Value.AssertOff(i, mode => mode.MeasuredMinimumAlongVariance - mode.MinimumAlongVariance + lost / (mode.MeanCurvature * mode.MeanCurvature));
        }
    }

    [Fact]
    public void Diffusive_modes_have_the_mean_square_velocity_of_Equation_14_without_the_first_tilde()
    {
        for (int i = 1; i < DrawnLandscapes.Modes; i++)
        {
            Narrow.Value.AssertZero(i, mode => mode.MeasuredSquaredVelocity - mode.DiffusionConstant);
            Narrow.Value.AssertZero(i, mode => mode.MeasuredSquaredVelocity - mode.DiffusionConstantOfMinima);
            // As printed, σ̃² already holds what the sum adds once more.
            double noise = LearningRate * LearningRate * FullRandomLandscape.Of(Narrow.Value.Losses, LearningRate).SquaredLoss;
            Narrow.Value.AssertOff(i, mode => mode.MeasuredSquaredVelocity - noise * (mode.MeanCurvature * mode.MeanCurvature * mode.MinimumAlongVariance + mode.OffDiagonal));
        }
    }

    [Fact]
    public void The_drift_mode_drifts_towards_its_minima_as_Equation_13_says_and_no_other_mode_does()
    {
        foreach (var ensemble in new[] { Narrow.Value, Wide.Value })
        {
            Close.Assert(LearningRate * DrawnLandscapes.MeanLoss * DrawnLandscapes.MeanCurvature[0] * DrawnLandscapes.Drift, ensemble.Theory.Modes[0].Drift, 0.02);   // four errors of 0.3/√20,000 in θ, 0.2% each of L₀ and M
            for (int i = 0; i < DrawnLandscapes.Modes; i++)
                ensemble.AssertZero(i, mode => mode.MeasuredDrift - mode.Drift);
            for (int i = 1; i < DrawnLandscapes.Modes; i++)
                ensemble.AssertZero(i, mode => mode.MeasuredDrift);
        }
    }

    /// <summary>The width at level e of the mean of all inverse Gaussians along a diffusive mode.</summary>
    [Fact]
    public void Flatness_of_the_mean_loss_is_the_predicted_one()
    {
        const int mode = 1;
        var ensemble = Narrow.Value;
        double measured = Width(ensemble, mode, _ => true);
        double[] differences = [.. Enumerable.Range(0, 10).Select(block =>
            Width(ensemble, mode, draw => draw % 10 != block) - FullRandomLandscape.Of(ensemble.Kept(draw => draw % 10 != block), LearningRate).Modes[mode].Flatness)];
        double error = Math.Sqrt(0.9 * differences.Sum(d => Math.Pow(d - differences.Average(), 2)));
        var theory = ensemble.Theory.Modes[mode];
        // Parabola to F/2: (σ_M/M)² = 1e-4 of F at most, and kurtosis of Mᵢ₁θ₁ below 1e-3 of it.
        Assert.Equal(theory.Flatness, measured, 4 * error + 1e-3 * measured);
        Assert.True(Math.Sqrt(8 / theory.MeanCurvature) - measured > 20 * error);
    }

    [Fact]
    public void Without_a_drift_mode_no_mean_enters()
    {
        var drawn = new DrawnLandscapes(300, 0.1, 0.3, seed: 2);
        var with = FullRandomLandscape.Of(drawn.Losses, LearningRate);
        var without = FullRandomLandscape.Of(drawn.Losses, LearningRate, driftMode: null);
        Assert.Equal(0, without.Modes[0].DriftSpread);
        Assert.True(without.Modes[1].OffDiagonal < with.Modes[1].OffDiagonal / 2);
        Assert.Equal(with.Modes[1].MeanCurvature, without.Modes[1].MeanCurvature);
    }

    [Fact]
    public void Minibatches_without_a_minimum_are_counted_and_enter_only_what_needs_none()
    {
        InverseGaussianLoss valley = InverseGaussianLoss.Of(1, [1], [2]), hill = InverseGaussianLoss.Of(3, [2], [-1]);
        var mixed = FullRandomLandscape.Of([valley, hill], LearningRate);
        Assert.Equal((2, 1, 2, 5), (mixed.Minibatches, mixed.WithoutMinimum, mixed.Loss, mixed.SquaredLoss));
        Assert.Equal(2, mixed.Modes[0].MeanCurvature);
        Assert.Equal(-0.5, mixed.Modes[0].MeanMinimum, 1e-15);
        Assert.Equal(-LearningRate * (1 * 1 + 3 * 2) / 2, mixed.Modes[0].MeasuredDrift, 1e-15);
        Assert.Empty(FullRandomLandscape.Of([hill], LearningRate).Modes);
    }

    [Fact]
    public void What_makes_no_ensemble_is_refused()
    {
        var one = InverseGaussianLoss.Of(1, [1], [2]);
        Assert.Contains("at least one minibatch", Assert.Throws<ArgumentException>(() => FullRandomLandscape.Of([], LearningRate)).Message);
        Assert.Contains("some have 1 and some 2", Assert.Throws<ArgumentException>(() => FullRandomLandscape.Of([one, InverseGaussianLoss.Of(1, [0, 0], [1, 0, 0, 1])], LearningRate)).Message);
        Assert.Contains("learning rate must be a positive number", Assert.Throws<ArgumentOutOfRangeException>(() => FullRandomLandscape.Of([one], double.NaN)).Message);
        Assert.Contains("numbered 0 … 0", Assert.Throws<ArgumentOutOfRangeException>(() => FullRandomLandscape.Of([one], LearningRate, driftMode: 1)).Message);
    }

    private static double Width(Ensemble ensemble, int mode, Func<int, bool> keep)
    {
        var kept = ensemble.Kept(keep);
        double Loss(double theta) => kept.Average(loss => loss.LossAtOrigin * Math.Exp(theta * (loss.Slope[mode] + loss.Curvature[mode * (DrawnLandscapes.Modes + 1)] * theta / 2)));
        return Flatness.Measure(points => [.. points.Select(Loss)], Loss(0), reach: 10, new FlatnessOptions { Fit = false }).Value!.Value;
    }

    private static double MeanLoss(DrawnLandscapes drawn, int mode, double theta)
    {
        double[] point = new double[DrawnLandscapes.Modes];
        point[mode] = theta;
        return Enumerable.Range(0, drawn.Minima.Count).Average(draw => drawn.LossesAtOrigin[draw] * Math.Exp(drawn.Exponent(draw, point) - drawn.Exponent(draw, new double[DrawnLandscapes.Modes])));
    }

    private static (double Mean, double Variance) Moments(IEnumerable<double> values)
    {
        double[] all = [.. values];
        return (all.Average(), all.Average(value => Math.Pow(value - all.Average(), 2)));
    }

    /// <summary>20,000 draws, what the theory says of all and with each of 40 blocks left out: a jackknife error for any combination.</summary>
    private sealed class Ensemble
    {
        private readonly FullRandomLandscape[] _leftOut;

        public Ensemble(double relativeSpread, double offDiagonal)
        {
            Drawn = new(Draws, relativeSpread, offDiagonal, seed: 7);
            Losses = Drawn.Losses;
            Theory = FullRandomLandscape.Of(Losses, LearningRate);
            Assert.Equal(0, Theory.WithoutMinimum);            // leaving out what is not positive definite would cut the distributions
            _leftOut = [.. Enumerable.Range(0, Blocks).AsParallel().AsOrdered().Select(block => FullRandomLandscape.Of(Kept(draw => draw % Blocks != block), LearningRate))];
        }

        public DrawnLandscapes Drawn { get; }

        public List<InverseGaussianLoss> Losses { get; }

        public FullRandomLandscape Theory { get; }

        public List<InverseGaussianLoss> Kept(Func<int, bool> keep) => [.. Losses.Where((_, draw) => keep(draw))];

        /// <summary>Within four Monte-Carlo errors.</summary>
        public void AssertZero(int mode, Func<RandomLandscapeMode, double> difference)
        {
            double value = difference(Theory.Modes[mode]), error = Error(mode, difference);
            Assert.True(Math.Abs(value) <= 4 * error, $"mode {mode}: off by {value:G4}, error {error:G4}");
        }

        /// <summary>Five Monte-Carlo errors away or more.</summary>
        public void AssertOff(int mode, Func<RandomLandscapeMode, double> difference)
        {
            double value = difference(Theory.Modes[mode]), error = Error(mode, difference);
            Assert.True(Math.Abs(value) > 5 * error, $"mode {mode}: off by {value:G4}, error {error:G4}");
        }

        private double Error(int mode, Func<RandomLandscapeMode, double> difference)
        {
            double[] values = [.. _leftOut.Select(theory => difference(theory.Modes[mode]))];
            double mean = values.Average();
            return Math.Sqrt((Blocks - 1.0) / Blocks * values.Sum(value => (value - mean) * (value - mean)));
        }
    }
}
