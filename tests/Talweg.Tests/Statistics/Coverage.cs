using Talweg.Statistics;

namespace Talweg.Tests.Statistics;

/// <summary>How often an interval contains the truth over synthetic sets, 500 unless said.</summary>
internal static class Coverage
{
    private const int Sets = 500;

    /// <summary>99% of correct 95% intervals cover within 0.95 ± 2.58·√(0.95·0.05/500) = 0.95 ± 0.025.</summary>
    public const double Low = 0.925, High = 0.975;

    public static double Of(string name, double truth, Func<RandomStream, Interval?> interval, int sets = Sets) =>
        Share(sets, set => interval(new RandomStream(set, name))!.Value.Contains(truth));

    public static double Share(int sets, Func<int, bool> holds) => Enumerable.Range(0, sets).Count(holds) / (double)sets;

    /// <summary>Three standard errors of a share that <paramref name="sets"/> sets measure: 1 in 370 is off by more.</summary>
    public static double Spread(double share, int sets) => 3 * Math.Sqrt(share * (1 - share) / sets);

    /// <summary>Independent standard normal numbers.</summary>
    public static double[] Normals(this RandomStream random, int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextNormal())];
}
