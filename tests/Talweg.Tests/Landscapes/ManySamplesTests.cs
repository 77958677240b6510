using Talweg.Data;
using Talweg.Landscapes;
using Talweg.Networks;
using Talweg.Tests.Networks;
using TorchSharp;

namespace Talweg.Tests.Landscapes;

/// <summary>More samples, displacements and directions than are taken at once, and no multiple of them, against plain loops over all samples.</summary>
public sealed class ManySamplesTests
{
    /// <summary>10,000 samples pass at three displacements; some 3,500 at 300, in double precision.</summary>
    [Theory]
    [InlineData(21_003, 3)]
    [InlineData(8_003, 300)]
    public void A_transect_is_the_mean_over_all_samples(int count, int points)
    {
        var plain = new PlainTanh(count);
        double[] direction = SmallNetwork.RandomDirection(PlainTanh.Dimension, 1);
        double[] displacements = [.. Enumerable.Range(0, points).Select(i => 0.5 * i / points - 0.2)];
        using var inDouble = Landscape.Of(plain.Weights, plain.Samples, plain.Space, LandscapePrecision.Double, threads: 1);
        using var inSingle = Landscape.Of(plain.Weights, plain.Samples, plain.Space, threads: 1);
        int[] looked = [0, points / 2, points - 1];
        var fine = inDouble.Profile(direction, displacements, withSlopes: true);
        var coarse = inSingle.Profile(direction, [.. looked.Select(i => displacements[i])], withSlopes: true);
        foreach (int i in looked)
        {
            double[] w = plain.At(direction, displacements[i]);
            double loss = plain.MeanLoss(w), slope = plain.MeanGradient(w, [.. Enumerable.Range(0, count)]).Zip(direction, (g, p) => g * p).Sum();
            Close.Assert(loss, fine.Loss[i], 1e-10);
            Close.Assert(slope, fine.Slope![i], 1e-10, 1);
            int place = Array.IndexOf(looked, i);
            Close.Assert(loss, coarse.Loss[place], 1e-5);      // samples in single precision
            Close.Assert(slope, coarse.Slope![place], 1e-5, 1);
        }

        Close.Assert(plain.MeanLoss(plain.At(direction, 0)), inDouble.LossAtOrigin, 1e-10);
    }

    /// <summary>A module's pass takes a hundred samples.</summary>
    [Fact]
    public void A_modules_transect_is_the_mean_over_all_samples()
    {
        const int count = 230;
        var plain = new PlainTanh(count);
        double[] direction = SmallNetwork.RandomDirection(PlainTanh.Dimension, 1), displacements = [-0.1, 0.3];
        using var module = TorchModules.Of(LayeredNetwork.Of(plain.Network), plain.Layered).to(torch.ScalarType.Float32);
        using var network = ModuleNetwork.Of(module, [3, 1, 1], 3, "plain tanh");
        using var landscape = Landscape.Of(network.Weights(), plain.Samples, WeightSpace.All(network), LandscapePrecision.Double);
        var found = landscape.Profile(direction, displacements, withSlopes: true);
        for (int i = 0; i < 2; i++)
        {
            double[] w = plain.At(direction, displacements[i]);
            Close.Assert(plain.MeanLoss(w), found.Loss[i], 1e-10);
            Close.Assert(plain.MeanGradient(w, [.. Enumerable.Range(0, count)]).Zip(direction, (g, p) => g * p).Sum(), found.Slope![i], 1e-10, 1);
        }
    }

    /// <summary>
    /// Chunks of 131,072 samples would hold the dense paths' four widths, of 64 those of autograd: the mean over all is that of the parts, each of which is one chunk, and a part's is the
    /// central difference of the plain gradient.
    /// </summary>
    [Fact]
    public void Hessian_products_are_the_means_over_all_samples()
    {
        const int count = 300_007;
        var plain = new PlainTanh(count);
        double[] vector = SmallNetwork.RandomDirection(PlainTanh.Dimension, 3);
        int[] cuts = [0, 100_000, 200_000, count];
        double[] product = new double[PlainTanh.Dimension], curvatures = new double[2];
        var directions = Directions.Of([.. vector, .. SmallNetwork.RandomDirection(PlainTanh.Dimension, 4)], PlainTanh.Dimension);
        var first = WeightSpace.Of(plain.Network, 1);
        double[] matrix = new double[12 * 12];
        for (int part = 0; part < 3; part++)
        {
            var samples = Part(plain.Samples, cuts[part], cuts[part + 1]);
            double share = (double)samples.Count / count;
            Add(product, Product(plain.Weights, samples, vector), share);
            Add(curvatures, DirectionalCurvature.Along(plain.Weights, samples, plain.Space, directions), share);
            Add(matrix, HessianMatrix.Of(plain.Weights, samples, first).Entries.ToArray(), share);
        }

        AssertClose(product, Product(plain.Weights, plain.Samples, vector), 1e-10);
        AssertClose(curvatures, DirectionalCurvature.Along(plain.Weights, plain.Samples, plain.Space, directions), 1e-10);
        AssertClose(matrix, HessianMatrix.Of(plain.Weights, plain.Samples, first).Entries.ToArray(), 1e-10);
    }

