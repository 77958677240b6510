using Talweg.Data;
using Talweg.Networks;
using Talweg.Noise;
using static TorchSharp.torch;

namespace Talweg.Benchmarks.Continual;

/// <summary>The exact Fisher diagonal of the middle layer against a backward pass a sample and label.</summary>
internal sealed class ExactFisher : IBenchmark
{
    private const int Samples = 10_000;
    private const int ComparedSamples = 300;

    /// <summary>Of the largest: torch's passes are in single precision.</summary>
    private const double Tolerance = 1e-4;

    public string Name => "exact-fisher";

    public string Compares => $"the exact Fisher diagonal of the middle layer over {Samples} samples, against a backward pass of TorchSharp a sample and label ({ComparedSamples} samples, scaled)";

    public IEnumerable<Measurement> Run(Workplace workplace)
    {
        var samples = workplace.Data.Train.First(Samples);
        var few = samples.First(ComparedSamples);
        var work = new WorkOptions(1);
        double difference = Numbers.DifferenceOverLargest(FisherDiagonal.Exact(workplace.Trained, few, Springs.Space, work), ByAutograd(workplace.Trained, few));
        FisherDiagonal.Exact(workplace.Trained, samples, Springs.Space, work);
        var times = PairedTimes.Take(
            workplace.Repeat,
            _ => PairedTimes.Seconds(() => FisherDiagonal.Exact(workplace.Trained, samples, Springs.Space, work)),
            _ => PairedTimes.Seconds(() => ByAutograd(workplace.Trained, few)) * Samples / ComparedSamples);
        yield return new(Name, "times as fast", times.Ratios, null)
        {
            Notes =
            [
                times.Note("in double precision on one thread", 1, "TorchSharp in single precision on one torch thread"),
                $"diagonals of {ComparedSamples} samples differ by {Numbers.Text(difference)} of the largest (allowed {Numbers.Text(Tolerance)})",
            ],
            Differs = !(difference <= Tolerance),
        };
    }

    private static double[] ByAutograd(DenseWeights weights, LabelledSamples samples)
    {
        using var outer = NewDisposeScope();
        Tensor[] matrices = [.. weights.Matrices.Select((matrix, layer) => tensor(matrix, weights.Network.OutputsOf(layer), weights.Network.InputsOf(layer)))];
        matrices[1].requires_grad_(true);
        double[] sum = new double[Springs.Space.Dimension];
        for (int sample = 0; sample < samples.Count; sample++)
        {
            using var scope = NewDisposeScope();
            var h = tensor(samples.Input(sample).ToArray(), 1, samples.Width);
            var logs = nn.functional.relu(nn.functional.relu(h.matmul(matrices[0].t())).matmul(matrices[1].t())).matmul(matrices[2].t()).log_softmax(1);
            float[] values = logs.data<float>().ToArray();
            for (int label = 0; label < values.Length; label++)
                Add(sum, autograd.grad([logs.select(1, label).sum()], [matrices[1]], retain_graph: true)[0].data<float>().ToArray(), Math.Exp(values[label]) / samples.Count);
        }

        return sum;
    }

    private static void Add(double[] sum, float[] gradient, double share)
    {
        for (int k = 0; k < sum.Length; k++)
            sum[k] += share * gradient[k] * gradient[k];
    }
}
