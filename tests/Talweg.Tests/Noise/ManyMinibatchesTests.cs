using Talweg.Data;
using Talweg.Landscapes;
using Talweg.Networks;
using Talweg.Noise;
using Talweg.Statistics;
using Talweg.Tests.Networks;

namespace Talweg.Tests.Noise;

/// <summary>More minibatches than go through the network at once: of softmax regression with two classes, whose slopes and curvatures are written out.</summary>
public sealed class ManyMinibatchesTests
{
    private const int Inputs = 600;
    private const int BatchSize = 100;
    private const int Count = 40;                              // 17 at a time: 2²⁰ numbers over 100 samples of 600
    private const int Modes = 3;

    /// <summary>ℓ = ln(1 + e^−m) with the margin m of the label: ∂ℓ = −q ∂m and ∂²ℓ = q (1 − q) ∂m ∂m, q = 1/(1 + e^m); M = H/L − g gᵀ/L².</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Every_minibatch_has_its_own_samples_slopes_and_curvatures(int threads)
    {
        var random = new RandomStream(1, "many minibatches");
        var samples = new LabelledSamples([.. Enumerable.Range(0, Count * BatchSize * Inputs).Select(_ => (float)random.NextNormal())], [.. Enumerable.Range(0, Count * BatchSize).Select(_ => random.Next(2))], Inputs, 2);
        var weights = DenseWeights.Draw(FullyConnected.Of(Inputs, 2), Initialisation.PyTorch, seed: 1);
        double[] values = [.. Enumerable.Range(0, Modes).SelectMany(mode => SmallNetwork.RandomDirection(2 * Inputs, mode))];
        var sets = MinibatchSets.Shuffled(samples.Count, BatchSize, random);
        var found = MinibatchHessians.Of(weights, samples, WeightSpace.All(weights.Network), Directions.Of(values, 2 * Inputs), sets, new WorkOptions(threads));
        Assert.Equal(Count, found.Losses.Count);
        foreach (int minibatch in (int[])[0, 16, 17, 33, 34, 39])
        {
            double loss = 0;
            double[] slope = new double[Modes], curvature = new double[Modes * Modes];
            foreach (int sample in sets.SamplesOf(minibatch))
            {
                float[] x = samples.Input(sample).ToArray();
                int sign = samples.Labels[sample] == 0 ? 1 : -1;
                double Margin(Func<int, double> w) => sign * Enumerable.Range(0, Inputs).Sum(i => (w(i) - w(Inputs + i)) * x[i]);
                double margin = Margin(i => weights.Matrices[0][i]), q = 1 / (1 + Math.Exp(margin));
                double[] rates = [.. Enumerable.Range(0, Modes).Select(mode => Margin(i => values[mode * 2 * Inputs + i]))];
                loss += Math.Log(1 + Math.Exp(-margin)) / BatchSize;
                for (int i = 0; i < Modes; i++)
                {
                    slope[i] -= q * rates[i] / BatchSize;
                    for (int j = 0; j < Modes; j++)
                        curvature[i * Modes + j] += q * (1 - q) * rates[i] * rates[j] / BatchSize;
                }
            }

            var one = found.Losses[minibatch];
            Close.Assert(loss, one.LossAtOrigin, 1e-10);
            for (int i = 0; i < Modes; i++)
            {
                Close.Assert(slope[i] / loss, one.Slope[i], 1e-9, 1, $"slope {i} of minibatch {minibatch}");
                for (int j = 0; j < Modes; j++)
                    Close.Assert(curvature[i * Modes + j] / loss - slope[i] * slope[j] / (loss * loss), one.Curvature[i * Modes + j], 1e-9, 1, $"curvature {i}, {j} of minibatch {minibatch}");
            }
        }
    }
}
