using Talweg.Landscapes;
using Talweg.Networks;
using Talweg.Noise;
using Talweg.Statistics;
using Talweg.Studies.Running;

namespace Talweg.Studies.SgdNoise;

/// <summary>MU-1 in one cell: every layer's training signal and its deviation over minibatches, at many times of training.</summary>
internal static class LayersMeasurement
{
    public const string FileName = "signals.parquet";

    public static void Run(TrainedCell trained)
    {
        var samples = trained.Data.Train;
        var sets = MinibatchSets.Shuffled(samples.Count, trained.Cell.BatchSize, new RandomStream(trained.Cell.Seed, "noise/minibatches"));
        TrainingTime[] times = [.. trained.Times.OrderBy(time => time.Update).DistinctBy(time => time.Update)];
        var rows = new List<SignalRow>();
        for (int i = 0; i < times.Length; i++)
        {
            trained.Context.Cancellation.ThrowIfCancellationRequested();
            trained.Context.Progress.Report(new("layer signals", i, times.Length));
            var weights = times[i].Weights();
            double loss = LossAt(trained, weights);
            rows.AddRange(LayerSignals.Measure(weights, samples, sets, new(trained.Context.Threads, null, trained.Context.Cancellation)).Select(signal => new SignalRow
            {
                Iteration = times[i].Update,
                Loss = loss,
                Layer = signal.Layer,
                Signal = signal.Signal,
                Deviation = signal.Deviation,
            }));
        }

        RowTable.Write(trained.Context.File(FileName), rows);
    }

    private static double LossAt(TrainedCell trained, DenseWeights weights)
    {
        using var landscape = Landscape.Of(weights, trained.Data.Train, WeightSpace.Of(trained.Network, trained.Network.Layers), threads: trained.Context.Threads);
        return landscape.LossAtOrigin;
    }
}
