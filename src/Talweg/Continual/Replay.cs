using Talweg.Data;
using Talweg.Networks;
using Talweg.Statistics;

namespace Talweg.Continual;

/// <summary>A small buffer of earlier tasks' samples, from which a second minibatch of B is learned at every step: the upper reference, which keeps data.</summary>
/// <remarks>R(w) = λ L^ν(w), ν being B samples drawn from the buffer with replacement: Chaudhry et al., "tiny episodic memories" (2019).</remarks>
public sealed record Replay : IContinualMethod
{
    /// <summary>Samples that are kept of each task, drawn at random.</summary>
    public int Samples { get; init; } = 200;

    /// <summary>λ, the weight of the old samples' loss.</summary>
    public double Lambda { get; init; } = 1;

    /// <inheritdoc/>
    public double? Strength => Lambda;

    /// <inheritdoc/>
    public IMemory? Remember(IMemory? earlier, LearnedTask task, WorkOptions work)
    {
        ArgumentNullException.ThrowIfNull(task);
        if (task.Weights.Network is ModuleNetwork)
            throw new InputException("--method", "replay", $"{task.Weights.Network}", "a network whose layers Talweg knows: a module can learn one minibatch at a time only");
        var kept = new RandomStream(task.Seed, "replay buffer").Permutation(task.Samples.Count).AsSpan(0, Math.Min(Samples, task.Samples.Count));
        float[] inputs = new float[kept.Length * task.Samples.Width];
        task.Samples.Read(kept, inputs);
        int[] labels = new int[kept.Length];
        for (int i = 0; i < labels.Length; i++)
            labels[i] = task.Samples.Labels[kept[i]];
        var samples = new LabelledSamples(inputs, labels, task.Samples.Width, task.Samples.Classes);
        return ReplayMemory.Of(earlier as ReplayMemory, samples, task.Weights, task.Space, task.BatchSize, Lambda, task.Seed);
    }

    /// <inheritdoc/>
    public override string ToString() => ContinualMethods.Print(this);
}
