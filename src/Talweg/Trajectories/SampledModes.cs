namespace Talweg.Trajectories;

/// <summary>All variances of a window, and the directions of modes at some ranks only: for layers so wide that memory does not hold every direction.</summary>
/// <remarks>Diagonalises a matrix, as <see cref="PrincipalModes.Of"/> does, and so needs about 40 min(T, N)² bytes beside the directions.</remarks>
public sealed record SampledModes
{
    /// <summary>σᵢ², descending, [min(T, N)], in squared weights.</summary>
    public required double[] Variances { get; init; }

    /// <summary>How many modes have a direction: those beyond have no variance but roundoff.</summary>
    public required int Count { get; init; }

    /// <summary>The ranks whose directions are kept, from 1, ascending.</summary>
    public required IReadOnlyList<int> Ranks { get; init; }

    /// <summary>Their directions as rows, [ranks, N], orthonormal.</summary>
    public required double[] Directions { get; init; }

    /// <summary>Finds the modes of a window.</summary>
    /// <param name="window">At least 2 iterations.</param>
    /// <param name="ranks">The ranks wanted, from 1, ascending, given how many modes have a direction; not asked where none has.</param>
    /// <exception cref="InputException">The window has one iteration only, or a weight is not finite.</exception>
    /// <exception cref="ArgumentException">The ranks do not ascend from 1 or more to at most the number of modes.</exception>
    public static SampledModes Of(IWindow window, Func<int, IReadOnlyList<int>> ranks)
    {
        ArgumentNullException.ThrowIfNull(window);
        ArgumentNullException.ThrowIfNull(ranks);
        CentredWindow.RequireMotion(window);
        var (count, chosen) = (0, (IReadOnlyList<int>)[]);
        var method = window.Iterations < window.Dimension ? PcaMethod.Gram : PcaMethod.Covariance;
        var (variances, directions) = PrincipalComponents.Exact(method, window, CentredWindow.Mean(window), found =>
        {
            (count, chosen) = (found, found == 0 ? [] : Checked(ranks(found), found));
            return [.. chosen.Select(rank => rank - 1)];
        });
        return new() { Variances = variances, Count = count, Ranks = chosen, Directions = directions };
    }

    private static IReadOnlyList<int> Checked(IReadOnlyList<int> ranks, int count) =>
        ranks.Count == 0 || (ranks[0] >= 1 && ranks[^1] <= count && ranks.Zip(ranks.Skip(1)).All(pair => pair.First < pair.Second))
            ? ranks
            : throw new ArgumentException($"Ranks must ascend between 1 and {count}, the number of modes, but they are {string.Join(", ", ranks.Take(8))}{(ranks.Count > 8 ? ", …" : "")}.", nameof(ranks));
}
