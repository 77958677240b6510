using Talweg.Statistics;
using Talweg.Trajectories;

namespace Talweg.Studies.Running;

/// <summary>The null surrogates of a window (measures.md, Null surrogates), the same in every study.</summary>
internal static class NullWindows
{
    public static IReadOnlyList<string> Names { get; } = ["isotropic walk", "epoch-balanced walk", "shuffled steps"];

    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="recorded">The window to imitate.</param>
    /// <param name="rowsPerEpoch">Recorded iterations an epoch: a step of a thinned window is the sum of those between its rows.</param>
    /// <param name="seed">The cell's.</param>
    public static Window Draw(string name, IWindow recorded, int rowsPerEpoch, long seed)
    {
        var random = new RandomStream(seed, $"null surrogates/{name}");
        return name switch
        {
            "isotropic walk" => NullSurrogates.IsotropicWalk(recorded, random),
            "epoch-balanced walk" => NullSurrogates.EpochBalancedWalk(recorded, rowsPerEpoch, random),
            _ => NullSurrogates.ShuffledSteps(recorded, rowsPerEpoch, random),
        };
    }
}
