using Talweg.Landscapes;
using Talweg.Statistics;
using Talweg.Studies.FlatnessAndHessian;

namespace Talweg.Studies.Tests.FlatnessAndHessian;

/// <summary>Directions called after their curvature have it, for a Hessian that is known: Σ λᵢ vᵢvᵢᵀ in a rotated basis.</summary>
public sealed class SpectralDirectionsTests
{
    private const int Dimension = 9;
    private const double Threshold = 1e-3;

    /// <summary>Descending: four steep, two just within the threshold on either side and one at it, two negative, one of them close to it.</summary>
    private static readonly double[] Values = [4, 1, 0.5, 0.0011, 0.001, 0.0004, -0.0009, -0.0011, -2];

    private static readonly double[] Basis = RandomDirections.In(Dimension, Dimension, new RandomStream(1, "basis"));

    private static readonly Eigenpairs Spectrum = new() { Values = Values, Vectors = Basis, Residuals = new double[Dimension], Products = 0, Ending = LanczosEnding.Converged };

    [Fact]
    public void The_bottom_is_the_smallest_eigenvalues_the_most_negative_first()
    {
        double[][] bottom = [.. SpectralDirections.Bottom(Spectrum, 3).Chunk(Dimension)];
        Assert.Equal([-2, -0.0011, -0.0009], bottom.Select(Curvature), Near);
        for (int i = 0; i < 3; i++)
            Assert.Equal(Basis[((Dimension - 1 - i) * Dimension)..((Dimension - i) * Dimension)], bottom[i]);
    }

    [Fact]
    public void Directions_of_vanishing_curvature_lie_in_the_span_of_what_vanishes_and_of_nothing_negative()
    {
        for (int seed = 1; seed <= 20; seed++)
        {
            double[][] flat = [.. SpectralDirections.Vanishing(Spectrum, Threshold, 10, new RandomStream(seed, "flat")).Chunk(Dimension)];
            Assert.Equal(3, flat.Length);                                         // as many as there is room for
            foreach (double[] p in flat)
            {
                Assert.Equal(1, Naive.Dot(p, p), 1e-12);
                foreach (int i in (int[])[0, 1, 2, 3, 7, 8])
                    Assert.Equal(0, Naive.Dot(p, Basis[(i * Dimension)..((i + 1) * Dimension)]), 1e-12);
                Assert.InRange(Curvature(p), -0.0009, 0.001);
            }

            Assert.Equal(0, Naive.Dot(flat[0], flat[1]), 1e-12);
            Assert.True(flat[0].Select((x, n) => Math.Abs(x - Basis[4 * Dimension + n])).Max() > 1e-6, "A mixture, no eigenvector.");
        }
    }

    [Fact]
    public void As_many_are_drawn_as_are_wanted_each_stream_its_own_and_none_where_nothing_vanishes()
    {
        double[] two = SpectralDirections.Vanishing(Spectrum, Threshold, 2, new RandomStream(1, "flat"));
        Assert.Equal(2 * Dimension, two.Length);
        Assert.Equal(two, SpectralDirections.Vanishing(Spectrum, Threshold, 2, new RandomStream(1, "flat")));
        Assert.NotEqual(two, SpectralDirections.Vanishing(Spectrum, Threshold, 2, new RandomStream(2, "flat")));
        Assert.Empty(SpectralDirections.Vanishing(Spectrum, 1e-4, 2, new RandomStream(1, "flat")));
    }

    private static double Curvature(double[] p) => Values.Select((value, i) => value * Math.Pow(Naive.Dot(p, Basis[(i * Dimension)..((i + 1) * Dimension)]), 2)).Sum();

    private static bool Near(double a, double b) => Math.Abs(a - b) < 1e-12;
}
