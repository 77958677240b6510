using Talweg.Statistics;
using Talweg.Trajectories;

namespace Talweg.Thermodynamics;

/// <summary>Why Langevin dynamics ended.</summary>
public enum LangevinEnding
{
    /// <summary>All steps were made.</summary>
    Completed,

    /// <summary>The loss or a weight became infinite or not a number: the step is too large, or the temperature too high for the valley.</summary>
    Diverged,
}

/// <summary>What Langevin dynamics went through.</summary>
public sealed record LangevinRun
{
    private const int Blocks = 10;

    /// <summary>Why it ended.</summary>
    public required LangevinEnding Ending { get; init; }

    /// <summary>α, the step size.</summary>
    public required double StepSize { get; init; }

    /// <summary>T, in the units of the potential.</summary>
    public required double Temperature { get; init; }

    /// <summary>Steps between two rows of <see cref="Window"/>, and between two losses.</summary>
    public required int Stride { get; init; }

    /// <summary>The weights after the burn-in, every <see cref="Stride"/> steps, in single precision; null if it diverged before the first row.</summary>
    public required Window? Window { get; init; }

    /// <summary>L of the same weights, one a row.</summary>
    public required IReadOnlyList<double> Losses { get; init; }

    /// <summary>L during the burn-in, every <see cref="Stride"/> steps from the start on.</summary>
    public required IReadOnlyList<double> BurnInLosses { get; init; }

    /// <summary>The last weights, in double precision, [N].</summary>
    public required IReadOnlyList<double> Weights { get; init; }

    /// <summary>⟨L⟩ over the window; NaN where the motion diverged before it.</summary>
    public double MeanLoss => Losses.Count == 0 ? double.NaN : Losses.Average();

    /// <summary>
    /// By how much the loss changes over the window, in units of its mean: the slope of the least-squares line times the window's length, over ⟨L⟩.
    /// In equilibrium its interval contains 0. The interval is Student's, from the residuals of ten block means, so that neighbours in time do not
    /// count as independent; it is right where a block is longer than the loss remembers.
    /// </summary>
    /// <exception cref="InvalidOperationException">The window has fewer than 20 rows.</exception>
    public Estimate RelativeLossDrift
    {
        get
        {
            int length = Losses.Count / Blocks;
            if (length < 2)
                throw new InvalidOperationException($"The drift of the loss needs at least {2 * Blocks} rows, but the window has {Losses.Count}.");
            double[] times = [.. Enumerable.Range(0, Blocks).Select(block => (block + 0.5) / Blocks)];
            double[] means = [.. Enumerable.Range(0, Blocks).Select(block => Losses.Skip(block * length).Take(length).Average())];
            var line = StraightLine.Fit(times, means);
            double mean = means.Average();
            return new(line.Slope / mean, Confidence.Student(line.Slope / mean, line.SlopeStandardError / mean, Blocks - 2), $"{Blocks} blocks of {length * Stride} steps");
        }
    }
}
