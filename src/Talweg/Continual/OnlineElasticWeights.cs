using Talweg.Noise;

namespace Talweg.Continual;

/// <summary>Online EWC: R(w) = (λ/2) Σ_k f̃_k (w_k − w_kₜ)² about the weights of the last task alone, with f̃ ← γ f̃ + f after every task.</summary>
/// <remarks>Schwarz et al., ICML 2018, Eqs. 8 and 9 (there without their normalisation of f).</remarks>
public sealed record OnlineElasticWeights : IContinualMethod
{
    /// <summary>λ, a number.</summary>
    public double Lambda { get; init; }

    /// <summary>γ, 0 to 1: how much of the earlier tasks' f stays.</summary>
    public double Decay { get; init; } = 1;

    /// <summary>Which squared gradients.</summary>
    public FisherKind Fisher { get; init; } = FisherKind.Exact;

    /// <inheritdoc/>
    public double? Strength => Lambda;

    /// <inheritdoc/>
    public IMemory? Remember(IMemory? earlier, LearnedTask task, WorkOptions work)
    {
        ArgumentNullException.ThrowIfNull(task);
        double[] fisher = FisherDiagonal.Of(Fisher, task.Weights, task.Samples, task.Space, task.BatchSize, work);
        var memory = DiagonalMemory.Of($"{this}", task.Space, ElasticWeights.Strengths(fisher, Lambda, 0), task.Space.Flatten(task.Weights));
        return earlier is DiagonalMemory before ? before.Moved(memory, Decay) : memory;
    }

    /// <inheritdoc/>
    public override string ToString() => ContinualMethods.Print(this);
}
