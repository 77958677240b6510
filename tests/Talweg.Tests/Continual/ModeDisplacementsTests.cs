using Talweg.Continual;
using Talweg.Landscapes;
using Talweg.Tests.Networks;

namespace Talweg.Tests.Continual;

public sealed class ModeDisplacementsTests
{
    [Fact]
    public void Displacements_are_projections_without_a_sign_and_thresholds_a_share_of_the_flatness()
    {
        var directions = Directions.Of([1, 0, 0, 0, 0.6, -0.8], 3);
        var found = ModeDisplacements.Of(directions, [2, null], [1, 2, 3], [0.5f, 3, 6]);
        // w₂ − w₁ = (−0.5, 1, 3): along (1, 0, 0) −0.5, along (0, 0.6, −0.8) 0.6 − 2.4 = −1.8.
        Assert.Equal([0.5, 1.8], found.Displacements, (one, other) => Math.Abs(one - other) < 1e-12);
        Assert.Equal([2, null], found.Flatness);
        Assert.Equal(0.016, found.Thresholds[0]!.Value, 1e-12);
        Assert.Null(found.Thresholds[1]);
    }

    [Fact]
    public void Along_all_modes_they_make_up_the_distance()
    {
        const int n = 29;
        var directions = Directions.Of(PlainSprings.Orthonormal(n, n, 1), n);
        float[] from = PlainSprings.Draw(n, 1), to = PlainSprings.Draw(n, 2);
        var found = ModeDisplacements.Of(directions, new double?[n], from, to);
        // Double precision: some 29 terms of 1e-16.
        Close.Assert(from.Zip(to, (a, b) => ((double)b - a) * ((double)b - a)).Sum(), found.Displacements.Sum(q => q * q), 1e-13);
    }

    [Fact]
    public void Numbers_that_do_not_match_are_refused()
    {
        var directions = Directions.Of([1, 0, 0, 1], 2);
        foreach (var (flatness, from, to) in ((int, int, int)[])[(1, 2, 2), (2, 3, 2), (2, 2, 1)])
        {
            Assert.StartsWith($"There are 2 directions of 2 weights, but {flatness} values of flatness, and {from} and {to} weights.",
                Assert.Throws<ArgumentException>(() => ModeDisplacements.Of(directions, new double?[flatness], new float[from], new float[to])).Message, StringComparison.Ordinal);
        }
    }
}
