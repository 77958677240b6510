using Talweg.Data;
using Talweg.Networks;
using Talweg.Training;
using Talweg.Trajectories;

namespace Talweg.Continual;

/// <summary>A task that has just been learned: all that a method may look at to remember it.</summary>
public sealed record LearnedTask
{
    /// <summary>What was learned, as the network takes it.</summary>
    public required LabelledSamples Samples { get; init; }

    /// <summary>All weights after the last step.</summary>
    public required NetworkWeights Weights { get; init; }

    /// <summary>All weights before the first.</summary>
    public required NetworkWeights Start { get; init; }

    /// <summary>The weights that were trained, which are remembered.</summary>
    public required WeightSpace Space { get; init; }

    /// <summary>B.</summary>
    public required int BatchSize { get; init; }

    /// <summary>Root of the random numbers of what is remembered.</summary>
    public required long Seed { get; init; }

    /// <summary>How the weights moved in the last epochs; null unless the method <see cref="IContinualMethod.NeedsWindow"/>.</summary>
    public IWindow? Window { get; init; }

    /// <summary>The method's own observer of the training; null unless it has one.</summary>
    public IStepObserver? Observer { get; init; }
}
