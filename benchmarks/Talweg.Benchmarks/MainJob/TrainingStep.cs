using Talweg.Networks;
using Talweg.Training;

namespace Talweg.Benchmarks.MainJob;

/// <summary>One step of SGD against TorchSharp's own way, an epoch at a time, both from the same weights through the same minibatches.</summary>
internal sealed class TrainingStep : IBenchmark
{
    private const int ComparedSteps = 200;

    /// <summary>Single precision rounds differently in another order of summation, and 200 steps let the differences grow.</summary>
    private const double Tolerance = 1e-4;

    public string Name => "training-step";

    public string Compares => "a step of 784-50-50-10, B = 50, against TorchSharp's module, autograd and SGD, one thread each";

    public IEnumerable<Measurement> Run(Workplace workplace)
    {
        var data = workplace.Data;
        var minibatches = new Minibatches(data.Train.Count, Workplace.BatchSize, Drawing.WithoutReplacement, seed: 2);
        var weights = DenseWeights.Draw(Workplace.Network, Initialisation.PyTorch, seed: 2);
        double difference = LossDifference(data, weights, minibatches.Epoch(1));

        using var model = new DenseModel(weights, Workplace.BatchSize);
        using var loop = new TorchTrainingLoop(weights, data.Train, Workplace.LearningRate);
        Train(model, data.SparseTrain, minibatches.Epoch(1), minibatches.PerEpoch);
        bool prepared = PreparedIsFaster(loop, minibatches.Epoch(1));
        var times = PairedTimes.Take(
            workplace.Repeat,
            repetition =>
            {
                int[] order = minibatches.Epoch(2 + repetition);
                return PairedTimes.Seconds(() => Train(model, data.SparseTrain, order, minibatches.PerEpoch));
            },
            repetition => TorchSeconds(loop, minibatches.Epoch(2 + repetition), prepared));
        string way = prepared ? "minibatches prepared as tensors" : "minibatches by index_select";
        yield return new(Name, "times as fast", times.Ratios, Bar.AtLeast(2))
        {
            Notes =
            [
                times.Note("a step", minibatches.PerEpoch, $"TorchSharp with {way}, the faster of both ways"),
                $"losses of the first {ComparedSteps} steps differ by {Numbers.Text(difference)} at most, relative (allowed {Numbers.Text(Tolerance)})",
            ],
            Differs = !(difference <= Tolerance),
        };
    }

    private static void Train(DenseModel model, SparseInputs data, int[] order, int steps)
    {
        for (int step = 0; step < steps; step++)
            model.Step(data, order.AsSpan(step * Workplace.BatchSize, Workplace.BatchSize), Workplace.LearningRate);
    }

    private static bool PreparedIsFaster(TorchTrainingLoop loop, int[] order)
    {
        var seconds = Enumerable.Range(0, 6).Select(i => (Prepared: i % 2 == 0, Seconds: TorchSeconds(loop, order, i % 2 == 0))).ToLookup(x => x.Prepared, x => x.Seconds);
        return seconds[true].Min() < seconds[false].Min();
    }

    private static double TorchSeconds(TorchTrainingLoop loop, int[] order, bool prepared)
    {
        using var batches = prepared ? loop.Prepare(order) : loop.Gather(order);
        return PairedTimes.Seconds(() => loop.Train(batches));
    }

    private static double LossDifference(TrainingData data, DenseWeights weights, int[] order)
    {
        using var model = new DenseModel(weights, Workplace.BatchSize);
        using var loop = new TorchTrainingLoop(weights, data.Train, Workplace.LearningRate);
        using var batches = loop.Gather(order);
        double[] torch = loop.Losses(batches, ComparedSteps);
        double[] own = [.. Enumerable.Range(0, ComparedSteps).Select(step =>
            model.Step(data.SparseTrain, order.AsSpan(step * Workplace.BatchSize, Workplace.BatchSize), Workplace.LearningRate))];
        return Numbers.RelativeDifference(own, torch);
    }
}
