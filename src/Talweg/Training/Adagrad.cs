using Talweg.Training.Updates;

namespace Talweg.Training;

/// <summary>Adagrad: s ← s + d² with d = g + λ w, then w ← w − α d/(√s + ε).</summary>
/// <remarks>Duchi, Hazan and Singer, JMLR 12, 2121 (2011); as torch.optim.Adagrad without decay of the learning rate, with s = 0 at first.</remarks>
public sealed record Adagrad : Optimizer
{
    /// <summary>With PyTorch's defaults.</summary>
    public Adagrad() => LearningRate = 1e-2;

    /// <summary>ε.</summary>
    public double Epsilon { get; init; } = 1e-10;

    internal override UpdateRule Start(int weights, long seed) => new AdagradRule(weights, WeightDecay, Epsilon);
}
