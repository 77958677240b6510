using Talweg.Continual;
using Talweg.Networks;
using Talweg.Tests.Storage;
using Talweg.Tests.Training;
using Talweg.Training;

namespace Talweg.Tests.Continual;

/// <summary>Tasks of the same samples, whose minibatches are read from the weights: every task has an order of its own, of the plan's seed.</summary>
public sealed class TaskStreamsTests : IDisposable
{
    private const int Count = 50;
    private const int BatchSize = 5;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Two random orders agree on the minibatch of 5 ± 2.1 samples of 50; the same stream would on all.</summary>
    [Fact]
    public void Each_task_has_minibatches_of_its_own()
    {
        int[][] places = [Places(0, seed: 1), Places(1, seed: 1), Places(2, seed: 1), Places(0, seed: 2), Places(1, seed: 2)];
        for (int one = 0; one < places.Length; one++)
        {
            for (int other = 0; other < one; other++)
                Assert.InRange(Enumerable.Range(0, Count).Count(sample => places[one][sample] == places[other][sample]), 0, 5 + 9);
        }
    }

    [Fact]
    public void A_task_has_the_same_minibatches_again() => Assert.Equal(Places(1, seed: 1), Places(1, seed: 1, folder: "again"));

    /// <summary>What a method draws after a task, such as the samples of replay, is of the task's stream as well.</summary>
    [Fact]
    public void What_is_looked_at_after_a_task_has_the_tasks_own_seed()
    {
        long[] seeds = [.. Enumerable.Range(0, 3).Select(task =>
        {
            var (training, run, start) = Run(task, seed: 1, $"learned {task}", null);
            return training.Learned(run, start, null).Seed;
        })];
        Assert.Equal(3, seeds.Distinct().Count());
    }

    /// <summary>The minibatch of each sample in the first epoch of a task, counted from 0.</summary>
    private int[] Places(int task, long seed, string folder = "run")
    {
        var samples = new OneHotSamples(Count);
        string path = $"{folder}, task {task}, seed {seed}";
        var (_, run, start) = Run(task, seed, path, [.. Enumerable.Range(0, 11).Select(t => (long)t)]);
        var plan = samples.Plan(BatchSize, 1);
        double[][] weights = [.. Enumerable.Range(0, 11).Select(t => Array.ConvertAll(Snapshots.LoadIteration(_folder[path], t, start.Network).Tensors[0].ToArray(), w => (double)w))];
        Assert.Equal(10, run.IterationsPerEpoch);
        int[] places = new int[Count];
        for (int t = 0; t < 10; t++)
        {
            int[] times = samples.Times(weights[t], weights[t + 1], plan);
            Assert.Equal(BatchSize, times.Sum());
            for (int sample = 0; sample < Count; sample++)
                places[sample] += times[sample] * t;
        }

        return places;
    }

    private (TaskTraining Training, TrainingRun Run, NetworkWeights Start) Run(int task, long seed, string folder, IReadOnlyList<long>? keep)
    {
        var samples = new OneHotSamples(Count);
        var tasks = new TaskSequence("thrice the same", [.. Enumerable.Range(1, 3).Select(number => new LearningTask($"{number}", samples.Samples, samples.Samples))]);
        var plan = new ContinualPlan { Network = FullyConnected.Of(Count, 2), Method = new NoMethod(), BatchSize = BatchSize, LearningRate = 0.5, Epochs = 1, Seed = seed };
        var stage = ContinualStage.Prepare(plan, tasks, _folder[$"{folder}, stage"]);
        var training = new TaskTraining(plan, stage, task, _folder[folder]);
        return (training, training.Run(stage.Start, null, keep), stage.Start);
    }
}
