using Talweg.Statistics;
using Talweg.Studies.Findings;
using Talweg.Trajectories;

namespace Talweg.Studies.Running;

/// <summary>The null surrogates of a window (measures.md, Null surrogates), the same in every study.</summary>
internal static class NullWindows
{
    public static IReadOnlyList<string> Names { get; } = [SurrogateNames.IsotropicWalk, SurrogateNames.EpochBalancedWalk, SurrogateNames.ShuffledSteps];

    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="recorded">The window to imitate.</param>
    /// <param name="rowsPerEpoch">Recorded iterations an epoch: a step of a thinned window is the sum of those between its rows.</param>
    /// <param name="seed">The cell's.</param>
    public static Window Draw(string name, IWindow recorded, int rowsPerEpoch, long seed)
    {
        var random = new RandomStream(seed, $"null surrogates/{name}");
        return name switch
        {
            SurrogateNames.IsotropicWalk => NullSurrogates.IsotropicWalk(recorded, random),
            SurrogateNames.EpochBalancedWalk => NullSurrogates.EpochBalancedWalk(recorded, rowsPerEpoch, random),
            _ => NullSurrogates.ShuffledSteps(recorded, rowsPerEpoch, random),
        };
    }

    /// <summary>Ranks from 2 to <paramref name="last"/>, evenly over ln rank.</summary>
    public static int[] Ranks(int count, int last) =>
        [.. Enumerable.Range(0, count).Select(i => (int)Math.Round(2 * Math.Pow(last / 2.0, i / (count - 1.0)))).Distinct()];
}