    /// <summary>A difference quotient over 2e-4 is off by 1e-8 of third derivatives of about 1.</summary>
    [Fact]
    public void Hessian_products_are_difference_quotients_of_the_plain_gradient()
    {
        const int count = 230;                                 // autograd's chunks are of 64 samples
        const double h = 1e-4;
        var plain = new PlainTanh(count);
        double[] vector = SmallNetwork.RandomDirection(PlainTanh.Dimension, 3);
        int[] all = [.. Enumerable.Range(0, count)];
        double[] expected = [.. plain.MeanGradient(plain.At(vector, h), all).Zip(plain.MeanGradient(plain.At(vector, -h), all), (a, b) => (a - b) / (2 * h))];
        AssertClose(expected, Product(plain.Weights, plain.Samples, vector), 1e-6);
        AssertClose(expected, Product(plain.Layered, plain.Samples, vector), 1e-6);
        double curvature = expected.Zip(vector, (a, b) => a * b).Sum();
        Close.Assert(curvature, DirectionalCurvature.Along(plain.Weights, plain.Samples, plain.Space, Directions.Of(vector, PlainTanh.Dimension))[0], 1e-6, 1);
    }

    /// <summary>
    /// 300 directions of 60,000 weights are three batches of 64 MiB, each of them more than the 128 of one pass. Of softmax regression pᵀHp = ⟨Σₙ p̂ₙ (ẏₙ − Σₘ p̂ₘ ẏₘ)²⟩ = ⟨p̂₁ p̂₂ (ẏ₁ − ẏ₂)²⟩ for two classes.
    /// </summary>
    [Fact]
    public void Curvature_along_many_directions_of_many_weights_is_the_closed_form()
    {
        const int inputs = 30_000, count = 300;
        var samples = new LabelledSamples([.. Enumerable.Range(0, 2 * inputs).Select(i => (float)Math.Sin(0.37 * i))], [0, 1], inputs, 2);
        var weights = DenseWeights.Draw(FullyConnected.Of(inputs, 2), Initialisation.PyTorch, seed: 1);
        double[] values = new double[count * 2 * inputs];
        for (int i = 0; i < count; i++)
            (values[i * 2 * inputs + 97 * i], values[i * 2 * inputs + inputs + 55 * i]) = (0.6, 0.8);
        double[] found = DirectionalCurvature.Along(weights, samples, WeightSpace.All(weights.Network), Directions.Of(values, 2 * inputs), new WorkOptions(1));
        for (int i = 0; i < count; i++)
        {
            double expected = Enumerable.Range(0, 2).Average(sample =>
            {
                var x = samples.Input(sample).ToArray();
                double margin = Enumerable.Range(0, inputs).Sum(k => ((double)weights.Matrices[0][k] - weights.Matrices[0][inputs + k]) * x[k]), p = 1 / (1 + Math.Exp(-margin));
                return p * (1 - p) * Math.Pow(0.6 * x[97 * i] - 0.8 * x[55 * i], 2);
            });
            Close.Assert(expected, found[i], 1e-9, 1, $"direction {i}");
        }
    }

    private static double[] Product(NetworkWeights weights, LabelledSamples samples, double[] vector)
    {
        using var hessian = HessianOperator.Of(weights, samples, WeightSpace.All(weights.Network), threads: 2);
        double[] product = new double[vector.Length];
        hessian.Apply(vector, product);
        return product;
    }

    private static LabelledSamples Part(LabelledSamples samples, int first, int end) =>
        new(samples.Inputs[(first * samples.Width)..(end * samples.Width)], samples.Labels[first..end], samples.Width, samples.Classes);

    private static void Add(double[] sum, double[] summand, double share)
    {
        for (int i = 0; i < sum.Length; i++)
            sum[i] += share * summand[i];
    }

    private static void AssertClose(double[] expected, double[] found, double relative)
    {
        double largest = expected.Max(Math.Abs);
        for (int k = 0; k < expected.Length; k++)
            Close.Assert(expected[k], found[k], relative, largest, $"number {k}");
    }
}
