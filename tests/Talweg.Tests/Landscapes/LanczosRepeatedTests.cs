using MathNet.Numerics.LinearAlgebra;
using Talweg.Landscapes;
using Talweg.Statistics;

namespace Talweg.Tests.Landscapes;

/// <summary>Hundreds of small random matrices with repeated and clustered eigenvalues, against a dense diagonalisation: each eigenvalue as often as it is there.</summary>
public sealed class LanczosRepeatedTests
{
    private const int Matrices = 200;

    /// <summary>What is asked of a residual, in units of the largest eigenvalue. A symmetric matrix has an eigenvalue no farther from a value than its residual.</summary>
    private const double Tolerance = 1e-8;

    [Fact]
    public void The_largest_are_all_there_as_often_as_they_are_repeated() => Each((matrix, dense, count, name) =>
        Check(Lanczos.Top(matrix, count), dense, [.. Eigenvalues(dense).OrderDescending().Take(count)], name));

    [Fact]
    public void The_smallest_are_all_there_as_often_as_they_are_repeated() => Each((matrix, dense, count, name) =>
        Check(Lanczos.Bottom(matrix, count), dense, [.. Eigenvalues(dense).Order().Take(count)], name));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(-2.5)]
    public void A_multiple_of_the_identity_has_one_eigenvalue_as_often_as_it_is_large(double value)
    {
        foreach (int n in (int[])[1, 2, 3, 7, 12])
        {
            for (int count = 1; count <= n; count++)
            {
                var dense = Matrix<double>.Build.DenseIdentity(n) * value;
                Check(Lanczos.Top(new DenseOperator(dense), count), dense, [.. Enumerable.Repeat(value, count)], $"top {count} of {n}");
                Check(Lanczos.Bottom(new DenseOperator(dense), count), dense, [.. Enumerable.Repeat(value, count)], $"bottom {count} of {n}");
            }
        }
    }

    private static void Each(Action<DenseOperator, Matrix<double>, int, string> check)
    {
        for (int draw = 0; draw < Matrices; draw++)
        {
            var random = new RandomStream(draw, "repeated eigenvalues");
            int n = 4 + random.Next(30);
            // From one eigenvalue to all of them.
            int count = draw % 4 == 0 ? n - random.Next(3) : 1 + random.Next(n);
            double[] spectrum = Spectrum(n, random);
            var dense = DenseOperator.Matrix(spectrum, draw);
            check(new DenseOperator(dense), dense, count, $"matrix {draw} of {n}, {count} pairs");
        }
    }

    /// <summary>A few levels between −1 and 1, each repeated up to six times, and every third time split into a cluster of relative width 1e-2 to 1e-5.</summary>
    private static double[] Spectrum(int n, RandomStream random)
    {
        var spectrum = new List<double>();
        while (spectrum.Count < n)
        {
            double level = (random.Next(41) - 20) / 20.0, width = random.Next(3) == 0 ? Math.Pow(10, -2 - random.Next(4)) : 0;
            int times = 1 + random.Next(6);
            for (int i = 0; i < times && spectrum.Count < n; i++)
                spectrum.Add(level + width * i);
        }

        return [.. spectrum];
    }

    private static double[] Eigenvalues(Matrix<double> dense) => [.. dense.Evd(Symmetricity.Symmetric).EigenValues.Select(value => value.Real)];

    private static void Check(Eigenpairs found, Matrix<double> dense, double[] expected, string name)
    {
        double norm = Math.Max(Eigenvalues(dense).Max(Math.Abs), 1e-300);
        Assert.Equal((LanczosEnding.Converged, expected.Length), (found.Ending, found.Values.Length));
        var vectors = Matrix<double>.Build.DenseOfRows(Enumerable.Range(0, expected.Length).Select(i => found.Vector(i).ToArray()));
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.True(Math.Abs(found.Values[i] - expected[i]) <= Tolerance * norm, $"{name}: eigenvalue {i} is {expected[i]:G9}, but {found.Values[i]:G9} was found");
            double residual = (dense * vectors.Row(i) - found.Values[i] * vectors.Row(i)).L2Norm();
            Assert.True(residual <= 1.01 * Tolerance * norm, $"{name}: residual {i} is {residual:G3}");
            Assert.True(Math.Abs(residual - found.Residuals[i]) <= 1e-13 * norm, $"{name}: residual {i} is {residual:G3}, but {found.Residuals[i]:G3} was told");
        }

        // Orthogonalised twice: some 30 products of roundoff 1e-16.
        double skew = (vectors * vectors.Transpose() - Matrix<double>.Build.DenseIdentity(expected.Length)).L2Norm();
        Assert.True(skew < 1e-12, $"{name}: vectors are off orthonormal by {skew:G3}");
    }
}
