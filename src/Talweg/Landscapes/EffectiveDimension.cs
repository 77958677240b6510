namespace Talweg.Landscapes;

/// <summary>D_s: how many of the modes are sharp, the valley along them being narrower than the solution is long.</summary>
/// <remarks>
/// The number of modes with Fᵢ &lt; ‖w₀‖: Feng and Tu, PNAS 118, e2015617118 (2021), Fig. 6; their text lost the formula, and this reading is fairly
/// sure. A mode with an open side is not sharp, whatever the other side: the search went to 10 ‖w₀‖. F does not grow steadily with the rank, so the
/// count cannot stop where F first crosses ‖w₀‖. Where not every mode is measured, those between two measured ones count as sharp if both are,
/// and half if one is.
/// </remarks>
public sealed record EffectiveDimension
{
    /// <summary>‖w₀‖ of the weight space.</summary>
    public required double Threshold { get; init; }

    /// <summary>Modes counted over: ranks 1 to this.</summary>
    public required int Modes { get; init; }

    /// <summary>The ranks measured, from 1, ascending.</summary>
    public required IReadOnlyList<int> Ranks { get; init; }

    /// <summary>Fᵢ, one for each rank measured; null where a side is open.</summary>
    public required IReadOnlyList<double?> Flatness { get; init; }

    /// <summary>Modes measured with Fᵢ &lt; ‖w₀‖: D_s where every mode was, and at least so many otherwise.</summary>
    public int Sharp => Flatness.Count(IsSharp);

    /// <summary>Modes measured with an open side, which do not count.</summary>
    public int Open => Flatness.Count(flatness => flatness is null);

    /// <summary>The most that D_s can be: every mode not measured taken as sharp.</summary>
    public int Most => Sharp + Modes - Ranks.Count;

    /// <summary>D_s, with the modes not measured taken from their measured neighbours; a whole number where every mode was measured.</summary>
    public double Value
    {
        get
        {
            double between = 0;
            for (int k = 1; k < Ranks.Count; k++)
                between += (Ranks[k] - Ranks[k - 1] - 1) * (Share(k - 1) + Share(k)) / 2;
            return Sharp + between + (Modes - Ranks[^1]) * Share(Ranks.Count - 1);
        }
    }

    /// <summary>Whether the last mode measured is sharp, so that more of them may lie beyond and D_s is a lower bound.</summary>
    public bool GoesOn => IsSharp(Flatness[^1]);

    /// <summary>D_s of flatness that was measured already.</summary>
    /// <param name="ranks">From 1, ascending; the first is 1.</param>
    /// <param name="flatness">Fᵢ, as many; null where a side is open.</param>
    /// <param name="threshold">‖w₀‖, positive.</param>
    /// <param name="modes">Ranks 1 to this are counted over; at least the last rank.</param>
    /// <exception cref="ArgumentException">The ranks do not ascend from 1 to at most <paramref name="modes"/>, or there are not as many F.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The threshold is not a positive number.</exception>
    public static EffectiveDimension Of(IReadOnlyList<int> ranks, IReadOnlyList<double?> flatness, double threshold, int modes)
    {
        ArgumentNullException.ThrowIfNull(ranks);
        ArgumentNullException.ThrowIfNull(flatness);
        if (!(threshold > 0 && double.IsFinite(threshold)))
            throw new ArgumentOutOfRangeException(nameof(threshold), threshold, "The norm of the weights must be a positive number.");
        if (ranks.Count == 0 || ranks[0] != 1 || ranks[^1] > modes || Enumerable.Range(1, ranks.Count - 1).Any(k => ranks[k] <= ranks[k - 1]))
            throw new ArgumentException($"Ranks must ascend from 1 to at most {modes}, the number of modes, but they are {string.Join(", ", ranks.Take(8))}{(ranks.Count > 8 ? ", …" : "")}.", nameof(ranks));
        if (flatness.Count != ranks.Count)
            throw new ArgumentException($"There are {ranks.Count} ranks, but {flatness.Count} values of flatness.", nameof(flatness));
        return new() { Ranks = ranks, Flatness = flatness, Threshold = threshold, Modes = modes };
    }

    /// <summary>Measures F at level e along modes at chosen ranks, and counts.</summary>
    /// <param name="landscape">Around w₀.</param>
    /// <param name="directions">Of the modes measured, in descending order of variance.</param>
    /// <param name="ranks">Their ranks, ascending from 1, such as <see cref="Sample"/> gives; 1, 2, … where null.</param>
    /// <param name="modes">Ranks 1 to this are counted over; the last rank where null.</param>
    /// <param name="options">Threads, progress, cancellation.</param>
    /// <exception cref="ArgumentException">The ranks do not ascend from 1 to at most the number of modes, or there are not as many directions.</exception>
    public static EffectiveDimension Measure(Landscape landscape, Directions directions, IReadOnlyList<int>? ranks = null, int? modes = null, WorkOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(landscape);
        ArgumentNullException.ThrowIfNull(directions);
        ranks ??= [.. Enumerable.Range(1, directions.Count)];
        int all = modes ?? (ranks.Count == 0 ? 0 : ranks[^1]);
        Of(ranks, new double?[directions.Count], landscape.Norm, all);   // refuses what does not fit before anything is measured
        return Of(ranks, [.. Landscapes.Flatness.Along(landscape, directions, new() { Fit = false }, options).Select(found => found.WidthUnlessOpen)], landscape.Norm, all);
    }

    /// <summary>Every rank up to <paramref name="all"/>, and <paramref name="sampled"/> more up to <paramref name="modes"/>, evenly over ln rank.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="modes"/> or <paramref name="all"/> is less than 1, or <paramref name="sampled"/> negative.</exception>
    public static IReadOnlyList<int> Sample(int modes, int all, int sampled)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(modes, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(all, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(sampled);
        int first = Math.Min(all, modes);
        double step = Math.Log((double)modes / first) / Math.Max(1, sampled);
        return [.. Enumerable.Range(1, first), .. Enumerable.Range(1, sampled).Select(k => (int)Math.Round(first * Math.Exp(step * k))).Where(rank => rank > first).Distinct()];
    }

    private bool IsSharp(double? flatness) => flatness < Threshold;

    private double Share(int k) => IsSharp(Flatness[k]) ? 1 : 0;
}
