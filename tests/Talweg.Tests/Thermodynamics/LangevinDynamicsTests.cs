using Talweg.Statistics;
using Talweg.Tests.Networks;
using Talweg.Thermodynamics;
using Talweg.Trajectories;

namespace Talweg.Tests.Thermodynamics;

public sealed class LangevinDynamicsTests
{
    /// <summary>L = L₀ + ½ Σ λᵢ wᵢ².</summary>
    private sealed class Quadratic(double floor, params double[] curvatures) : IPotential
    {
        public int Dimension => curvatures.Length;

        public double Gradient(ReadOnlySpan<double> weights, Span<double> gradient)
        {
            double loss = floor;
            for (int i = 0; i < curvatures.Length; i++)
            {
                gradient[i] = curvatures[i] * weights[i];
                loss += 0.5 * weights[i] * gradient[i];
            }

            return loss;
        }
    }

    private static RandomStream Random(string name) => new(1, name);

    private static double Variance(LangevinRun run, int weight)
    {
        double[] values = [.. Enumerable.Range(0, run.Window!.Iterations).Select(t => (double)run.Window.Row(t)[weight])];
        double mean = values.Average();
        return values.Average(value => (value - mean) * (value - mean));
    }

    [Fact]
    public void Variances_are_the_temperature_over_the_curvature()
    {
        // αλ from 0.02 to 1.5, where the discrete time's correction is a factor of 4.
        const double alpha = 0.1, temperature = 0.3;
        double[] curvatures = [0.2, 0.5, 1, 3, 8, 15];
        const int steps = 400_000;
        var run = LangevinDynamics.Run(new Quadratic(1, curvatures), new double[6], alpha, temperature, steps, 2000, 5, Random("quadratic"));
        Assert.Equal((LangevinEnding.Completed, steps / 5, steps / 5), (run.Ending, run.Window!.Iterations, run.Losses.Count));
        for (int i = 0; i < curvatures.Length; i++)
        {
            double rate = alpha * curvatures[i];
            double expected = 2 * temperature / (curvatures[i] * (2 - rate));
            // A variance over n independent values errs by √(2/n); squares of this process remember 1/(2·rate) steps, so n ≥ steps·min(rate, 1/5).
            double error = Math.Sqrt(2 / (steps * Math.Min(rate, 0.2)));
            Close.Assert(expected, Variance(run, i), 4 * error, what: $"variance at λ = {curvatures[i]}");
        }

        // ⟨L⟩ = L₀ + ½ Σ λσ².
        double mean = 1 + curvatures.Sum(c => temperature / (2 - alpha * c));
        Close.Assert(mean, run.MeanLoss, 0.01);
        Assert.True(run.RelativeLossDrift.Interval!.Value.Contains(0));
        Assert.Equal("10 blocks of 40000 steps", run.RelativeLossDrift.Over);
    }

    [Fact]
    public void Principal_modes_in_thermal_equilibrium_give_the_square_of_the_flatness()
    {
        // λ over two decades, turned so that modes are no coordinates; F = 2√(2(e − 1)L₀/λ), so σ² = T/λ ~ F².
        double[] curvatures = [.. Enumerable.Range(0, 20).Select(i => 10 * Math.Pow(10, -i / 9.5))];
        const double floor = 0.01;
        var run = LangevinDynamics.Run(new Turned(new Quadratic(floor, curvatures)), new double[20], 0.01, 1e-4, 1_000_000, 20_000, 50, Random("modes"));
        var modes = PrincipalModes.Of(run.Window!);
        double[] flatness = [.. Enumerable.Range(0, modes.Count).Select(i =>
        {
            double[] direction = Turned.Turn(modes.Direction(i));
            double curvature = direction.Zip(curvatures, (p, c) => c * p * p).Sum();
            return 2 * Math.Sqrt(2 * (Math.E - 1) * floor / curvature);
        })];
        var law = PowerLaw.LeastSquares(flatness, modes.Variances);
        Assert.True(law.Interval.Contains(2), $"exponent {law.Exponent} in {law.Interval}");
        Assert.True(law.Interval.Width < 0.2);
    }

