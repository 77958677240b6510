using Talweg.Networks;

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
    public double? Strength => Lambda;

    /// <inheritdoc/>
    public bool NeedsWindow => true;

    /// <inheritdoc/>
    /// <exception cref="InputException">Not one mode can be constrained, so that nothing would be remembered.</exception>
    public IMemory? Remember(IMemory? earlier, LearnedTask task, WorkOptions work)
    {
        ArgumentNullException.ThrowIfNull(task);
        var modes = TaskModes.Of(task, Modes, measure: Flatness != FlatnessSource.Variance, work);
        var memory = Constrain(modes, task.Space);
        if (memory.Springs == 0 && Lambda > 0)
            throw NothingHeld(modes, task);
        return earlier is LandscapeMemory before ? before.And(memory) : memory;
    }

    /// <summary>The constraints of one task, of its first <see cref="Modes"/> modes.</summary>
    /// <param name="modes">The task's modes, with a measured flatness unless it is to come from variances alone.</param>
    /// <param name="space">Of which weights.</param>
    /// <exception cref="ArgumentException">A measured flatness is needed, and there is none.</exception>
    public LandscapeMemory Constrain(TaskModes modes, WeightSpace space)
    {
        ArgumentNullException.ThrowIfNull(modes);
        if (Flatness != FlatnessSource.Variance && modes.Flatness is null)
            throw new ArgumentException($"'{this}' needs a measured flatness, but none was measured.", nameof(modes));
        var first = modes.First(Modes);
        var flatness = Flatness switch
        {
            FlatnessSource.Measured => first.Flatness!,
            FlatnessSource.Matched => FlatnessEstimate.FromVariances([.. first.Variances], Psi, first.Flatness),
            _ => FlatnessEstimate.FromVariances([.. first.Variances], Psi),
        };
        return LandscapeMemory.Of(space, [.. first.Centre], first.Directions, flatness, Lambda);
    }

    private InputException NothingHeld(TaskModes modes, LearnedTask task) => new(
        "constraints", $"modes that '{this}' holds", $"none: {task.Window?.Iterations} recorded steps have {modes.Directions.Count} modes, of which {modes.Flatness?.Count(flatness => flatness is null) ?? 0} have an open side, "
        + "where the loss never reaches e times its value at the task's solution", "at least one; record more steps, train the task further, or take flatness=variance, which measures nothing");

    /// <inheritdoc/>
    public override string ToString() => ContinualMethods.Print(this);
}
