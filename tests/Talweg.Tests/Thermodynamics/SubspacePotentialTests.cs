using Talweg.Landscapes;
using Talweg.Networks;
using Talweg.Tests.Networks;
using Talweg.Thermodynamics;

namespace Talweg.Tests.Thermodynamics;

public sealed class SubspacePotentialTests
{
    /// <summary>Three orthonormal directions by hand: Gram and Schmidt.</summary>
    private static double[] Orthonormal(int dimension)
    {
        var rows = new List<double[]>();
        for (int seed = 1; rows.Count < 3; seed++)
        {
            double[] v = SmallNetwork.RandomDirection(dimension, seed);
            foreach (double[] row in rows)
            {
                double along = v.Zip(row, (a, b) => a * b).Sum();
                v = [.. v.Zip(row, (a, b) => a - along * b)];
            }

            double norm = Math.Sqrt(v.Sum(x => x * x));
            rows.Add([.. v.Select(x => x / norm)]);
        }

        return [.. rows.SelectMany(row => row)];
    }

    [Fact]
    public void Loss_and_slopes_are_those_of_the_transects()
    {
        var network = SmallNetworks.Get("fc:5-13-9-3");
        var space = WeightSpace.Of(network.Network, 2);
        using var potential = LayerPotential.Of(network.Weights, network.Samples, space);
        using var landscape = Landscape.Of(network.Weights, network.Samples, space, LandscapePrecision.Double);
        double[] origin = [.. space.Flatten(network.Weights).Select(w => (double)w)];
        var directions = Directions.Of(Orthonormal(space.Dimension), space.Dimension);
        var plane = new SubspacePotential(potential, origin, directions);
        Assert.Equal(3, plane.Dimension);
        double[] gradient = new double[3];
        for (int k = 0; k < 3; k++)
        {
            var profile = landscape.Profile(directions[k], [0.4], withSlopes: true);
            double[] coordinates = new double[3];
            coordinates[k] = 0.4;
            Close.Assert(profile.Loss[0], plane.Gradient(coordinates, gradient), 2e-6);
            Close.Assert(profile.Slope![0], gradient[k], 5e-6, 0.01);
        }

        Assert.Equal(Enumerable.Range(0, space.Dimension).Select(i => 2 * directions[0][i] - 3 * directions[2][i]), plane.Lift([2, 0, -3]), (a, b) => Math.Abs(a - b) < 1e-14);
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        var network = SmallNetworks.Get("fc:5-13-9-3");
        var space = WeightSpace.Of(network.Network, 3);
        using var potential = LayerPotential.Of(network.Weights, network.Samples, space);
        double[] rows = Orthonormal(27);
        var directions = Directions.Of(rows, 27);
        Assert.Contains("27 weights, but the origin has 26 and the directions 27", Assert.Throws<ArgumentException>(() => new SubspacePotential(potential, new double[26], directions)).Message);
        var skew = Directions.Of([.. rows[..27], .. rows[..27]], 27);
        Assert.Contains("must be orthogonal, but 0 and 1 have the product 1", Assert.Throws<ArgumentException>(() => new SubspacePotential(potential, new double[27], skew)).Message);
        var plane = new SubspacePotential(potential, new double[27], directions);
        Assert.Contains("3 coordinates, but there are 2", Assert.Throws<ArgumentException>(() => plane.Gradient([1, 2], new double[3])).Message);
        Assert.Contains("3 coordinates, but there are 4", Assert.Throws<ArgumentException>(() => plane.Lift([1, 2, 3, 4])).Message);
    }
}
