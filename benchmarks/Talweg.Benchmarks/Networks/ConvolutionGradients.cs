using Talweg.Data;
using Talweg.Networks;
using Talweg.Noise;

namespace Talweg.Benchmarks.Networks;

/// <summary>Gradients by the 12,800 weights of LeNet's second convolution, of minibatches and of single samples, against a pass of autograd each.</summary>
internal sealed class ConvolutionGradients : IBenchmark
{
    private const int Samples = 6000;
    private const int Singly = 1000;

    /// <summary>Of the largest component: both sides sum up to 50 × 196 products in single precision.</summary>
    private const double Tolerance = 1e-5;

    public string Name => "convolution-gradients";

    public string Compares => "gradients of LeNet's second convolution, all minibatches at once, against an autograd pass a minibatch";

    public IEnumerable<Measurement> Run(Workplace workplace)
    {
        var network = (LayeredNetwork)Network.Parse("lenet-mnist");
        var weights = NetworkWeights.Draw(network, Initialisation.PyTorch, seed: 1);
        var data = workplace.Data.Train.First(Math.Min(Samples, workplace.Data.Train.Count));
        yield return Measure(workplace, network, weights, data, Workplace.BatchSize, 1, Name);
        yield return Measure(workplace, network, weights, data, Workplace.BatchSize, 2, $"{Name}, two threads");
        yield return Measure(workplace, network, weights, data.First(Math.Min(Singly, data.Count)), 1, 1, $"{Name}, single samples");
    }

    private static Measurement Measure(Workplace workplace, LayeredNetwork network, NetworkWeights weights, LabelledSamples data, int batchSize, int threads, string name)
    {
        var sets = MinibatchSets.Consecutive(data.Count, batchSize);
        var space = WeightSpace.Of(network, 2);
        using var torch = new TorchConvolutionGradients(network, weights, data, sets);
        double difference = Difference(Gradients(), torch.Gradients());
        var times = PairedTimes.Take(workplace.Repeat, _ => PairedTimes.Seconds(() => Gradients()), _ => PairedTimes.Seconds(() => torch.Gradients()));
        return new(name, "times as fast", times.Ratios, null)
        {
            Notes =
            [
                times.Note($"a minibatch of {batchSize}, from the weights on, on {threads} thread{(threads == 1 ? "" : "s")}", sets.Count, "TorchSharp's autograd on one torch thread"),
                $"{sets.Count} gradients differ by {Numbers.Text(difference)} of the largest component (allowed {Numbers.Text(Tolerance)})",
            ],
            Differs = !(difference <= Tolerance),
        };

        double[,] Gradients()
        {
            using var gradients = SampleGradients.Of(weights, data, space, threads: threads);
            return gradients.Minibatches(sets);
        }
    }

    private static double Difference(double[,] own, float[] other)
    {
        double largest = 0, difference = 0;
        for (int i = 0; i < other.Length; i++)
        {
            largest = Math.Max(largest, Math.Abs(other[i]));
            difference = Math.Max(difference, Math.Abs(own[i / own.GetLength(1), i % own.GetLength(1)] - other[i]));
        }

        return difference / largest;
    }
}
