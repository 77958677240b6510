using Talweg.Data;
using Talweg.Networks;
using Talweg.Statistics;

namespace Talweg.Tests.Networks;

/// <summary>fc:3-4-3,tanh written out, sample by sample in plain loops of double precision: for more samples than measures take at once.</summary>
internal sealed class PlainTanh
{
    public const int Dimension = Hidden * Inputs + Classes * Hidden;

    private const int Inputs = 3, Hidden = 4, Classes = 3;

    public PlainTanh(int samples, long seed = 1)
    {
        var random = new RandomStream(seed, "plain tanh");
        Network = new FullyConnected([Inputs, Hidden, Classes], activation: Activation.Tanh);
        Start = [.. Enumerable.Range(0, Dimension).Select(_ => (float)random.NextNormal())];
        Samples = new(
            [.. Enumerable.Range(0, Inputs * samples).Select(_ => (float)random.NextNormal())], [.. Enumerable.Range(0, samples).Select(_ => random.Next(Classes))], Inputs, Classes);
    }

    public FullyConnected Network { get; }

    public LabelledSamples Samples { get; }

    /// <summary>w₀: the first matrix, then the second, row by row.</summary>
    public float[] Start { get; }

    public DenseWeights Weights => DenseWeights.Of(Network, [Start[..(Hidden * Inputs)], Start[(Hidden * Inputs)..]]);

    /// <summary>The same network as a network of layers.</summary>
    public NetworkWeights Layered => NetworkWeights.Of(LayeredNetwork.Of(Network), [Start[..(Hidden * Inputs)], Start[(Hidden * Inputs)..]]);

    public WeightSpace Space => WeightSpace.All(Network);

    public double[] At(double[] direction, double t) => [.. Start.Zip(direction, (w, p) => w + t * p)];

    /// <summary>p(y|x), [3].</summary>
    public double[] Probabilities(double[] w, int sample)
    {
        double[] exponentials = Array.ConvertAll(Logits(w, Units(w, sample)), Math.Exp);
        return [.. exponentials.Select(e => e / exponentials.Sum())];
    }

    public double Loss(double[] w, int sample) => -Math.Log(Probabilities(w, sample)[Samples.Labels[sample]]);

    public double MeanLoss(double[] w) => Enumerable.Range(0, Samples.Count).Average(sample => Loss(w, sample));

    /// <summary>∂ℓ/∂w of a sample with its own label, or another.</summary>
    public double[] Gradient(double[] w, int sample, int? label = null)
    {
        double[] h = Units(w, sample), p = Probabilities(w, sample), gradient = new double[Dimension];
        for (int k = 0; k < Classes; k++)
        {
            double error = p[k] - (k == (label ?? Samples.Labels[sample]) ? 1 : 0);
            for (int j = 0; j < Hidden; j++)
            {
                gradient[Hidden * Inputs + k * Hidden + j] = error * h[j];
                for (int i = 0; i < Inputs; i++)
                    gradient[j * Inputs + i] += error * w[Hidden * Inputs + k * Hidden + j] * (1 - h[j] * h[j]) * Samples.Input(sample)[i];
            }
        }

        return gradient;
    }

    /// <summary>The mean gradient of some samples.</summary>
    public double[] MeanGradient(double[] w, IReadOnlyCollection<int> samples)
    {
        double[] mean = new double[Dimension];
        foreach (int sample in samples)
        {
            double[] gradient = Gradient(w, sample);
            for (int k = 0; k < Dimension; k++)
                mean[k] += gradient[k] / samples.Count;
        }

        return mean;
    }

    private double[] Units(double[] w, int sample)
    {
        var x = Samples.Input(sample);
        double[] h = new double[Hidden];
        for (int j = 0; j < Hidden; j++)
        {
            for (int i = 0; i < Inputs; i++)
                h[j] += w[j * Inputs + i] * x[i];
            h[j] = Math.Tanh(h[j]);
        }

        return h;
    }

    private static double[] Logits(double[] w, double[] h) =>
        [.. Enumerable.Range(0, Classes).Select(k => Enumerable.Range(0, Hidden).Sum(j => w[Hidden * Inputs + k * Hidden + j] * h[j]))];
}
