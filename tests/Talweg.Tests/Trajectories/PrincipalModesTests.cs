using CsCheck;
using MathNet.Numerics.LinearAlgebra;
using Talweg.Statistics;
using Talweg.Trajectories;
using TorchSharp;

namespace Talweg.Tests.Trajectories;

public sealed class PrincipalModesTests
{
    [Theory]
    [InlineData(40, 12, PcaMethod.Covariance)]
    [InlineData(12, 40, PcaMethod.Gram)]
    [InlineData(700, 530, PcaMethod.Covariance)]   // more than one panel of the symmetric product
    [InlineData(300, 530, PcaMethod.Gram)]
    public void Modes_agree_with_an_eigendecomposition_by_other_code(int iterations, int dimension, PcaMethod method)
    {
        var window = Windows.Noise(iterations, dimension, seed: 1);
        var modes = PrincipalModes.Of(window);
        Assert.Equal(method, modes.Method);

        var x = Matrix<double>.Build.Dense(iterations, dimension, (t, j) => window.Row(t)[j]);
        var centred = x - (Vector<double>.Build.Dense(iterations, 1).OuterProduct(x.ColumnSums()) / iterations);
        var reference = (centred.TransposeThisAndMultiply(centred) / iterations).Evd(Symmetricity.Symmetric);
        for (int i = 0; i < modes.Variances.Length; i++)
            Assert.Equal(reference.EigenValues[dimension - 1 - i].Real, modes.Variances[i], 1e-13 * modes.Variances[0]);
        for (int i = 0; i < 5; i++)
        {
            double overlap = reference.EigenVectors.Column(dimension - 1 - i).DotProduct(Vector<double>.Build.DenseOfArray(modes.Direction(i).ToArray()));
            Assert.Equal(1, Math.Abs(overlap), 1e-10);
        }
    }

    [Theory]
    [InlineData(30, 30)]
    [InlineData(50, 20)]
    [InlineData(20, 50)]
    public void Both_routes_give_the_same_modes(int iterations, int dimension)
    {
        var window = Windows.Noise(iterations, dimension, seed: 2);
        var gram = PrincipalModes.Of(window, options: new() { Method = PcaMethod.Gram });
        var covariance = PrincipalModes.Of(window, options: new() { Method = PcaMethod.Covariance });
        Assert.Equal(Math.Min(iterations - 1, dimension), gram.Count);
        Assert.Equal(covariance.Count, gram.Count);
        for (int i = 0; i < gram.Variances.Length; i++)
            Assert.Equal(covariance.Variances[i], gram.Variances[i], 1e-14 * gram.Variances[0]);
        for (int i = 0; i < 8; i++)
        {
            for (int j = 0; j < dimension; j++)
                Assert.Equal(covariance.Direction(i)[j], gram.Direction(i)[j], 1e-9);
        }
    }

    [Theory]
    [InlineData(PcaMethod.Gram)]
    [InlineData(PcaMethod.Covariance)]
    public void Directions_are_orthonormal_and_point_up_even_over_eleven_decades(PcaMethod method)
    {
        var random = new RandomStream(3, "decades");
        var window = Windows.From(60, 80, (_, j) => random.NextNormal() * Math.Pow(10, -5.5 * j / 79));   // float32 around 0 keeps the small ones
        var modes = PrincipalModes.Of(window, options: new() { Method = method });
        Assert.Equal(59, modes.Count);
        for (int i = 0; i < modes.Count; i++)
        {
            Assert.True(modes.Direction(i).ToArray().MaxBy(Math.Abs) > 0);
            for (int k = 0; k <= i; k++)
                Assert.Equal(i == k ? 1 : 0, Dot(modes.Direction(i), modes.Direction(k)), 1e-12);
        }
    }

    [Fact]
    public void A_trajectory_of_known_spectrum_gives_it_back()
    {
        // Cosines of different whole frequencies over the window are orthogonal, with mean 0 and variance ½.
        const int t = 400, n = 12;
        double[] amplitudes = [8, 4, 2, 1, 0.5];
        var axes = Rotation(n, new RandomStream(4, "axes"));
        var window = Windows.From(t, n, (time, j) =>
            0.1 * j + amplitudes.Select((a, k) => a * Math.Cos(2 * Math.PI * (k + 1) * (time + 0.5) / t) * axes[j, k]).Sum());
        var modes = PrincipalModes.Of(window, count: 5);
        Assert.Equal(5, modes.Count);
        Assert.Equal(n, modes.Variances.Length);
        for (int k = 0; k < amplitudes.Length; k++)
        {
            Assert.Equal(amplitudes[k] * amplitudes[k] / 2, modes.Variances[k], 1e-5);   // weights of order 10 are rounded to float32
            var projected = modes.Projections(window, k);
            double sign = Math.Sign(projected[0]);
            for (int time = 0; time < t; time++)
                Assert.Equal(amplitudes[k] * Math.Cos(2 * Math.PI * (k + 1) * (time + 0.5) / t), sign * projected[time], 1e-4);
        }
        Assert.True(modes.Variances[5] < 1e-12);
        Assert.Equal(0.1 * Math.Sqrt(Enumerable.Range(0, n).Sum(j => j * j)), modes.MeanNorm, 1e-5);
    }

