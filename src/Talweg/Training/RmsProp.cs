using Talweg.Training.Updates;

namespace Talweg.Training;

/// <summary>RMSProp: s ← a s + (1 − a) d² with d = g + λ w, then v ← μ v + d/(√s + ε) and w ← w − α v.</summary>
/// <remarks>Tieleman and Hinton, lecture 6.5 (2012); as torch.optim.RMSprop. Centered, s − m² stands for s, with m ← a m + (1 − a) d (Graves, arXiv:1308.0850).</remarks>
public sealed record RmsProp : Optimizer
{
    /// <summary>With PyTorch's defaults.</summary>
    public RmsProp() => LearningRate = 1e-2;

    /// <summary>a, how slowly the mean square forgets.</summary>
    public double Alpha { get; init; } = 0.99;

    /// <summary>ε.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>μ; 0 for none.</summary>
    public double Momentum { get; init; }

    /// <summary>Whether the mean gradient's square is taken off.</summary>
    public bool Centered { get; init; }

    internal override UpdateRule Start(int weights, long seed) => new RmsPropRule(weights, WeightDecay, Alpha, Epsilon, Momentum, Centered);
}
