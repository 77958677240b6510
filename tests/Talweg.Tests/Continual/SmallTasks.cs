using Talweg.Continual;
using Talweg.Data;
using Talweg.Tests.Networks;

namespace Talweg.Tests.Continual;

/// <summary>Tasks of a few noisy clouds each, which share one output layer.</summary>
internal static class SmallTasks
{
    /// <summary>Two or three tasks of two classes each, 6 inputs.</summary>
    public static TaskSequence Of(int tasks, int count = 240) => new($"{tasks} small tasks", [.. Enumerable.Range(0, tasks).Select(task =>
        new LearningTask($"{2 * task}{2 * task + 1}", Classes(task, count, 1), Classes(task, count / 2, 2)))]);

    /// <summary>The samples of classes 2 task and 2 task + 1 among six clouds; samples of another stream lie about the same centres.</summary>
    private static LabelledSamples Classes(int task, int count, int stream)
    {
        // The centres are drawn first, so that sets of any size and noise share them.
        var all = SmallNetworks.Clouds(2 * count, 6, 6, seed: 1, noise: 0.4, zeros: 0.1);
        int[] which = [.. Enumerable.Range(0, all.Count).Where(sample => all.Labels[sample] / 2 == task && sample % 2 == stream - 1)];
        float[] inputs = new float[which.Length * 6];
        all.Read(which, inputs);
        return new(inputs, [.. which.Select(sample => all.Labels[sample])], 6, 6);
    }

    public static IEnumerable<float[]> Rows(this LabelledSamples samples) => Enumerable.Range(0, samples.Count).Select(sample => samples.Input(sample).ToArray());
}
