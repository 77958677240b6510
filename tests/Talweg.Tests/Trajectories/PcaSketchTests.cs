using Talweg.Statistics;
using Talweg.Trajectories;

namespace Talweg.Tests.Trajectories;

/// <summary>Sketched modes against the exact ones, which <see cref="PrincipalModesTests"/> checks against other code.</summary>
public sealed class PcaSketchTests
{
    private static readonly PcaOptions Sketch = new() { Method = PcaMethod.Sketch };

    [Theory]
    [InlineData(300, 700)]
    [InlineData(700, 300)]
    public void Sketched_modes_are_the_exact_ones_to_second_order_in_the_tolerance(int iterations, int dimension)
    {
        var window = PowerLawWindow(iterations, dimension, exponent: 2, seed: 1);
        var exact = PrincipalModes.Of(window, 30);
        var sketched = PrincipalModes.Of(window, 30, Sketch);
        Assert.Equal((PcaMethod.Sketch, SketchEnding.Converged, 30, 30), (sketched.Method, sketched.Sketch!.Ending, sketched.Count, sketched.Variances.Length));
        Assert.Null(exact.Sketch);
        Assert.Equal(exact.Mean, sketched.Mean);
        Assert.Equal(exact.Variances.Sum(), exact.TotalVariance, 1e-13 * exact.TotalVariance);
        Assert.Equal(exact.TotalVariance, sketched.TotalVariance, 1e-12 * exact.TotalVariance);
        for (int i = 0; i < 30; i++)
        {
            double residual = sketched.Sketch.Residuals[i];
            Assert.InRange(residual, 0, 1e-4 * sketched.Variances[i]);
            double gap = Math.Min(i == 0 ? double.PositiveInfinity : exact.Variances[i - 1] - exact.Variances[i], exact.Variances[i] - exact.Variances[i + 1]);
            double roundoff = 1e-13 * exact.Variances[0];
            Assert.InRange(exact.Variances[i] - sketched.Variances[i], -roundoff, residual * residual / gap + roundoff);
            // The angle is at most residual/gap, and p = Xᵀu on the Gram side damps all that is of smaller variance.
            double sine = 2 * residual / gap;
            Assert.InRange(1 - Math.Abs(Dot(exact.Direction(i), sketched.Direction(i))), -1e-12, sine * sine + 1e-12);
        }
    }

    [Theory]
    [InlineData(2.6)]   // the published spectrum
    [InlineData(2)]     // a random walk's
    public void Four_passes_with_twice_the_vectors_find_the_variances_to_six_digits(double exponent)
    {
        var window = PowerLawWindow(400, 600, exponent, seed: 2);
        var exact = PrincipalModes.Of(window, 20);
        var sketched = PrincipalModes.Of(window, 20, Sketch with { BlockSize = 40, MaxPasses = 4, Tolerance = 1e-12 });
        Assert.Equal((4, 160), (sketched.Sketch!.Passes, sketched.Sketch.BasisSize));
        for (int i = 0; i < 20; i++)
            Assert.Equal(exact.Variances[i], sketched.Variances[i], 1e-6 * exact.Variances[i]);
    }

    [Fact]
    public void Too_few_passes_are_said_and_the_residuals_still_bound_the_error()
    {
        var window = Windows.From(200, 150, Normals(seed: 3));   // nearly all variances alike: the hardest case
        var exact = PrincipalModes.Of(window);
        var sketched = PrincipalModes.Of(window, 10, Sketch with { MaxPasses = 2 });
        Assert.Equal((SketchEnding.PassLimit, 2), (sketched.Sketch!.Ending, sketched.Sketch.Passes));
        Assert.True(sketched.Sketch.Residuals[0] > 0.01 * sketched.Variances[0]);
        for (int i = 0; i < 10; i++)
        {
            Assert.True(sketched.Variances[i] <= exact.Variances[i]);
            Assert.Contains(exact.Variances, variance => Math.Abs(variance - sketched.Variances[i]) <= sketched.Sketch.Residuals[i]);
        }
        Assert.Equal(exact.TotalVariance, sketched.TotalVariance, 1e-12 * exact.TotalVariance);
    }

    /// <summary>A written out by loops, and the sketch's own vectors in it.</summary>
    [Theory]
    [InlineData(40, 25)]
    [InlineData(25, 40)]
    public void Residuals_are_those_of_the_matrix_written_out(int iterations, int dimension)
    {
        var normal = Normals(seed: 8);
        float[] weights = [.. Enumerable.Range(0, iterations * dimension).Select(i => (float)normal(i / dimension, i % dimension))];
        var window = new Window(weights, iterations, dimension);
        double[] mean = CentredWindow.Mean(window);
        double[][] rows = [.. Enumerable.Range(0, iterations).Select(t => Enumerable.Range(0, dimension).Select(j => weights[t * dimension + j] - mean[j]).ToArray())];
        double[][] factors = iterations < dimension ? rows : [.. Enumerable.Range(0, dimension).Select(j => rows.Select(row => row[j]).ToArray())];
        double[][] a = [.. factors.Select(left => factors.Select(right => Dot(left, right) / iterations).ToArray())];

        using var scope = TorchSharp.torch.NewDisposeScope();
        var pairs = new KrylovSketch(new(new(window, mean)), 3, Sketch with { BlockSize = 4, MaxPasses = 2 }).Run();
        double[] vectors = pairs.Vectors.t().contiguous().data<double>().ToArray();
        for (int i = 0; i < 3; i++)
        {
            double[] x = vectors[(i * a.Length)..((i + 1) * a.Length)];
            double residual = Math.Sqrt(a.Zip(x, (row, own) => Math.Pow(Dot(row, x) - pairs.Values[i] * own, 2)).Sum());
            Assert.True(residual > 0.01 * pairs.Values[i], "there is something to compare");
            Assert.Equal(residual, pairs.Residuals[i], 1e-12 * pairs.Values[0]);
        }
    }

