using System.Diagnostics;
using Talweg.Benchmarks.MainJob;
using Talweg.Noise;

namespace Talweg.Benchmarks.Noise;

/// <summary>All minibatch gradients of the middle layer on as many directions as it has weights, against a pass of autograd a minibatch.</summary>
internal sealed class MinibatchGradients : IBenchmark
{
    /// <summary>Of the largest projection: both sides sum 50 samples and 2,500 weights in single precision.</summary>
    private const double Tolerance = 1e-5;

    public string Name => "minibatch-gradients";

    public string Compares => "gradients of all minibatches, projected on 2,500 directions, against an autograd pass a minibatch";

    public IEnumerable<Measurement> Run(Workplace workplace)
    {
        var data = workplace.Data.Train;
        var sets = MinibatchSets.Consecutive(data.Count, Workplace.BatchSize);
        var directions = MiddleLayer.Directions(MiddleLayer.Space.Dimension);
        using var torch = new TorchMinibatchGradients(workplace.Trained, data, sets, MiddleLayer.Space.Layers[0], directions);
        double difference = Difference(Project(1), torch.Project());
        foreach (int threads in (int[])[1, 2])
        {
            Project(threads);
            var times = PairedTimes.Take(workplace.Repeat, _ => PairedTimes.Seconds(() => Project(threads)), _ => PairedTimes.Seconds(() => torch.Project()));
            yield return new(threads == 1 ? Name : $"{Name}, two threads", "times as fast", times.Ratios, threads == 1 ? null : Bar.AtLeast(2))
            {
                Notes =
                [
                    times.Note($"for {sets.Count} minibatches of {sets.BatchSize}, from the weights on, on {threads} thread{(threads == 1 ? "" : "s")}", 1, "TorchSharp's autograd on one torch thread and one product"),
                    $"projections differ by {Numbers.Text(difference)} of the largest (allowed {Numbers.Text(Tolerance)})",
                    PeakMemory(),
                ],
                Differs = !(difference <= Tolerance),
            };
        }

        double[,] Project(int threads)
        {
            using var gradients = SampleGradients.Of(workplace.Trained, data, MiddleLayer.Space, threads: threads);
            return gradients.Projections(sets, directions);
        }
    }

    /// <summary>Of the largest projection, over all minibatches and directions.</summary>
    private static double Difference(double[,] own, float[] other)
    {
        double largest = 0, difference = 0;
        for (int i = 0; i < other.Length; i++)
        {
            double value = own[i / own.GetLength(1), i % own.GetLength(1)];
            largest = Math.Max(largest, Math.Abs(other[i]));
            difference = Math.Max(difference, Math.Abs(value - other[i]));
        }

        return difference / largest;
    }

    private static string PeakMemory()
    {
        using var process = Process.GetCurrentProcess();
        return $"peak resident memory so far, data and training included: {Numbers.Text(TalwegProgram.PeakMebibytes(process))} MiB";
    }
}
