using Talweg.Training.Updates;

namespace Talweg.Training;

/// <summary>Entropy-SGD: steps to the mean of a short Langevin walk around the weights, and so towards wide valleys.</summary>
/// <remarks>
/// <para>
/// Chaudhari et al., ICLR 2017 (arXiv:1611.01838), Algorithm 1. From x′ = μ = w, <see cref="Steps"/> times, each on a minibatch of its own:
/// x′ ← x′ − η′ (g(x′) + λ x′ − γₜ (w − x′)) + √η′ ε ξ with ξ standard normal, and μ ← a μ + (1 − a) x′. Then w ← w − α (w − μ).
/// </para>
/// <para>
/// Three conventions differ between the paper and its authors' program. The inner noise here has the paper's deviation, √η′ ε a step; the program's is √(2η′) ε,
/// so its ε is smaller by √2 for the same noise. The outer step here is the program's: the factor γ with which the paper multiplies it is part of α, so that
/// α = 1 goes to μ. The mean is the program's too: <see cref="Average"/> is the weight of the old mean, 0.75. The paper's step, as commonly given, is
/// μ ← (1 − α) μ + α x′ with α = 0.75, which is <see cref="Average"/> = 0.25 here. No copy of the paper was at hand to read it in. γₜ = γ (1 + γ₁)ᵗ, t counting iterations before this one. An epoch passes over the data L times.
/// </para>
/// </remarks>
public sealed record EntropySgd : Optimizer
{
    /// <summary>L, steps of the walk.</summary>
    public int Steps { get; init; } = 20;

    /// <summary>γ, the scope: how strongly the walk is held to the weights.</summary>
    public double Gamma { get; init; } = 1e-4;

    /// <summary>γ₁, by which the scope grows an iteration.</summary>
    public double Scoping { get; init; }

    /// <summary>ε, the thermal noise: each step of the walk adds noise of deviation √η′ ε to every weight.</summary>
    public double Noise { get; init; } = 1e-4;

    /// <summary>η′, the walk's step size. The schedule leaves it alone.</summary>
    public double InnerRate { get; init; } = 0.1;

    /// <summary>a, the weight of the old mean: how slowly it forgets. The authors' program keeps 0.75; the paper as commonly given, 0.25.</summary>
    public double Average { get; init; } = 0.75;

    internal override int Passes => Steps;

    internal override UpdateRule Start(int weights, long seed) => new EntropyRule(weights, this, seed);
}