    [Fact]
    public void Projections_have_the_variances_and_are_uncorrelated()
    {
        var window = Windows.Noise(50, 30, seed: 5);
        var modes = PrincipalModes.Of(window);
        double[,] theta = modes.Projections(window, 2, 6);
        for (int i = 0; i < 6; i++)
        {
            Assert.All(modes.Projections(window, i + 2).Zip(Row(theta, i)), pair => Assert.Equal(pair.First, pair.Second, 1e-14));
            for (int k = 0; k <= i; k++)
                Assert.Equal(i == k ? modes.Variances[i + 2] : 0, Row(theta, i).Zip(Row(theta, k), (a, b) => a * b).Average(), 1e-14);
        }
    }

    [Fact]
    public void Held_out_variances_are_those_of_the_projections_of_the_other_window()
    {
        var modes = PrincipalModes.Of(Windows.Noise(50, 30, seed: 6));
        var other = Windows.Noise(70, 30, seed: 7);
        double[] variances = modes.VariancesIn(other);
        Assert.Equal(30, variances.Length);
        for (int i = 0; i < variances.Length; i++)
        {
            double[] theta = modes.Projections(other, i);
            double mean = theta.Average();
            Assert.Equal(theta.Average(x => (x - mean) * (x - mean)), variances[i], 1e-13);
        }
        Assert.True(variances.Sum() <= PrincipalModes.Of(other).Variances.Sum() * (1 + 1e-12));
    }

    [Fact]
    public void Variances_do_not_change_under_rotations_and_shifts()
    {
        Gen.Select(Gen.Int[2, 25], Gen.Int[1, 12], Gen.Int[0, 1000]).Sample((iterations, dimension, seed) =>
        {
            var random = new RandomStream(seed, "rotation");
            var window = Windows.Noise(iterations, dimension, seed);
            var rotation = Rotation(dimension, random);
            double[] shift = [.. Enumerable.Range(0, dimension).Select(_ => random.NextNormal())];
            var moved = Windows.From(iterations, dimension, (t, j) =>
            {
                double sum = shift[j];
                for (int k = 0; k < dimension; k++)
                    sum += rotation[j, k] * window.Row(t)[k];
                return sum;
            });
            var before = PrincipalModes.Of(window).Variances;
            var after = PrincipalModes.Of(moved).Variances;
            // Each weight of size up to about 6 is rounded by up to 6 · 6e-8; σ changes by at most that, times the square root of N.
            return before.Zip(after).All(pair => Math.Abs(Math.Sqrt(pair.First) - Math.Sqrt(pair.Second)) < 2e-6);
        }, iter: 60);
    }

    [Fact]
    public void A_window_that_does_not_vary_has_no_directions()
    {
        var modes = PrincipalModes.Of(Windows.From(5, 3, (_, j) => j));
        Assert.Equal(0, modes.Count);
        Assert.Equal([0, 0, 0], modes.Variances);
        Assert.Equal(0, PrincipalModes.Of(Windows.From(3, 5, (_, j) => j)).Count);
        Assert.Empty(modes.VariancesIn(Windows.Noise(4, 3, seed: 1)));
    }

    [Fact]
    public void Measuring_leaves_no_tensor_alive()
    {
        var window = Windows.Noise(30, 20, seed: 8);
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        foreach (var method in Enum.GetValues<PcaMethod>())
        {
            var modes = PrincipalModes.Of(window, 10, new() { Method = method });
            modes.VariancesIn(window);
            modes.Projections(window, 0, 3);
        }
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void Bad_input_is_refused_with_the_place_and_the_remedy()
    {
        var diverged = Windows.From(10, 4, (t, j) => t >= 6 && j == 2 ? double.NaN : t);
        Assert.Equal("the window of weights: iteration 6, weight 2: found NaN, expected a finite number; if the training has diverged, take a window that ends before",
            Assert.Throws<InputException>(() => PrincipalModes.Of(diverged)).Message);
        Assert.Contains("at least 2", Assert.Throws<InputException>(() => PrincipalModes.Of(Windows.Noise(1, 4, 1))).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => PrincipalModes.Of(Windows.Noise(3, 4, 1), 0));
        var modes = PrincipalModes.Of(Windows.Noise(3, 4, 1));
        Assert.Contains("5 weights, but the modes were found for 4", Assert.Throws<ArgumentException>(() => modes.VariancesIn(Windows.Noise(3, 5, 1))).Message);
        Assert.Contains("Modes 1 to 2", Assert.Throws<ArgumentOutOfRangeException>(() => modes.Projections(Windows.Noise(3, 4, 1), 1, 2)).Message);
    }

    private static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double sum = 0;
        for (int j = 0; j < a.Length; j++)
            sum += a[j] * b[j];
        return sum;
    }

    private static double[] Row(double[,] matrix, int row) => [.. Enumerable.Range(0, matrix.GetLength(1)).Select(t => matrix[row, t])];

    private static Matrix<double> Rotation(int n, RandomStream random) =>
        Matrix<double>.Build.Dense(n, n, (_, _) => random.NextNormal()).QR().Q;
}
