using Talweg.Networks;

namespace Talweg.Tests.Networks;

public sealed class InitialisationTests
{
    private static readonly FullyConnected Network = new([300, 200, 100], bias: true);

    [Theory]
    [InlineData(1)]
    [InlineData(-7)]
    public void PyTorchs_weights_are_uniform_within_one_over_the_root_of_the_inputs(long seed)
    {
        var weights = DenseWeights.Draw(Network, Initialisation.PyTorch, seed);
        for (int layer = 0; layer < 2; layer++)
        {
            double bound = 1 / Math.Sqrt(Network.InputsOf(layer));
            Moments(weights.Matrices[layer], variance: bound * bound / 3, kurtosis: 1.8);
            Assert.InRange(weights.Matrices[layer].Max(Math.Abs), 0.999 * bound, bound);
            Assert.InRange(weights.Biases[layer].Max(Math.Abs), 0.9 * bound, bound);
            Moments(weights.Biases[layer], variance: bound * bound / 3, kurtosis: 1.8);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-7)]
    public void Hes_weights_are_normal_and_its_biases_zero(long seed)
    {
        var weights = DenseWeights.Draw(Network, Initialisation.He, seed);
        for (int layer = 0; layer < 2; layer++)
        {
            Moments(weights.Matrices[layer], variance: 2.0 / Network.InputsOf(layer), kurtosis: 3);
            Assert.All(weights.Biases[layer], bias => Assert.Equal(0, bias));
        }
    }

    [Theory]
    [InlineData(Initialisation.PyTorch)]
    [InlineData(Initialisation.He)]
    public void The_same_seed_gives_the_same_weights_and_every_layer_its_own(Initialisation initialisation)
    {
        var square = new FullyConnected([50, 50, 50], bias: true);
        var one = DenseWeights.Draw(square, initialisation, 3);
        var again = DenseWeights.Draw(square, initialisation, 3);
        var other = DenseWeights.Draw(square, initialisation, 4);
        Assert.Equal(one.Matrices, again.Matrices);
        Assert.Equal(one.Biases, again.Biases);
        // Correlations of independent numbers lie within 4/√2500 of 0.
        Assert.InRange(Correlation(one.Matrices[0], one.Matrices[1]), -0.08, 0.08);
        Assert.InRange(Correlation(one.Matrices[0], other.Matrices[0]), -0.08, 0.08);
        // A deeper network begins with the same layers.
        Assert.Equal(one.Matrices[0], DenseWeights.Draw(FullyConnected.Of(50, 50, 50, 50), initialisation, 3).Matrices[0]);
    }

    /// <summary>Mean 0 and the given variance, each within 5 standard errors: σ/√n, and σ²·√((kurtosis − 1)/n).</summary>
    private static void Moments(float[] values, double variance, double kurtosis)
    {
        double mean = values.Average(x => (double)x);
        Assert.True(Math.Abs(mean) < 5 * Math.Sqrt(variance / values.Length), $"mean {mean}");
        Close.Assert(variance, values.Average(x => (double)x * x), 5 * Math.Sqrt((kurtosis - 1) / values.Length), what: "variance");
    }

    private static double Correlation(float[] a, float[] b) =>
        a.Zip(b, (x, y) => (double)x * y).Sum() / Math.Sqrt(a.Sum(x => (double)x * x) * b.Sum(x => (double)x * x));
}
