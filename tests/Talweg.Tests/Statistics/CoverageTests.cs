using Talweg.Statistics;

namespace Talweg.Tests.Statistics;

/// <summary>Every share of coverage that docs/statistics.md or a docstring states, measured to three standard errors. Slow: found only where TALWEG_SLOW is set.</summary>
public sealed class CoverageTests(ITestOutputHelper output)
{
    private const int Sets = 4000;

    [SlowTheory]
    [InlineData(0.0, 50, 0.98, 0.965), InlineData(0.5, 50, 0.975, 0.965), InlineData(0.8, 50, 0.965, 0.94)]
    [InlineData(0.0, 100, 0.955, 0.96), InlineData(0.5, 100, 0.96, 0.955), InlineData(0.8, 100, 0.955, 0.95)]
    [InlineData(0.0, 400, 0.945, 0.955), InlineData(0.8, 400, 0.95, 0.945)]
    public void Change_points_in_correlated_noise(double correlation, int count, double location, double ratio)
    {
        const int sets = 2000;
        double[] x = [.. Enumerable.Range(1, count).Select(i => (double)i)];
        double truth = 0.4 * count;
        var estimates = Enumerable.Range(0, sets).Select(set =>
        {
            var random = new RandomStream(set, $"hinge {correlation} of {count}");
            return ChangePoint.Bootstrap(x, ChangePointTests.Hinge(x, truth, correlation, random), random, 400);
        }).ToArray();
        Check($"location, ρ = {correlation}, n = {count}", location, Coverage.Share(sets, set => estimates[set].Location.Interval!.Value.Contains(truth)), sets);
        Check($"slope ratio, ρ = {correlation}, n = {count}", ratio, Coverage.Share(sets, set => estimates[set].SlopeRatio.Interval!.Value.Contains(0.2)), sets);
    }

    [SlowTheory, InlineData(3.8, 0.05), InlineData(5.7, 0.01)]
    public void Improvements_of_60_points_on_a_straight_line(double improvement, double share)
    {
        const int sets = 20_000;
        double[] x = [.. Enumerable.Range(1, 60).Select(i => (double)i)];
        Check($"improvement above {improvement}", share, Coverage.Share(sets, set => ChangePoint.Find(x, new RandomStream(set, "improvement").Normals(60)).Improvement > improvement), sets);
    }

    public static TheoryData<string, double> Clouds => new()
    {
        { "30 points, ln x even", 0.965 }, { "200 points, ln x even", 0.95 }, { "x = 1 … 30", 0.96 }, { "x = 1 … 10", 0.96 }, { "x = 2 … 200", 0.95 },
        { "x = 1 … 30, noise grows", 0.995 }, { "x = 1 … 30, noise shrinks", 0.935 }, { "30 points, noise grows to both ends", 0.96 }, { "x = 1 … 30, exponential noise", 0.96 },
    };

    [SlowTheory, MemberData(nameof(Clouds))]
    public void The_bootstrap_of_an_exponent(string cloud, double share) =>
        Check(cloud, share, Coverage.Of(cloud, 2, random =>
        {
            var (logX, noise) = Draw(cloud, random);
            return PowerLaw.BootstrapOverPoints(Array.ConvertAll(logX, Math.Exp), [.. logX.Zip(noise, (at, error) => Math.Exp(2 * at + error))], random, 400).Interval;
        }, Sets), Sets);

    [SlowTheory, InlineData(3, 0.73), InlineData(5, 0.84), InlineData(10, 0.91), InlineData(20, 0.93)]
    public void Resampled_groups_and_Student_over_cells(int seeds, double groups)
    {
        Check($"{seeds} groups", groups, Coverage.Of("groups", -3, random => PowerLaw.BootstrapOverGroups(PowerLawTests.Seeds(seeds, random), random, 400).Interval, Sets), Sets);
        Check($"{seeds} cells", 0.95, Coverage.Of("cells", -3, random =>
            PowerLaw.OverCells([.. PowerLawTests.Seeds(seeds, random).Select(seed => PowerLaw.LeastSquares(seed.X, seed.Y))]).Interval, Sets), Sets);
    }

