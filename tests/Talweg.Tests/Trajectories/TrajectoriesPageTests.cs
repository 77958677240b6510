using Talweg.Statistics;
using Talweg.Trajectories;

namespace Talweg.Tests.Trajectories;

/// <summary>The example of docs/trajectories.md, with its numbers.</summary>
public sealed class TrajectoriesPageTests
{
    [Fact]
    public void The_example_gives_the_numbers_on_the_page()
    {
        var window = Example();
        var modes = PrincipalModes.Of(window);
        double ratio = modes.Variances[0] / modes.Variances[1];
        int needed = ExplainedVariance.ModesWithoutFirst(modes.Variances, 0.9);
        ModeDrift first = ModeDrift.OfModes(modes, window, iterationsPerEpoch: 100, count: 1)[0];
        WeightAlignment alignment = WeightAlignment.Of(modes.Direction(0), window.Row(window.Iterations - 1));
        Window walk = NullSurrogates.IsotropicWalk(window, new RandomStream(7, "null"));
        double nullRatio = PrincipalModes.Of(walk).Variances[0] / PrincipalModes.Of(walk).Variances[1];
        Assert.Equal("85, 29, 1.00, 0.998, 3.7", $"{ratio:F0}, {needed}, {first.Straightness:F2}, {alignment.Cosine:F3}, {nullRatio:F1}");
    }

    [Fact]
    public void The_velocities_are_those_on_the_page()
    {
        var window = Example();
        var modes = PrincipalModes.Of(window);
        ModeDrift second = ModeDrift.Of(modes.Projections(window, 1), iterationsPerEpoch: 100);
        Assert.Equal("1.07 ± 0.06, 12.2 ± 1.5", $"{second.VelocityVariance:F2} ± {second.VelocityVarianceError:F2}, {second.CorrelationTime:F1} ± {second.CorrelationTimeError:F1}");
    }

    private static Window Example()
    {
        var random = new RandomStream(7, "example");
        double[] start = [.. Enumerable.Range(0, 40).Select(_ => random.NextNormal())];
        double[] away = new double[40];
        return Windows.From(1000, 40, (t, j) =>
        {
            away[j] += -0.1 * away[j] + random.NextNormal();
            return start[j] * (20 + 0.02 * t) + away[j];
        });
    }
}