    [Theory]
    [InlineData(60, 90)]
    [InlineData(90, 60)]
    public void A_sketch_of_everything_ends_with_everything(int iterations, int dimension)
    {
        var window = Windows.Noise(iterations, dimension, seed: 4);
        var exact = PrincipalModes.Of(window);
        var sketched = PrincipalModes.Of(window, dimension, Sketch with { Tolerance = 1e-12 });
        Assert.Equal((exact.Count, SketchEnding.Converged), (sketched.Count, sketched.Sketch!.Ending));
        for (int i = 0; i < exact.Count; i++)
            Assert.Equal(exact.Variances[i], sketched.Variances[i], 1e-13 * exact.Variances[0]);
    }

    [Fact]
    public void A_motion_in_few_directions_has_no_more()
    {
        // Whole numbers are exact in single precision, so the rank is exactly 3.
        var window = Windows.From(64, 200, (t, j) => (t % 4 == j % 4 && j % 4 < 3 ? 8 : 0) * (1 + j % 4));
        var sketched = PrincipalModes.Of(window, 10, Sketch);
        Assert.Equal((3, SketchEnding.Converged), (sketched.Count, sketched.Sketch!.Ending));
        Assert.Equal(sketched.TotalVariance, sketched.Variances.Sum(), 1e-12 * sketched.TotalVariance);
        var still = PrincipalModes.Of(Windows.From(5, 3, (_, j) => j), 2, Sketch);
        Assert.Equal((0, 0), (still.Count, still.TotalVariance));
    }

    [Fact]
    public void Variances_along_the_directions_are_the_variances()
    {
        var window = PowerLawWindow(150, 400, exponent: 2.6, seed: 5);
        var sketched = PrincipalModes.Of(window, 25, Sketch);
        double[] along = sketched.VariancesIn(window);
        for (int i = 0; i < 25; i++)
        {
            // Along Xᵀu it is σ² + (residual)²/σ², to which the directions' orthogonalisation adds as little.
            Assert.Equal(sketched.Variances[i], along[i], 2e-8 * sketched.Variances[i]);
            for (int k = 0; k <= i; k++)
                Assert.Equal(i == k ? 1 : 0, Dot(sketched.Direction(i), sketched.Direction(k)), 1e-12);
        }
    }

    [Fact]
    public void The_same_seed_gives_the_same_bits()
    {
        var window = PowerLawWindow(80, 120, exponent: 2, seed: 6);
        var first = PrincipalModes.Of(window, 5, Sketch);
        Assert.Equal(first.Directions, PrincipalModes.Of(window, 5, Sketch).Directions);
        Assert.NotEqual(first.Directions, PrincipalModes.Of(window, 5, Sketch with { Seed = 2 }).Directions);
    }

    [Fact]
    public void What_memory_does_not_allow_is_sketched()
    {
        var window = Windows.Noise(50, 40, seed: 7);
        Assert.Equal(PcaMethod.Covariance, PrincipalModes.Of(window, 3, new() { Memory = 40 * 40 * 40 }).Method);
        Assert.Equal(PcaMethod.Sketch, PrincipalModes.Of(window, 3, new() { Memory = 40 * 40 * 40 - 1 }).Method);
        Assert.Contains("say how many are wanted, or allow more memory",
            Assert.Throws<ArgumentException>(() => PrincipalModes.Of(window, options: new() { Memory = 0 })).Message);
        Assert.Contains("between 0 and 1", Assert.Throws<ArgumentOutOfRangeException>(() => new PcaOptions { Tolerance = 0 }).Message);
        Assert.Contains("at least 1 pass", Assert.Throws<ArgumentOutOfRangeException>(() => new PcaOptions { MaxPasses = 0 }).Message);
        Assert.Contains("at least 1 vector", Assert.Throws<ArgumentOutOfRangeException>(() => new PcaOptions { BlockSize = 0 }).Message);
    }

    /// <summary>Independent normal numbers whose variance falls as rank^−exponent, seen from turned axes.</summary>
    private static Window PowerLawWindow(int iterations, int dimension, double exponent, long seed)
    {
        var random = new RandomStream(seed, "axes");
        double[][] reflections = [.. Enumerable.Range(0, 2).Select(_ => Enumerable.Range(0, dimension).Select(_ => random.NextNormal()).ToArray())];
        float[] weights = new float[iterations * dimension];
        double[] row = new double[dimension];
        for (int t = 0; t < iterations; t++)
        {
            for (int j = 0; j < dimension; j++)
                row[j] = Math.Pow(1 + j, -exponent / 2) * random.NextNormal();
            foreach (double[] axis in reflections)
            {
                double share = 2 * Dot(axis, row) / Dot(axis, axis);
                for (int j = 0; j < dimension; j++)
                    row[j] -= share * axis[j];
            }
            for (int j = 0; j < dimension; j++)
                weights[t * dimension + j] = (float)(row[j] + 0.01 * j);
        }
        return new(weights, iterations, dimension);
    }

    private static Func<int, int, double> Normals(long seed)
    {
        var random = new RandomStream(seed, "normals");
        return (_, _) => random.NextNormal();
    }

    private static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double sum = 0;
        for (int j = 0; j < a.Length; j++)
            sum += a[j] * b[j];
        return sum;
    }
}