    [SlowTheory, InlineData(5, 0.98), InlineData(10, 0.95), InlineData(30, 0.95), InlineData(200, 0.95)]
    public void Exponents_by_least_squares_and_by_Theil_and_Sen(int count, double sen)
    {
        double[] x = [.. Enumerable.Range(1, count).Select(i => (double)i)];
        Check($"least squares of {count}", 0.95, Coverage.Of("least squares", 2, random => PowerLaw.LeastSquares(x, PowerLawTests.Noisy(x, 2, 0.7, random)).Interval, Sets), Sets);
        Check($"Theil–Sen of {count}", sen, Coverage.Of("Sen", 2, random => PowerLaw.TheilSen(x, PowerLawTests.Noisy(x, 2, 0.7, random)).Interval, Sets), Sets);
    }

    [SlowTheory]
    [InlineData(0, 10, 0.95, 0.965, 0.955), InlineData(0, 200, 0.95, 0.95, 0.95), InlineData(0.6, 10, 0.95, 0.96, 0.95), InlineData(0.6, 25, 0.95, 0.955, 0.955)]
    [InlineData(0.9, 10, 0.95, 0.95, 0.92), InlineData(0.9, 25, 0.95, 0.955, 0.935), InlineData(0.9, 200, 0.95, 0.96, 0.965)]
    [InlineData(0.95, 25, 0.95, 0.94, 0.925), InlineData(0.95, 200, 0.95, 0.955, 0.965)]
    public void Correlations_of_a_bivariate_normal(double r, int count, double pearson, double spearman, double kendall)
    {
        string name = $"correlation {r} of {count}";
        Check($"Pearson, {name}", pearson, Coverage.Of(name, r, random => CorrelationTests.Draw(random, r, count, Correlation.Pearson), Sets), Sets);
        Check($"Spearman, {name}", spearman, Coverage.Of(name, 6 / Math.PI * Math.Asin(r / 2), random => CorrelationTests.Draw(random, r, count, Correlation.Spearman), Sets), Sets);
        Check($"Kendall, {name}", kendall, Coverage.Of(name, 2 / Math.PI * Math.Asin(r), random => CorrelationTests.Draw(random, r, count, Correlation.Kendall), Sets), Sets);
    }

    [SlowTheory, InlineData(100, 0.043)]
    public void P_values_of_normal_numbers(int count, double share)
    {
        const int sets = 20_000;
        Check("p-value below 5%", share, Coverage.Share(sets, set => Normality.Of(new RandomStream(set, "p-value").Normals(count)).PValue < 0.05), sets);
    }

    /// <summary>Abscissae ln x, and noise on ln y.</summary>
    private static (double[] LogX, double[] Noise) Draw(string cloud, RandomStream random)
    {
        double[] logX = cloud switch
        {
            "30 points, ln x even" => [.. Enumerable.Range(1, 30).Select(i => i / 30.0)],
            "200 points, ln x even" => [.. Enumerable.Range(1, 200).Select(i => i / 200.0)],
            "x = 1 … 10" => [.. Enumerable.Range(1, 10).Select(i => Math.Log(i))],
            "x = 2 … 200" => [.. Enumerable.Range(2, 199).Select(i => Math.Log(i))],
            "30 points, noise grows to both ends" => random.Normals(30),
            _ => [.. Enumerable.Range(1, 30).Select(i => Math.Log(i))],
        };
        return (logX, Array.ConvertAll(logX, at => cloud switch
        {
            "x = 1 … 30, noise grows" or "30 points, noise grows to both ends" => at * random.NextNormal(),
            "x = 1 … 30, noise shrinks" => (3.5 - at) * random.NextNormal(),
            "x = 1 … 30, exponential noise" => -Math.Log(1 - random.NextDouble()),
            _ => random.NextNormal(),
        }));
    }

    private void Check(string what, double stated, double found, int sets)
    {
        output.WriteLine($"{what}: {found:P1}, stated {stated:P1}");
        Assert.InRange(found, stated - Coverage.Spread(stated, sets), stated + Coverage.Spread(stated, sets));
    }
}
