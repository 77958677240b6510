using MathNet.Numerics.LinearAlgebra;
using Talweg.Landscapes;
using Talweg.Statistics;

namespace Talweg.Tests.Landscapes;

/// <summary>Against spectra that the matrices were made from, and against a dense diagonalisation.</summary>
public sealed class LanczosTests
{
    public static TheoryData<string> Spectra => ["even", "semicircle", "few large", "powers", "negative", "twice each", "five the same", "low rank", "one number", "zero"];

    [Theory, MemberData(nameof(Spectra))]
    public void The_largest_ten_are_those_of_the_spectrum(string name)
    {
        double[] spectrum = Spectrum(name, 200);
        double norm = spectrum.Max(Math.Abs);
        var matrix = DenseOperator.Of(spectrum, seed: 4);
        var top = Lanczos.Top(matrix, 10);
        Assert.Equal(LanczosEnding.Converged, top.Ending);
        Assert.Equal(matrix.Products, top.Products);
        double[] expected = [.. spectrum.OrderDescending().Take(10)];
        for (int i = 0; i < 10; i++)
        {
            // Relative to the value itself; where it is 0, to the norm, of which the made matrix's own roundoff is 1e-15.
            Close(expected[i], top.Values[i], 1e-8 * Math.Abs(expected[i]) + 1e-13 * norm, $"eigenvalue {i}");
            Assert.True(top.Residuals[i] <= LanczosOptions.Default.Tolerance * norm * 1.01 + 1e-13, $"residual {i}: {top.Residuals[i]:G3}");
        }

        AssertOrthonormal(top);
        AssertResiduals(matrix, top, norm);
    }

    /// <summary>The other end, with residuals, sorted from the end inward.</summary>
    [Theory]
    [InlineData("even")]
    [InlineData("semicircle")]
    [InlineData("negative")]
    [InlineData("twice each")]
    public void The_smallest_ten_are_those_of_the_spectrum(string name)
    {
        double[] spectrum = Spectrum(name, 200);
        double norm = spectrum.Max(Math.Abs);
        var matrix = DenseOperator.Of(spectrum, seed: 4);
        var bottom = Lanczos.Bottom(matrix, 10);
        Assert.Equal((LanczosEnding.Converged, matrix.Products), (bottom.Ending, bottom.Products));
        double[] expected = [.. spectrum.Order().Take(10)];
        for (int i = 0; i < 10; i++)
        {
            Close(expected[i], bottom.Values[i], 1e-8 * Math.Abs(expected[i]) + 1e-13 * norm, $"eigenvalue {i}");
            Assert.True(bottom.Residuals[i] <= LanczosOptions.Default.Tolerance * norm * 1.01, $"residual {i}: {bottom.Residuals[i]:G3}");
        }

        AssertOrthonormal(bottom);
        AssertResiduals(matrix, bottom, norm);
    }

    /// <summary>As many as there are: every eigenvalue, with another program's diagonalisation as the reference.</summary>
    [Fact]
    public void All_pairs_of_a_random_matrix_are_those_of_a_dense_diagonalisation()
    {
        var random = new RandomStream(9, "entries");
        var entries = Matrix<double>.Build.Dense(40, 40, (_, _) => random.NextNormal());
        var symmetric = entries + entries.Transpose();
        var evd = symmetric.Evd(Symmetricity.Symmetric);
        var top = Lanczos.Top(new DenseOperator(symmetric), 40);
        for (int i = 0; i < 40; i++)
        {
            Close(evd.EigenValues[39 - i].Real, top.Values[i], 1e-12 * symmetric.L2Norm(), $"eigenvalue {i}");
            double cosine = Vector<double>.Build.DenseOfArray(top.Vector(i).ToArray()) * evd.EigenVectors.Column(39 - i);
            Assert.True(Math.Abs(cosine) > 1 - 1e-10, $"eigenvector {i}: cosine {cosine}");
        }
    }

