using Talweg.Training.Updates;

namespace Talweg.Training;

/// <summary>Stochastic gradient descent with momentum μ: v ← μ v + g + λ w, w ← w − α v; with Nesterov's, w ← w − α (g + λ w + μ v).</summary>
/// <remarks>As torch.optim.SGD: v starts at 0, and α does not enter it (Sutskever et al., ICML 2013, write it otherwise). Without momentum v is the gradient itself.</remarks>
public sealed record Sgd : Optimizer
{
    /// <summary>μ; 0 for none.</summary>
    public double Momentum { get; init; }

    /// <summary>Whether the momentum is Nesterov's.</summary>
    public bool Nesterov { get; init; }

    /// <summary>Whether a step is nothing but w ← w − α g.</summary>
    internal bool IsPlain => Momentum == 0 && WeightDecay == 0;

    internal override void Validate()
    {
        base.Validate();
        if (Nesterov && Momentum == 0)
            throw new InputException("--optimizer", "nesterov", $"it without momentum in '{this}'", "a momentum above 0, as in sgd:lr=0.1,momentum=0.9,nesterov");
    }

    internal override UpdateRule Start(int weights, long seed) => new MomentumRule(weights, WeightDecay, Momentum, Nesterov);
}

/// <summary>Gradient descent on the whole training set: w ← w − α (∂L/∂w + λ w), once an epoch. The plan's batch size must be the number of samples.</summary>
/// <remarks>The samples pass in chunks, so that only one chunk's activations are in memory.</remarks>
public sealed record GradientDescent : Optimizer
{
    internal override UpdateRule Start(int weights, long seed) => new MomentumRule(weights, WeightDecay, 0, nesterov: false);
}
