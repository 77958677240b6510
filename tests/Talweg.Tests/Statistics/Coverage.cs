using Talweg.Statistics;

namespace Talweg.Tests.Statistics;

/// <summary>How often an interval contains the truth over 500 synthetic sets.</summary>
internal static class Coverage
{
    private const int Sets = 500;

    /// <summary>99% of correct 95% intervals cover within 0.95 ± 2.58·√(0.95·0.05/500) = 0.95 ± 0.025.</summary>
    public const double Low = 0.925, High = 0.975;

    public static double Of(string name, double truth, Func<RandomStream, Interval?> interval) =>
        Enumerable.Range(0, Sets).Count(set => interval(new RandomStream(set, name))!.Value.Contains(truth)) / (double)Sets;

    /// <summary>Independent standard normal numbers.</summary>
    public static double[] Normals(this RandomStream random, int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextNormal())];
}
