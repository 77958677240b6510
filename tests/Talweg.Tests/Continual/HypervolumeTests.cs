using CsCheck;
using Talweg.Continual;

namespace Talweg.Tests.Continual;

public sealed class HypervolumeTests
{
    [Fact]
    public void Areas_of_curves_are_those_of_their_rectangles()
    {
        Assert.Equal(0, Hypervolume.Of([]));
        Assert.Equal(1, Hypervolume.Of([(0, 0)]));
        Assert.Equal(0, Hypervolume.Of([(1, 0), (0, 1), (1, 1)]));
        Assert.Equal(0.75 * 0.5, Hypervolume.Of([(0.25, 0.5)]), 1e-12);
        // (0.1, 0.6): 0.9 · 0.4; (0.5, 0.2) adds the strip from 0.2 to 0.6 right of 0.5: 0.5 · 0.4.
        Assert.Equal(0.36 + 0.2, Hypervolume.Of([(0.5, 0.2), (0.1, 0.6)]), 1e-12);
        // A point that another is as good as in both, or the same point again, changes nothing.
        Assert.Equal(0.56, Hypervolume.Of([(0.5, 0.2), (0.1, 0.6), (0.6, 0.7), (0.5, 0.2), (0.1, 0.9), (0.5, 0.3)]), 1e-12);
    }

    /// <summary>On a grid of 16ths, the midpoints of cells tell exactly which cells are covered.</summary>
    [Fact]
    public void The_area_is_the_share_of_a_grid_that_some_point_covers() =>
        Gen.Select(Gen.Int[0, 16], Gen.Int[0, 16]).List[0, 12].Sample(points =>
        {
            (double First, double Second)[] curve = [.. points.Select(point => (point.Item1 / 16.0, point.Item2 / 16.0))];
            int covered = 0;
            for (int i = 0; i < 256; i++)
            {
                double x = (i / 16 + 0.5) / 16, y = (i % 16 + 0.5) / 16;
                covered += curve.Any(point => point.First <= x && point.Second <= y) ? 1 : 0;
            }

            return Math.Abs(Hypervolume.Of(curve) - covered / 256.0) < 1e-12;
        });

    [Fact]
    public void Errors_outside_0_to_1_are_refused()
    {
        foreach (var point in ((double, double)[])[(-0.01, 0.5), (0.5, 1.01), (double.NaN, 0.5), (0.5, double.NaN)])
            Assert.StartsWith("Errors must lie from 0 to 1.", Assert.Throws<ArgumentException>(() => Hypervolume.Of([(0.5, 0.5), point])).Message, StringComparison.Ordinal);
    }
}
