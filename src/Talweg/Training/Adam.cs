using Talweg.Training.Updates;

namespace Talweg.Training;

/// <summary>Adam: m ← β₁ m + (1 − β₁) d and v ← β₂ v + (1 − β₂) d² with d = g + λ w, then w ← w − α m̂/(√v̂ + ε), m̂ = m/(1 − β₁ᵗ), v̂ = v/(1 − β₂ᵗ).</summary>
/// <remarks>Kingma and Ba, ICLR 2015, Algorithm 1; as torch.optim.Adam.</remarks>
public sealed record Adam : Optimizer
{
    /// <summary>With PyTorch's defaults.</summary>
    public Adam() => LearningRate = 1e-3;

    /// <summary>β₁, how slowly the mean gradient forgets.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>β₂, how slowly the mean square forgets.</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>ε.</summary>
    public double Epsilon { get; init; } = 1e-8;

    internal override UpdateRule Start(int weights, long seed) => new AdamRule(weights, WeightDecay, 0, Beta1, Beta2, Epsilon);
}

/// <summary>Adam with decoupled weight decay: w ← (1 − α λ) w, then a step of <see cref="Adam"/> with d = g.</summary>
/// <remarks>Loshchilov and Hutter, ICLR 2019, Algorithm 2; as torch.optim.AdamW, whose λ is 0.01 by default and which multiplies λ with α.</remarks>
public sealed record AdamW : Optimizer
{
    /// <summary>With PyTorch's defaults.</summary>
    public AdamW() => (LearningRate, WeightDecay) = (1e-3, 1e-2);

    /// <summary>β₁, how slowly the mean gradient forgets.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>β₂, how slowly the mean square forgets.</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>ε.</summary>
    public double Epsilon { get; init; } = 1e-8;

    internal override UpdateRule Start(int weights, long seed) => new AdamRule(weights, 0, WeightDecay, Beta1, Beta2, Epsilon);
}
