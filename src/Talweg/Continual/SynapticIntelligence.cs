using Talweg.Networks;
using Talweg.Training;

namespace Talweg.Continual;

/// <summary>Synaptic intelligence (SI): R(w) = λ Σ_k Ω_k (w_k − w_kₜ)² about the weights of the last task, Ω_k = Σₜ max(ω_kₜ, 0)/(Δ_kₜ² + ξ).</summary>
/// <remarks>
/// Zenke et al., ICML 2017, Eqs. 3 to 5: ω_k = −Σ g_k δ_k over a task's steps δ, with g the gradient of the data's loss, is how much of the loss's fall the weight brought about, and Δ_k how far
/// it went. A weight with a negative ω gets no spring; the paper does not speak of that case, and a negative spring would have no minimum.
/// </remarks>
public sealed record SynapticIntelligence : IContinualMethod
{
    /// <summary>λ (the paper's c), a number.</summary>
    public double Lambda { get; init; }

    /// <summary>ξ, squared weights.</summary>
    public double Damping { get; init; } = 1e-3;

    /// <inheritdoc/>
    public double? Strength => Lambda;

    /// <inheritdoc/>
    public IStepObserver? Observe(WeightSpace space) => new PathIntegral(space);

    /// <inheritdoc/>
    public IMemory? Remember(IMemory? earlier, LearnedTask task, WorkOptions work)
    {
        ArgumentNullException.ThrowIfNull(task);
        if (task.Observer is not PathIntegral path)
            throw new ArgumentException("Synaptic intelligence needs its observer of the task's training, but there was none.", nameof(task));
        float[] start = task.Space.Flatten(task.Start), end = task.Space.Flatten(task.Weights);
        double[] strengths = new double[end.Length];
        for (int k = 0; k < end.Length; k++)
        {
            double moved = (double)end[k] - start[k];
            strengths[k] = Lambda * Math.Max(path.Work[k], 0) / (moved * moved + Damping);
        }

        var memory = DiagonalMemory.Of($"{this}", task.Space, strengths, end);
        return earlier is DiagonalMemory before ? before.Moved(memory, 1) : memory;
    }

    /// <inheritdoc/>
    public override string ToString() => ContinualMethods.Print(this);
}