    [Fact]
    public void Its_correlation_dies_out_like_that_of_an_Ornstein_Uhlenbeck_process()
    {
        const double rate = 0.02;
        var run = LangevinDynamics.Run(new Quadratic(0, rate), [0.0], 1, 1, 500_000, 1000, 1, Random("memory"));
        float[] values = run.Window!.Weights;
        double variance = Variance(run, 0);
        double mean = values.Average();
        foreach (int lag in new[] { 1, 10, 50, 150 })
        {
            double covariance = Enumerable.Range(0, values.Length - lag).Average(t => (values[t] - mean) * (values[t + lag] - mean));
            // 5,000 memories of 100 steps: a correlation errs by about 1/√5000.
            Assert.Equal(Math.Pow(1 - rate, lag), covariance / variance, 0.04);
        }
    }

    /// <summary>Without temperature w = 0.9ᵗ and L = ½ 0.81ᵗ: of ten steps of burn-in those before steps 1 and 6 are told, and the one before the window's first belongs to the window.</summary>
    [Fact]
    public void The_burn_in_ends_where_the_window_begins()
    {
        var run = LangevinDynamics.Run(new Quadratic(0, 1), [1.0], 0.1, 0, steps: 10, burnIn: 10, stride: 5, Random("none"));
        Assert.Equal([0.5, 0.5 * Math.Pow(0.81, 5)], run.BurnInLosses, (x, y) => Math.Abs(x - y) < 1e-12);
        Assert.Equal([0.5 * Math.Pow(0.81, 10), 0.5 * Math.Pow(0.81, 15)], run.Losses, (x, y) => Math.Abs(x - y) < 1e-12);
        Assert.Equal(2, run.Window!.Iterations);
        Assert.Equal(Math.Pow(0.9, 15), run.Window.Weights[1], 1e-6);
        Assert.Equal(Math.Pow(0.9, 20), run.Weights[0], 1e-12);
    }

    [Fact]
    public void Without_temperature_it_is_gradient_descent_and_rows_come_after_the_burn_in()
    {
        var run = LangevinDynamics.Run(new Quadratic(2, 1, 4), [1.0, -1.0], 0.1, 0, 7, 4, 3, Random("none"));
        Assert.Equal(3, run.Window!.Iterations);
        for (int row = 0; row < 3; row++)
        {
            int t = 4 + 3 * row;
            double[] w = [Math.Pow(0.9, t), -Math.Pow(0.6, t)];
            Assert.Equal(w.Select(x => (float)x), run.Window.Row(row).ToArray(), (a, b) => Math.Abs(a - b) < 1e-7);
            Assert.Equal(2 + 0.5 * w[0] * w[0] + 2 * w[1] * w[1], run.Losses[row], 1e-12);
        }

        Assert.Equal(2, run.BurnInLosses.Count);
        Assert.Equal(4.5, run.BurnInLosses[0], 1e-12);
        Assert.Equal(Math.Pow(0.9, 11), run.Weights[0], 1e-12);
    }

    [Fact]
    public void A_loss_that_falls_is_not_stationary()
    {
        var run = LangevinDynamics.Run(new Quadratic(0, 1), [1.0], 1e-3, 0, 1000, 0, 1, Random("falling"));
        var drift = run.RelativeLossDrift;
        // L = ½e^−2s over 0 ≤ s ≤ 1: the slope is ∫(s − ½)L ds/∫(s − ½)² ds = 12(¼·½(1 − 3e⁻²) − ½·¼(1 − e⁻²)), the mean ¼(1 − e⁻²).
        Assert.Equal(12 * (0.25 * (1 - 3 * Math.Exp(-2)) / 2 - 0.125 * (1 - Math.Exp(-2))) / (0.25 * (1 - Math.Exp(-2))), drift.Value, 0.02);
        Assert.True(drift.Interval!.Value.High < 0);
    }

