using CsCheck;
using Talweg.Landscapes;

namespace Talweg.Tests.Landscapes;

public sealed class DirectionsTests
{
    [Fact]
    public void Norms_near_one_are_made_one_in_double_precision() =>
        Gen.Select(Gen.Double[-1, 1].Array[1, 40], Gen.Double[-0.999e-3, 0.999e-3]).Where((p, _) => p.Sum(x => x * x) > 0.01).Sample((p, excess) =>
        {
            double norm = Math.Sqrt(p.Sum(x => x * x));
            var directions = Directions.Of([.. p.Select(x => x / norm * (1 + excess)), .. p.Select(x => x / norm)], p.Length);
            return directions.Count == 2 && directions.Dimension == p.Length
                && Math.Abs(directions[0].ToArray().Sum(x => x * x) - 1) < 1e-14
                && directions[0].ToArray().Zip(directions[1].ToArray()).All(pair => Math.Abs(pair.First - pair.Second) < 1e-14);
        });

    [Theory]
    [InlineData(1.0011, "Direction 1 must have norm 1 within 0.001, but its norm over 2 weights is 1.0011. Divide it by its norm first.")]
    [InlineData(0.9989, "its norm over 2 weights is 0.9989")]
    [InlineData(0, "its norm over 2 weights is 0.")]
    [InlineData(double.NaN, "its norm over 2 weights is NaN")]
    [InlineData(double.PositiveInfinity, "norm over 2 weights is ")]
    public void Other_norms_are_refused(double length, string message) =>
        Assert.Contains(message, Assert.Throws<ArgumentException>(() => Directions.Of([1, 0, 0.6 * length, 0.8 * length], 2)).Message);

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    public void Whole_directions_are_asked_for(int numbers) =>
        Assert.Contains($"Directions of 3 weights need a positive multiple of 3 numbers, but there are {numbers}.", Assert.Throws<ArgumentException>(() => Directions.Of(new double[numbers], 3)).Message);

    [Fact]
    public void The_given_numbers_are_copied()
    {
        double[] given = [1, 0];
        var directions = Directions.Of(given, 2);
        given[0] = 7;
        Assert.Equal([1, 0], directions[0].ToArray());
    }
}
