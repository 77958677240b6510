using System.Text;
using Talweg.Networks;
using Talweg.Storage;

namespace Talweg.Training;

/// <summary>What acts on a training run, or looks at it, from outside its plan.</summary>
public sealed record Interventions
{
    /// <summary>The weights it starts from; null: those that the plan draws.</summary>
    public NetworkWeights? Start { get; init; }

    /// <summary>Added to the weights after every step.</summary>
    public IUpdateNoise? Noise { get; init; }

    /// <summary>Added to the loss.</summary>
    public IPenalty? Penalty { get; init; }

    /// <summary>How the penalty is followed.</summary>
    public PenaltyStep PenaltyStep { get; init; }

    /// <summary>Sees every step.</summary>
    public IStepObserver? Observer { get; init; }

    /// <summary>Looks at the weights at moments of its choice.</summary>
    public IWeightsObserver? Watcher { get; init; }

    /// <summary>The penalty, if it is to be followed implicitly.</summary>
    internal IProximalPenalty? ImplicitPenalty => PenaltyStep == PenaltyStep.Implicit ? Penalty as IProximalPenalty : null;

    /// <summary>The penalty, if it is to be followed explicitly.</summary>
    internal IPenalty? ExplicitPenalty => PenaltyStep == PenaltyStep.Explicit ? Penalty : null;

    internal static Interventions None { get; } = new();

    /// <summary>What they add to a plan's <see cref="TrainingPlan.Fingerprint"/>.</summary>
    internal string Fingerprint
    {
        get
        {
            var text = new StringBuilder();
            if (Noise is not null)
                text.Append(" with noise: ").Append(Noise.Description);
            if (Penalty is not null)
                text.Append(PenaltyStep == PenaltyStep.Implicit ? " with implicit penalty: " : " with penalty: ").Append(Penalty.Description);
            if (Observer is not null)
                text.Append(" seen by: ").Append(Observer.Description);
            if (Start is not null)
                text.Append(" from: ").Append(Checksum(Start));
            return text.ToString();
        }
    }

    /// <exception cref="ArgumentException">They do not fit the plan, or each other.</exception>
    internal void Validate(TrainingPlan plan)
    {
        if (Noise is { RefreshEvery: < 1 })
            throw new ArgumentException($"Noise must refresh every epoch or more, but it says every {Noise.RefreshEvery}.");
        if (Noise is not null && plan.TrainedLayers is not null)
            throw new ArgumentException("Noise moves all weights, but only some layers are trained. Train all of them, or add no noise.");
        if (Start is not null && !Start.Network.Equals(plan.Network))
            throw new ArgumentException($"The weights to start from are of {Start.Network}, but the plan trains {plan.Network}.");
        if (PenaltyStep == PenaltyStep.Implicit && Penalty is not (null or IProximalPenalty))
            throw new ArgumentException($"Only a penalty that knows its minimum near a point can be followed implicitly, but {Penalty.Description} does not. Follow it explicitly.");
        if (PenaltyStep == PenaltyStep.Implicit && Penalty is not null && plan.Optimizer is not (null or Sgd { IsPlain: true }))
            throw new ArgumentException($"A penalty is followed implicitly by plain SGD alone, but the optimizer is {plan.Optimizer}. Follow it explicitly.");
        if (Observer is not null && plan.Optimizer is { Passes: > 1 })
            throw new ArgumentException($"An observer sees one gradient a step, but {plan.Optimizer} takes {plan.Optimizer.Passes}.");
        foreach (var space in new[] { Penalty?.Space, Observer?.Space }.OfType<WeightSpace>())
        {
            if (!space.Network.Equals(plan.Network))
                throw new ArgumentException($"A penalty or observer of the weights of {space.Network} cannot be used on {plan.Network}.");
            _ = new SpaceWithin(space, plan.Trained);          // refuses weights that are not trained, which a penalty would move all the same
        }
    }

    private static string Checksum(NetworkWeights weights)
    {
        using var hash = new NumbersHash();
        foreach (float[] tensor in weights.Tensors)
            hash.With<float>(tensor);
        return hash.Finish();
    }
}