    [Fact]
    public void The_interval_of_the_drift_is_Students_with_the_freedom_of_ten_block_means()
    {
        double[] means = [2.1, 1.9, 2.4, 2.2, 2.0, 2.6, 2.3, 2.7, 2.2, 2.5];
        var run = new LangevinRun
        {
            Ending = LangevinEnding.Completed,
            StepSize = 0.1,
            Temperature = 1,
            Stride = 3,
            Window = null,
            Losses = [.. means.SelectMany(mean => new[] { mean - 0.3, mean, mean + 0.1, mean + 0.2 })],
            BurnInLosses = [],
            Weights = [],
        };
        double[] times = [.. Enumerable.Range(0, 10).Select(block => 0.05 + 0.1 * block)];
        double mean = means.Average();
        double squares = times.Sum(s => (s - 0.5) * (s - 0.5));
        double slope = times.Zip(means, (s, m) => (s - 0.5) * (m - mean)).Sum() / squares;
        double residuals = times.Zip(means, (s, m) => Math.Pow(m - mean - slope * (s - 0.5), 2)).Sum();
        const double student = 2.306004135;                    // 97.5% of Student's t with 8 degrees of freedom
        double half = student * Math.Sqrt(residuals / 8 / squares) / mean;
        var drift = run.RelativeLossDrift;
        Assert.Equal(slope / mean, drift.Value, 1e-12);
        Assert.Equal(slope / mean - half, drift.Interval!.Value.Low, 1e-8);
        Assert.Equal(slope / mean + half, drift.Interval.Value.High, 1e-8);
        Assert.Equal("10 blocks of 12 steps", drift.Over);
    }

    [Fact]
    public void A_step_too_large_diverges_and_says_so()
    {
        var run = LangevinDynamics.Run(new Quadratic(0, 30), [1.0], 0.1, 0, 100_000, 0, 10, Random("diverges"));
        Assert.Equal(LangevinEnding.Diverged, run.Ending);
        Assert.Equal(run.Losses.Count, run.Window!.Iterations);
        Assert.All(run.Losses, loss => Assert.True(double.IsFinite(loss)));
        Assert.Null(LangevinDynamics.Run(new Quadratic(0, 30), [1.0], 0.1, 0, 10, 100_000, 10, Random("diverges")).Window);
        Assert.Contains("needs at least 20 rows, but the window has 10", Assert.Throws<InvalidOperationException>(() =>
            LangevinDynamics.Run(new Quadratic(0, 1), [1.0], 0.1, 0, 10, 0, 1, Random("short")).RelativeLossDrift).Message);
    }

    [Fact]
    public void Numbers_outside_their_range_are_refused_and_cancellation_is_heard()
    {
        var potential = new Quadratic(0, 1);
        LangevinRun Run(double alpha = 0.1, double temperature = 1, int steps = 5, int burnIn = 0, int stride = 1, int start = 1, WorkOptions? options = null) =>
            LangevinDynamics.Run(potential, new double[start], alpha, temperature, steps, burnIn, stride, Random("x"), options);
        Assert.Contains("1 weights, but the start has 2", Assert.Throws<ArgumentException>(() => Run(start: 2)).Message);
        foreach (double bad in new[] { 0, -1, double.NaN, double.PositiveInfinity })
            Assert.Equal("stepSize", Assert.Throws<ArgumentOutOfRangeException>(() => Run(alpha: bad)).ParamName);
        foreach (double bad in new[] { -1, double.NaN, double.PositiveInfinity })
            Assert.Contains("0 or more and finite", Assert.Throws<ArgumentOutOfRangeException>(() => Run(temperature: bad)).Message);
        Assert.Equal("steps", Assert.Throws<ArgumentOutOfRangeException>(() => Run(steps: 0)).ParamName);
        Assert.Equal("burnIn", Assert.Throws<ArgumentOutOfRangeException>(() => Run(burnIn: -1)).ParamName);
        Assert.Equal("stride", Assert.Throws<ArgumentOutOfRangeException>(() => Run(stride: 0)).ParamName);
        Assert.Throws<OperationCanceledException>(() => Run(options: new(1, null, new CancellationToken(true))));
    }

    /// <summary>The same potential in turned coordinates: a reflection, which is its own inverse.</summary>
    private sealed class Turned(IPotential potential) : IPotential
    {
        private static readonly double[] Normal = SmallNetwork.RandomDirection(20, 8);

        public int Dimension => potential.Dimension;

        public double Gradient(ReadOnlySpan<double> weights, Span<double> gradient)
        {
            double loss = potential.Gradient(Turn(weights), gradient);
            Turn(gradient).CopyTo(gradient);
            return loss;
        }

        public static double[] Turn(ReadOnlySpan<double> vector)
        {
            double along = 0;
            for (int i = 0; i < Normal.Length; i++)
                along += Normal[i] * vector[i];
            double[] turned = vector.ToArray();
            for (int i = 0; i < Normal.Length; i++)
                turned[i] -= 2 * along * Normal[i];
            return turned;
        }
    }
}