    [Fact]
    public void A_matrix_of_one_number_is_its_own_eigenvalue()
    {
        var top = Lanczos.Top(new DenseOperator(Matrix<double>.Build.Dense(1, 1, -3)), 1);
        Assert.Equal((-3.0, 1.0, 0.0, LanczosEnding.Converged), (top.Values[0], top.Vectors[0], top.Residuals[0], top.Ending));
    }

    [Fact]
    public void A_limit_too_small_is_told_with_honest_residuals()
    {
        double[] spectrum = Spectrum("even", 200);
        var matrix = DenseOperator.Of(spectrum, seed: 4);
        var top = Lanczos.Top(matrix, 5, new LanczosOptions { ProductLimit = 12 });
        Assert.Equal(LanczosEnding.ProductLimit, top.Ending);
        Assert.Equal(12, top.Products);
        Assert.Contains(top.Residuals, residual => residual > 1e-3);
        AssertResiduals(matrix, top, norm: 200);
        for (int i = 0; i < 5; i++)
        {
            // Ritz values never exceed the eigenvalues, and some eigenvalue lies within the residual.
            Assert.True(top.Values[i] <= 200 - i + 1e-9);
            Assert.True(spectrum.Min(value => Math.Abs(value - top.Values[i])) <= top.Residuals[i] + 1e-9);
        }
    }

    /// <summary>Fewer copies than a degenerate eigenvalue has are not passed off as converged when the limit ends the search for the others.</summary>
    [Fact]
    public void A_limit_that_comes_while_copies_are_looked_for_is_told()
    {
        var first = Lanczos.Top(DenseOperator.Of(Spectrum("five the same", 200), 4), 3, new LanczosOptions { ProductLimit = 40 });
        Assert.Equal(LanczosEnding.ProductLimit, first.Ending);
    }

    [Fact]
    public void The_same_seed_gives_the_same_bits_and_another_the_same_values()
    {
        Eigenpairs Of(long seed) => Lanczos.Top(DenseOperator.Of(Spectrum("powers", 100), 4), 3, new LanczosOptions { Seed = seed });
        Assert.Equal(Of(1).Vectors, Of(1).Vectors);
        Assert.NotEqual(Of(1).Vectors, Of(2).Vectors);
        Close(Of(1).Values[2], Of(2).Values[2], 1e-12, "third value");
    }

