using Talweg.Landscapes;
using Talweg.Networks;
using Talweg.Noise;
using Talweg.Statistics;
using Talweg.Tests.Networks;

namespace Talweg.Tests.Noise;

/// <summary>More samples than gradients are taken of at once, and no multiple of them, against plain loops over all samples.</summary>
/// <remarks>Sums of thousands of numbers in double precision: 1e-10 of the largest. In single precision a minibatch's gradient is off by 1e-5 of it.</remarks>
public sealed class ManySamplesTests
{
    private const int Many = 2345;                             // passes take a thousand

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Fisher_information_of_every_kind_is_a_mean_over_all_samples(int threads)
    {
        var plain = new PlainTanh(Many);
        double[] exact = new double[PlainTanh.Dimension], empirical = new double[PlainTanh.Dimension], minibatch = new double[PlainTanh.Dimension];
        double[] start = plain.At(new double[PlainTanh.Dimension], 0);
        for (int sample = 0; sample < Many; sample++)
        {
            double[] p = plain.Probabilities(start, sample);
            for (int label = 0; label < 3; label++)
                AddSquares(exact, plain.Gradient(start, sample, label), p[label] / Many);
            AddSquares(empirical, plain.Gradient(start, sample), 1.0 / Many);
        }

        const int batchSize = 7;                               // 335 minibatches
        for (int first = 0; first + batchSize <= Many; first += batchSize)
            AddSquares(minibatch, plain.MeanGradient(start, [.. Enumerable.Range(first, batchSize)]), 1.0 / (Many / batchSize));
        var work = new WorkOptions(threads);
        foreach (var weights in (NetworkWeights[])[plain.Weights, plain.Layered])
        {
            var space = WeightSpace.All(weights.Network);
            AssertClose(exact, FisherDiagonal.Exact(weights, plain.Samples, space, work), 1e-10);
            AssertClose(empirical, FisherDiagonal.Empirical(weights, plain.Samples, space, work), 1e-10);
            AssertClose(minibatch, FisherDiagonal.OfMinibatches(weights, plain.Samples, space, batchSize, work), 1e-5);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Mean_gradient_and_covariance_are_those_of_all_samples(int threads)
    {
        var plain = new PlainTanh(Many);
        double[] start = plain.At(new double[PlainTanh.Dimension], 0);
        double[][] each = [.. Enumerable.Range(0, Many).Select(sample => plain.Gradient(start, sample))];
        double[] mean = plain.MeanGradient(start, [.. Enumerable.Range(0, Many)]), vector = SmallNetwork.RandomDirection(PlainTanh.Dimension, 1);
        double Covariance(int k, int l) => each.Average(gradient => (gradient[k] - mean[k]) * (gradient[l] - mean[l]));
        foreach (var weights in (NetworkWeights[])[plain.Weights, plain.Layered])
        {
            using var gradients = SampleGradients.Of(weights, plain.Samples, WeightSpace.All(weights.Network), LandscapePrecision.Double, threads);
            AssertClose(mean, gradients.Mean(), 1e-10);
            AssertClose(each[1000], gradients.OfSample(1000), 1e-10);
            AssertClose(each[^1], gradients.OfSample(Many - 1), 1e-10);
            var dense = DiffusionMatrix.Dense(gradients);
            var product = new double[PlainTanh.Dimension];
            var matrix = DiffusionMatrix.Of(gradients);
            matrix.Apply(vector, product);
            for (int k = 0; k < PlainTanh.Dimension; k++)
            {
                for (int l = 0; l < PlainTanh.Dimension; l++)
                    Close.Assert(Covariance(k, l), dense[k, l], 1e-10, 1, $"D[{k}, {l}]");
                Close.Assert(Enumerable.Range(0, PlainTanh.Dimension).Sum(l => dense[k, l] * vector[l]), product[k], 1e-10, 1, $"D v, {k}");
            }

            Close.Assert(Enumerable.Range(0, PlainTanh.Dimension).Sum(k => Covariance(k, k)), matrix.Trace, 1e-10);
        }
    }

    /// <summary>Rows of 2,000 weights are multiplied 2,097 samples at a time, and panels of 256 rows: of softmax regression ∂ℓ/∂W_ai = (p_a − δ_ay) x_i.</summary>
    [Fact]
    public void A_large_covariance_is_that_of_all_samples()
    {
        const int inputs = 500, classes = 4;
        var samples = SmallNetworks.Clouds(Many, inputs, classes, seed: 1);
        var weights = DenseWeights.Draw(FullyConnected.Of(inputs, classes), Initialisation.PyTorch, seed: 1);
        double[][] errors = [.. Enumerable.Range(0, Many).Select(sample =>
        {
            float[] x = samples.Input(sample).ToArray();
            double[] exponentials = [.. Enumerable.Range(0, classes).Select(a => Math.Exp(Enumerable.Range(0, inputs).Sum(i => (double)weights.Matrices[0][a * inputs + i] * x[i])))];
            return exponentials.Select((e, a) => e / exponentials.Sum() - (a == samples.Labels[sample] ? 1 : 0)).ToArray();
        })];
        double Gradient(int sample, int k) => errors[sample][k / inputs] * samples.Input(sample)[k % inputs];
        using var gradients = SampleGradients.Of(weights, samples, WeightSpace.All(weights.Network), LandscapePrecision.Double, threads: 2);
        var found = DiffusionMatrix.Dense(gradients);
        var random = new RandomStream(1, "entries");
        for (int draw = 0; draw < 60; draw++)
        {
            int k = random.Next(inputs * classes), l = draw % 3 == 0 ? k : random.Next(inputs * classes);
            double expected = Enumerable.Range(0, Many).Average(sample => Gradient(sample, k) * Gradient(sample, l))
                - Enumerable.Range(0, Many).Average(sample => Gradient(sample, k)) * Enumerable.Range(0, Many).Average(sample => Gradient(sample, l));
            Close.Assert(expected, found[k, l], 1e-10, 1, $"D[{k}, {l}]");
            Assert.Equal(found[k, l], found[l, k]);
        }
    }

    /// <summary>Minibatches of more samples than pass at once (20,000), of several a pass, and samples left over.</summary>
    [Theory]
    [InlineData(45_010, 45_000)]
    [InlineData(45_010, 9_000)]
    [InlineData(2_345, 1_100)]
    [InlineData(2_345, 1)]
    public void Minibatches_have_the_mean_gradient_of_their_own_samples(int count, int batchSize)
    {
        var plain = new PlainTanh(count);
        double[] start = plain.At(new double[PlainTanh.Dimension], 0);
        var sets = MinibatchSets.Shuffled(count, batchSize, new RandomStream(1, "sets"));
        int[] looked = [.. new[] { 0, sets.Count / 2, sets.Count - 1 }.Distinct()];
        foreach (var weights in (NetworkWeights[])[plain.Weights, plain.Layered])
        {
            using var gradients = SampleGradients.Of(weights, plain.Samples, WeightSpace.All(weights.Network), LandscapePrecision.Double, threads: 2);
            var found = gradients.Minibatches(sets);
            foreach (int minibatch in looked)
            {
                double[] row = [.. Enumerable.Range(0, PlainTanh.Dimension).Select(k => found[minibatch, k])];
                AssertClose(plain.MeanGradient(start, sets.SamplesOf(minibatch).ToArray()), row, 1e-10);
            }
        }
    }

    [Theory]
    [InlineData(LandscapePrecision.Single, 1e-5)]
    [InlineData(LandscapePrecision.Double, 1e-10)]
    public void Temperature_is_the_variance_of_the_minibatches_slopes_of_all_samples(LandscapePrecision precision, double allowed)
    {
        const int batchSize = 11;
        const double rate = 0.3;
        var plain = new PlainTanh(Many);
        double[] direction = SmallNetwork.RandomDirection(PlainTanh.Dimension, 2);
        var sets = MinibatchSets.Shuffled(Many, batchSize, new RandomStream(2, "sets"));
        using var landscape = Landscape.Of(plain.Weights, plain.Samples, plain.Space, precision, threads: 1);
        double[] displacements = [-0.4, 0, 0.7];
        var found = ActiveTemperature.Along(landscape, Directions.Of(direction, PlainTanh.Dimension), sets, rate, displacements)[0];
        for (int d = 0; d < 3; d++)
        {
            double[] w = plain.At(direction, displacements[d]);
            double[] slopes = [.. Enumerable.Range(0, sets.Count).Select(minibatch => plain.MeanGradient(w, sets.SamplesOf(minibatch).ToArray()).Zip(direction, (g, p) => g * p).Sum())];
            double mean = slopes.Average(), second = slopes.Average(s => Math.Pow(s - mean, 2)), fourth = slopes.Average(s => Math.Pow(s - mean, 4));
            Close.Assert(rate / 2 * second, found.Temperature[d], allowed);
            Close.Assert(rate / 2 * Math.Sqrt((fourth - second * second) / sets.Count), found.StandardError![d], allowed);
            Close.Assert(Enumerable.Range(0, sets.Count).Average(minibatch => sets.SamplesOf(minibatch).ToArray().Average(sample => plain.Loss(w, sample))), found.Loss[d], allowed);
        }
    }

    private static void AddSquares(double[] sum, double[] gradient, double share)
    {
        for (int k = 0; k < sum.Length; k++)
            sum[k] += share * gradient[k] * gradient[k];
    }

    private static void AssertClose(double[] expected, double[] found, double relative)
    {
        double largest = expected.Max(Math.Abs);
        for (int k = 0; k < expected.Length; k++)
            Close.Assert(expected[k], found[k], relative, largest, $"weight {k}");
    }
}
