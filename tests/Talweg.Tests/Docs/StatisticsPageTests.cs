using Talweg.Statistics;

namespace Talweg.Tests.Docs;

/// <summary>The examples of docs/statistics.md, as they stand there.</summary>
public sealed class StatisticsPageTests
{
    [Fact]
    public void Statistics()
    {
        double[] flatness = [1, 2, 4, 8];
        (double[] Flatness, double[] Variance)[] seeds = [.. new[] { -3.9, -4.0, -4.1 }.Select(exponent => (flatness, flatness.Select(f => Math.Pow(f, exponent)).ToArray()))];
        // σ² ~ F^k over the modes of each of three seeds
        PowerLawFit[] fits = [.. seeds.Select(seed => PowerLaw.LeastSquares(seed.Flatness, seed.Variance))];
        Estimate exponent = PowerLaw.OverCells(fits, "seeds");     // mean, Student's interval, "3 seeds"
        var band = new Interval(-5, -3);
        string verdict = exponent.Interval switch
        {
            { } interval when interval.IsInside(band) => "holds",
            { } interval when interval.IsOutside(band) => "fails",
            _ => "undecided",
        };

        Assert.Equal(("holds", "3 seeds"), (verdict, exponent.Over));
        Assert.Equal(-4, exponent.Value, 1e-12);
    }
}
