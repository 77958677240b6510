using Talweg.Data;
using Talweg.Networks;
using Talweg.Studies.Forgetting;
using Talweg.Training;

namespace Talweg.Studies.Tests.Forgetting;

/// <summary>One training, looked at at all its stops, against trainings that end there.</summary>
public sealed class StopWatcherTests : IDisposable
{
    private static readonly FullyConnected Network = FullyConnected.Of(784, 8, 10);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static TrainingData Digits(params int[] classes)
    {
        var digits = Datasets.Load("digits", cancellation: TestContext.Current.CancellationToken);
        return new(LabelledSamples.Of(digits.Train.First(2000).OfClasses(classes), PixelScaling.Unit), LabelledSamples.Of(digits.Test.First(1000).OfClasses(classes), PixelScaling.Unit));
    }

    private TrainingRun Train(TrainingData data, string name, int epochs, IWeightsObserver? watcher = null, IReadOnlyList<long>? keep = null) => Trainer.Run(
        new() { Network = Network, BatchSize = 20, LearningRate = 0.1, Seed = 1, MaxEpochs = epochs, ExtraEpochs = null, Recording = Recording.None, SnapshotIterations = keep },
        data, _folder.File(name), interventions: new() { Watcher = watcher });

    [Fact]
    public void Stops_are_where_shorter_trainings_end_and_errors_where_they_first_fall_so_far()
    {
        TrainingData first = Digits(0, 1), second = Digits(2, 3);
        int perEpoch = second.Train.Count / 20;
        var ladder = new Ladder("α = 0.1", 0.1, null, [0.3, 0.1, 0], [0.5, 1, 3]);
        var watcher = new StopWatcher(ladder, perEpoch, [first, second], follows: true);
        Train(second, "watched", 3, watcher);
        Assert.Equal(Train(second, "one", 1).Weights.Tensors, watcher.At("1 epoch")!.Value.Weights.Tensors);
        Assert.Equal(Train(second, "three", 3).Weights.Tensors, watcher.At("3 epochs")!.Value.Weights.Tensors);
        Assert.Equal((long)Math.Round(0.5 * perEpoch), watcher.At("½ epoch")!.Value.Iteration);

        long[] moments = [.. StopWatcher.Moments(3L * perEpoch)];
        Train(second, "kept", 3, keep: moments);
        double Error(TrainingData data, long iteration) => Performance.OnTest(Snapshots.LoadIteration(_folder.File("kept"), iteration, Network), data).Error;
        foreach (double bound in (double[])[0.3, 0.1])
        {
            var (iteration, weights) = watcher.At(Ladder.ErrorName(bound))!.Value;
            Assert.Equal(moments.First(moment => moment > 0 && Error(second, moment) <= bound), iteration);
            Assert.Equal(Snapshots.LoadIteration(_folder.File("kept"), iteration, Network).Tensors, weights.Tensors);
        }

        Assert.True(Error(second, moments[^1]) > 0);
        Assert.Null(watcher.At(Ladder.ErrorName(0)));          // never so good
        foreach (var point in watcher.Course.Where(point => moments.Contains(point.Iteration)))
            Assert.Equal([Error(first, point.Iteration), Error(second, point.Iteration)], point.Errors);
        Assert.Equal([.. moments.Concat([perEpoch, 2L * perEpoch, 3L * perEpoch]).Distinct().Order()], watcher.Course.Select(point => point.Iteration));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_error_that_equals_its_bound_has_reached_it_but_not_before_the_first_iteration(bool follows)
    {
        // Ten samples (1, k) of class 0, right where a − k > 0.
        LabelledSamples samples = new([.. Enumerable.Range(0, 10).SelectMany(k => (float[])[1, k])], new int[10], 2, 2);
        DenseWeights Wrong(int count) => DenseWeights.Of(FullyConnected.Of(2, 2), [[9.5f - count, -1, 0, 0]]);
        var watcher = new StopWatcher(new("", 0.1, null, [0.3, 0.1, 0.05], [1]), 6, [new(samples, samples)], follows);
        int[] wrong = [0, 5, 4, 3, 2, 0];
        for (int iteration = 0; iteration < wrong.Length; iteration++)
        {
            Assert.True(watcher.Wants(iteration));
            watcher.See(iteration, Wrong(wrong[iteration]));
        }

        Assert.Equal(3, watcher.At(Ladder.ErrorName(0.3))!.Value.Iteration);
        Assert.Equal(5, watcher.At(Ladder.ErrorName(0.1))!.Value.Iteration);
        Assert.Equal(5, watcher.At(Ladder.ErrorName(0.05))!.Value.Iteration);
        Assert.Equal(follows ? [0, 0.5, 0.4, 0.3, 0.2, 0] : [], watcher.Course.Select(point => point.Errors[0]));
        Assert.Equal(follows, watcher.Wants(4));               // all bounds are reached, and only an epoch's end is still to come
        Assert.True(watcher.Wants(6));
        Assert.Null(watcher.At("1 epoch"));
    }

    [Fact]
    public void Moments_grow_by_a_fifth()
    {
        long[] moments = [.. StopWatcher.Moments(100)];
        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 18, 22, 27, 33, 40, 48, 58, 70, 84], moments);
    }

    [Fact]
    public void Names_are_in_order_of_length() =>
        Assert.Equal(["ε₂ ≤ 2%", "ε₂ ≤ 1%", "½ epoch", "1 epoch", "20 epochs"], new Ladder("", 1, null, [0.01, 0.02], [20, 0.5, 1]).Stops);
}
