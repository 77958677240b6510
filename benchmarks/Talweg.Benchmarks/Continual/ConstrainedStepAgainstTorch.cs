using Talweg.Benchmarks.MainJob;
using Talweg.Training;

namespace Talweg.Benchmarks.Continual;

/// <summary>A step with landscape-dependent constraints against TorchSharp's own way: the penalty in torch, added to the loss, autograd and SGD.</summary>
internal sealed class ConstrainedStepAgainstTorch : IBenchmark
{
    private const int ComparedSteps = 100;

    /// <summary>Of the largest weight: both round in single precision in different orders, and a hundred steps let differences grow.</summary>
    private const double Tolerance = 1e-4;

    public string Name => "constrained-step-torch";

    public string Compares => "a step with landscape-dependent constraints against TorchSharp's module, autograd and SGD with the same penalty in torch";

    public IEnumerable<Measurement> Run(Workplace workplace)
    {
        var data = workplace.Data;
        var minibatches = new Minibatches(data.Train.Count, Workplace.BatchSize, Drawing.WithoutReplacement, seed: 3);
        var descent = new PlainDescent(new() { Penalty = Springs.Landscape(workplace.Trained) });
        using var model = new DenseTraining(workplace.Trained, data, Workplace.BatchSize);
        using var loop = new TorchConstrainedLoop(workplace.Trained, data.Train, Workplace.LearningRate, MiddleLayer.Directions(Springs.Modes), Springs.Scales);
        double difference = Difference(model, descent, loop, minibatches.Epoch(1));
        var times = PairedTimes.Take(
            workplace.Repeat,
            i => PairedTimes.Seconds(() => Train(model, descent, minibatches.Epoch(2 + i), minibatches.PerEpoch)),
            i =>
            {
                using var batches = loop.Loop.Prepare(minibatches.Epoch(2 + i));
                return PairedTimes.Seconds(() => loop.Loop.Train(batches));
            });
        yield return new(Name, "times as fast", times.Ratios, Bar.AtLeast(2))
        {
            Notes =
            [
                times.Note("a step", minibatches.PerEpoch, "TorchSharp with minibatches prepared as tensors"),
                $"weights of the middle layer after {ComparedSteps} steps differ by {Numbers.Text(difference)} of the largest (allowed {Numbers.Text(Tolerance)})",
            ],
            Differs = !(difference <= Tolerance),
        };
    }

    private static void Train(DenseTraining model, PlainDescent descent, int[] order, int steps)
    {
        for (int step = 0; step < steps; step++)
            descent.Step(model, new(1, [order], step * Workplace.BatchSize, Workplace.BatchSize), Workplace.LearningRate);
    }

    private static double Difference(DenseTraining model, PlainDescent descent, TorchConstrainedLoop loop, int[] order)
    {
        Train(model, descent, order, ComparedSteps);
        using var batches = loop.Loop.Prepare(order[..(ComparedSteps * Workplace.BatchSize)]);
        loop.Loop.Train(batches);
        float[] own = new float[Springs.Space.Dimension];
        model.Read(Springs.Space, own);
        return Numbers.DifferenceOverLargest([.. own.Select(w => (double)w)], [.. loop.MiddleLayer().Select(w => (double)w)]);
    }
}
