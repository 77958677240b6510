using Talweg.Landscapes;
using Talweg.Trajectories;
using TorchSharp;

namespace Talweg.Continual;

/// <summary>Where landscape-dependent constraints take a mode's flatness from.</summary>
public enum FlatnessSource
{
    /// <summary>From the landscape, along every mode: 2021, Eq. 7.</summary>
    Measured,

    /// <summary>From the mode's variance, Fᵢ = (σ²ᵢ/c)^(−1/ψ), with c such that their geometric mean is 1: nothing is measured.</summary>
    Variance,

    /// <summary>From the variance, with c such that their geometric mean is that of the measured flatness.</summary>
    Matched,
}

/// <summary>Landscape-dependent constraints (LDC): springs along the top modes of earlier tasks, the weaker the flatter: R(w) = λ Σₜ Σᵢ ((w − wₜ)·pₜᵢ)²/Fₜᵢ².</summary>
/// <remarks>
/// Feng and Tu, PNAS 118, e2015617118 (2021), Eq. 14 (2020: Eq. 15). Modes are those of the recorded window, in the order of their variance; the 2021 text speaks of those with the
/// lowest flatness, which by the inverse relation are about the same.
/// </remarks>
public sealed record LandscapeConstraints : IContinualMethod
{
    /// <summary>λ, nats.</summary>
    public double Lambda { get; init; }

    /// <summary>N_c, modes that are constrained of each task.</summary>
    public int Modes { get; init; } = 200;

    /// <summary>Where F comes from.</summary>
    public FlatnessSource Flatness { get; init; } = FlatnessSource.Measured;

    /// <summary>ψ of σ² ~ F^−ψ, where F comes from variances.</summary>
    public double Psi { get; init; } = 4;

    /// <inheritdoc/>
    public bool NeedsWindow => true;

    /// <inheritdoc/>
    public IMemory? Remember(IMemory? earlier, LearnedTask task, WorkOptions work)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(work);
        var window = task.Window ?? throw new ArgumentException("Landscape-dependent constraints need the trajectory of the task's last epochs, but nothing was recorded.", nameof(task));
        torch.set_num_threads(1);                              // a resumed run knows its memory by the last bits, which depend on it
        var modes = PrincipalModes.Of(window, Math.Min(Modes, Math.Min(window.Iterations, window.Dimension)));
        var directions = Directions.Of(modes.Directions, modes.Dimension);
        var measured = Flatness == FlatnessSource.Variance ? null : Measure(task, directions, work);
        var flatness = Flatness == FlatnessSource.Measured ? measured! : FlatnessEstimate.FromVariances(modes.Variances.AsSpan(0, modes.Count), Psi, measured);
        var memory = LandscapeMemory.Of(task.Space, task.Space.Flatten(task.Weights), directions, flatness, Lambda);
        return earlier is LandscapeMemory before ? before.And(memory) : memory;
    }

    /// <inheritdoc/>
    public override string ToString() => ContinualMethods.Print(this);

    private static IReadOnlyList<double?> Measure(LearnedTask task, Directions directions, WorkOptions work)
    {
        using var landscape = Landscape.Of(task.Weights, task.Samples, task.Space, threads: work.Threads);
        return [.. Landscapes.Flatness.Along(landscape, directions, new() { Fit = false }, work).Select(found => found.Value)];
    }
}
