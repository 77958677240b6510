using Talweg.Noise;

namespace Talweg.Continual;

/// <summary>Elastic weight consolidation (EWC): R(w) = (λ/2) Σₜ Σ_k f_kₜ (w_k − w_kₜ)², f being the Fisher information's diagonal after task t.</summary>
/// <remarks>Kirkpatrick et al., PNAS 114, 3521 (2017), Eq. 3. What is called Fisher information differs between programs: <see cref="FisherKind"/>.</remarks>
public sealed record ElasticWeights : IContinualMethod
{
    /// <summary>λ, a number: f has units of nats over squared weights.</summary>
    public double Lambda { get; init; }

    /// <summary>Which squared gradients.</summary>
    public FisherKind Fisher { get; init; } = FisherKind.Exact;

    /// <summary>N_c: of each task only so many weights, those with the largest f, are constrained (2021, Fig. 4F); 0: all.</summary>
    public int Weights { get; init; }

    /// <inheritdoc/>
    public double? Strength => Lambda;

    /// <inheritdoc/>
    public IMemory? Remember(IMemory? earlier, LearnedTask task, WorkOptions work)
    {
        ArgumentNullException.ThrowIfNull(task);
        var memory = Springs(FisherDiagonal.Of(Fisher, task.Weights, task.Samples, task.Space, task.BatchSize, work), task);
        return earlier is DiagonalMemory before ? before.And(memory) : memory;
    }

    /// <inheritdoc/>
    public override string ToString() => ContinualMethods.Print(this);

    private DiagonalMemory Springs(double[] fisher, LearnedTask task) =>
        DiagonalMemory.Of($"{this}", task.Space, Strengths(fisher, Lambda, Weights), task.Space.Flatten(task.Weights));

    /// <summary>½ λ f, 0 for all but the largest.</summary>
    internal static double[] Strengths(double[] fisher, double lambda, int weights)
    {
        double[] strengths = [.. fisher.Select(f => 0.5 * lambda * f)];
        if (weights == 0 || weights >= fisher.Length)
            return strengths;
        int[] order = [.. Enumerable.Range(0, fisher.Length)];
        Array.Sort([.. fisher.Select(f => -f)], order);
        foreach (int small in order.AsSpan(weights))
            strengths[small] = 0;
        return strengths;
    }
}
