namespace Talweg.Continual;

/// <summary>All weights alike: R(w) = λ Σₜ ‖w − wₜ‖², which is LDC with all N modes and equal flatness 1.</summary>
public sealed record OldWeights : IContinualMethod
{
    /// <summary>λ, nats over squared weights.</summary>
    public double Lambda { get; init; }

    /// <inheritdoc/>
    public double? Strength => Lambda;

    /// <inheritdoc/>
    public IMemory? Remember(IMemory? earlier, LearnedTask task, WorkOptions work)
    {
        ArgumentNullException.ThrowIfNull(task);
        double[] strengths = new double[task.Space.Dimension];
        Array.Fill(strengths, Lambda);
        var memory = DiagonalMemory.Of($"{this}", task.Space, strengths, task.Space.Flatten(task.Weights));
        return earlier is DiagonalMemory before ? before.And(memory) : memory;
    }

    /// <inheritdoc/>
    public override string ToString() => ContinualMethods.Print(this);
}