    [Fact]
    public void What_cannot_be_is_refused()
    {
        var matrix = DenseOperator.Of([1, 2], 1);
        Assert.Contains("A matrix of 2 × 2 has 2 eigenvalues, but 3 were asked for.", Assert.Throws<ArgumentOutOfRangeException>(() => Lanczos.Top(matrix, 3)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => Lanczos.Top(matrix, 0));
        Assert.Contains("2 eigenpairs take at least 2 products, but the product limit is 1.",
            Assert.Throws<ArgumentOutOfRangeException>(() => Lanczos.Top(matrix, 2, new() { ProductLimit = 1 })).Message, StringComparison.Ordinal);
        Assert.Contains("must lie within 1e-14 … 0.1", Assert.Throws<ArgumentOutOfRangeException>(() => new LanczosOptions { Tolerance = double.NaN }).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new LanczosOptions { ProductLimit = 0 });
        var nan = Matrix<double>.Build.Dense(3, 3, double.NaN);
        Assert.Equal("Product 1 with the 3 × 3 matrix is not finite. Are the weights?", Assert.Throws<ArithmeticException>(() => Lanczos.Top(new DenseOperator(nan), 1)).Message);
    }

    /// <summary>ARPACK takes 74 products for the same pairs to the same tolerance; Talweg at most 1.3 times as many, its search for missed copies included.</summary>
    /// <remarks>
    /// scipy 1.10.1, with d = 1/numpy.arange(1, 1001) and times(v): count += 1; w = d*v; w[:-1] += 0.01*v[1:]; w[1:] += 0.01*v[:-1]; return w:
    /// eigsh(LinearOperator((1000, 1000), matvec=times, dtype=float), k=20, which="LA", tol=1e-8, v0=numpy.ones(1000)).
    /// </remarks>
    [Fact]
    public void It_takes_hardly_more_products_than_ARPACK()
    {
        var top = Lanczos.Top(new Tridiagonal(), 20);
        Assert.Equal(LanczosEnding.Converged, top.Ending);
        Assert.InRange(top.Products, 20, (int)(1.3 * 74));
        Close(1.0001999800039991, top.Values[0], 1e-12, "largest");
        Close(0.05385164807134506, top.Values[^1], 1e-12, "twentieth");
    }

    [Fact]
    public void A_search_can_be_cancelled()
    {
        using var source = new CancellationTokenSource();
        var progress = new Cancelling(source);
        Assert.Throws<OperationCanceledException>(() => Lanczos.Top(DenseOperator.Of(Spectrum("even", 50), 1), 5, work: new(1, progress, source.Token)));
        Assert.Equal(7, progress.Reports);
    }

    private static double[] Spectrum(string name, int n) => name switch
    {
        "even" => [.. Enumerable.Range(1, n).Select(i => (double)i)],
        "semicircle" => [.. Enumerable.Range(0, n).Select(i => Math.Cos(Math.PI * (i + 0.5) / n))],
        "few large" => [.. Enumerable.Range(0, n).Select(i => i < 8 ? 100.0 - 7 * i : Math.Sin(i))],
        "powers" => [.. Enumerable.Range(1, n).Select(i => Math.Pow(i, -4))],
        "negative" => [.. Enumerable.Range(1, n).Select(i => -(double)i * i)],
        "twice each" => [.. Enumerable.Range(0, n).Select(i => (double)(i / 2))],
        "five the same" => [.. Enumerable.Range(0, n).Select(i => i < 5 ? 2 : Math.Cos(i))],
        "low rank" => [.. Enumerable.Range(0, n).Select(i => i < 4 ? 3.0 + i : 0)],
        "one number" => [.. Enumerable.Repeat(7.5, n)],
        _ => new double[n],
    };

    private static void AssertOrthonormal(Eigenpairs top)
    {
        for (int i = 0; i < top.Values.Length; i++)
        {
            for (int j = 0; j <= i; j++)
                Close(i == j ? 1 : 0, Dot(top.Vector(i), top.Vector(j)), 1e-12, $"v{i}·v{j}");
        }
    }

    /// <summary>Once more, without the code under test.</summary>
    private static void AssertResiduals(DenseOperator matrix, Eigenpairs top, double norm)
    {
        for (int i = 0; i < top.Values.Length; i++)
        {
            double[] product = new double[matrix.Dimension];
            matrix.Apply(top.Vector(i), product);
            double[] vector = top.Vector(i).ToArray();
            double value = top.Values[i];
            // A combination of a hundred products, each exact to 1e-16 of its size.
            double allowed = 1e-14 * norm;
            Close(Math.Sqrt(product.Zip(vector, (p, v) => (p - value * v) * (p - value * v)).Sum()), top.Residuals[i], allowed, $"residual {i}");
        }
    }

    private static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }

    private static void Close(double expected, double found, double allowed, string what) =>
        Assert.True(Math.Abs(found - expected) <= allowed, $"{what}: expected {expected:G17}, found {found:G17}, allowed {allowed:G3}");

    /// <summary>1/i on the diagonal, 0.01 beside it.</summary>
    private sealed class Tridiagonal : ISymmetricOperator
    {
        public int Dimension => 1000;

        public void Apply(ReadOnlySpan<double> vector, Span<double> product)
        {
            for (int i = 0; i < Dimension; i++)
                product[i] = vector[i] / (i + 1) + 0.01 * ((i > 0 ? vector[i - 1] : 0) + (i + 1 < Dimension ? vector[i + 1] : 0));
        }
    }

    private sealed class Cancelling(CancellationTokenSource source) : IProgress<WorkProgress>
    {
        public int Reports { get; private set; }

        public void Report(WorkProgress value)
        {
            Reports++;
            if (value.Done == 7)
                source.Cancel();
        }
    }
}
