using Talweg.Statistics;

namespace Talweg.Thermodynamics;

/// <summary>Overdamped motion in a potential under constant isotropic noise: what a temperature in the sense of equilibrium would do.</summary>
/// <remarks>
/// w(t+1) = w(t) − α ∇L(w(t)) + √(2αT) ξ(t), ξ standard normal in every weight: Euler–Maruyama of dw = −∇L ds + √(2T) dW with s = αt. Along a
/// direction of curvature λ the stationary variance is T/λ as α → 0 (the Einstein relation) and 2T/(λ(2 − αλ)) at step α; it diverges at
/// αλ = 2. The correlation dies out as (1 − αλ)^t.
/// </remarks>
public static class LangevinDynamics
{
    private const int ReportEvery = 256;

    /// <summary>Runs the dynamics and records a window.</summary>
    /// <param name="potential">L.</param>
    /// <param name="start">w(0), [N].</param>
    /// <param name="stepSize">α, positive.</param>
    /// <param name="temperature">T, 0 or more, in the potential's units; 0 is gradient descent.</param>
    /// <param name="steps">Steps of the window, after the burn-in; its first row is w(burnIn).</param>
    /// <param name="burnIn">Steps before the window.</param>
    /// <param name="stride">Steps from one row to the next, 1 or more; the window has ⌈steps/stride⌉ rows.</param>
    /// <param name="random">ξ.</param>
    /// <param name="options">Progress and cancellation; it runs on the calling thread.</param>
    /// <exception cref="ArgumentException">The start has not N numbers.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is outside its range, or the window exceeds 2³¹ numbers.</exception>
    public static LangevinRun Run(
        IPotential potential, ReadOnlySpan<double> start, double stepSize, double temperature, int steps, int burnIn, int stride, RandomStream random, WorkOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(potential);
        ArgumentNullException.ThrowIfNull(random);
        if (start.Length != potential.Dimension)
            throw new ArgumentException($"The potential has {potential.Dimension} weights, but the start has {start.Length}.", nameof(start));
        RequireNumber(stepSize > 0, stepSize, nameof(stepSize), "positive");
        RequireNumber(temperature >= 0, temperature, nameof(temperature), "0 or more");
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(burnIn);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(steps, int.MaxValue - burnIn);
        ArgumentOutOfRangeException.ThrowIfLessThan(stride, 1);
        int rows = (steps - 1) / stride + 1;
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)rows * potential.Dimension, Array.MaxLength, nameof(steps));
        options ??= WorkOptions.Default;

        double[] weights = start.ToArray();
        double[] gradient = new double[weights.Length];
        var window = new float[rows * weights.Length];
        var losses = new List<double>(rows);
        var burnInLosses = new List<double>();
        double kick = Math.Sqrt(2 * stepSize * temperature);
        var ending = LangevinEnding.Completed;
        for (int t = 0; t < burnIn + steps; t++)
        {
            if (t % ReportEvery == 0)
            {
                options.Cancellation.ThrowIfCancellationRequested();
                options.Progress?.Report(new("Langevin dynamics", t, burnIn + steps));
            }

            double loss = potential.Gradient(weights, gradient);
            if (!double.IsFinite(loss))
            {
                ending = LangevinEnding.Diverged;
                break;
            }

            if (t < burnIn && t % stride == 0)
                burnInLosses.Add(loss);
            if (t >= burnIn && (t - burnIn) % stride == 0)
            {
                Record(weights, window.AsSpan(losses.Count * weights.Length, weights.Length));
                losses.Add(loss);
            }

            for (int i = 0; i < weights.Length; i++)
                weights[i] += kick * random.NextNormal() - stepSize * gradient[i];
        }

        return new()
        {
            Ending = ending,
            StepSize = stepSize,
            Temperature = temperature,
            Stride = stride,
            Window = losses.Count == 0 ? null : new(losses.Count == rows ? window : window[..(losses.Count * weights.Length)], losses.Count, weights.Length),
            Losses = losses,
            BurnInLosses = burnInLosses,
            Weights = weights,
        };
    }

    private static void Record(double[] weights, Span<float> row)
    {
        for (int i = 0; i < weights.Length; i++)
            row[i] = (float)weights[i];
    }

    private static void RequireNumber(bool condition, double value, string name, string expected)
    {
        if (!condition || !double.IsFinite(value))
            throw new ArgumentOutOfRangeException(name, value, $"It must be {expected} and finite.");
    }
}
