using Talweg.Networks;
using Talweg.Training;

namespace Talweg.Benchmarks.MainJob;

/// <summary>Whether two training runs side by side disturb each other: steps a second of two replicas on two threads over those of one.</summary>
internal sealed class TwoCells : IBenchmark
{
    public string Name => "two-cells";

    public string Compares => "steps a second of two replicas on two threads, against one replica on one";

    private static Bar Needed => Bar.AtLeast(1.7);

    public IEnumerable<Measurement> Run(Workplace workplace)
    {
        if (Environment.ProcessorCount < 2)
        {
            yield return Measurement.Skipped(Name, "times as many", Needed, "this takes two processors");
            yield break;
        }

        var data = workplace.Data.SparseTrain;
        var minibatches = new Minibatches(data.Count, Workplace.BatchSize, Drawing.WithoutReplacement, seed: 3);
        DenseModel[] models = [.. Enumerable.Range(0, 2).Select(seed => new DenseModel(DenseWeights.Draw(Workplace.Network, Initialisation.PyTorch, seed), Workplace.BatchSize))];
        int[] order = minibatches.Epoch(1);
        Train(models);
        var times = PairedTimes.Take(workplace.Repeat, _ => Train(models), _ => Train(models[..1]));
        foreach (var model in models)
            model.Dispose();
        yield return new(Name, "times as many", [.. times.Ratios.Select(ratio => 2 * ratio)], Needed)
        {
            Notes = [times.Note("for a step of both", minibatches.PerEpoch, "a step of one alone")],
        };

        double Train(DenseModel[] replicas)
        {
            Thread[] threads = [.. replicas.Select(model => new Thread(() => RunEpoch(model)))];
            return PairedTimes.Seconds(() =>
            {
                Array.ForEach(threads, thread => thread.Start());
                Array.ForEach(threads, thread => thread.Join());
            });
        }

        void RunEpoch(DenseModel model)
        {
            for (int step = 0; step < minibatches.PerEpoch; step++)
                model.Step(data, order.AsSpan(step * Workplace.BatchSize, Workplace.BatchSize), Workplace.LearningRate);
        }
    }
}
