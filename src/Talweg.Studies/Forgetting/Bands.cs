using Talweg.Studies.Findings;

namespace Talweg.Studies.Forgetting;

/// <summary>Within which values the claims hold, at every stop; fixed before anything was run.</summary>
/// <remarks>A band that says "beats" excludes 0: an exact tie is no advantage.</remarks>
internal static class Bands
{
    /// <summary>FT-15, "deteriorates quickly": without constraints the error of task 1 rises by a fifth or more.</summary>
    public static readonly Band Forgets = Band.AtLeast(0.2);

    /// <summary>FT-15, "roughly the same as before": with them it rises by two hundredths at most.</summary>
    public static readonly Band Stays = Band.AtMost(0.02);

    /// <summary>FT-15, "a comparable error": task 2 is learned as well to within a hundredth.</summary>
    public static readonly Band Comparable = Band.AtMost(0.01);

    /// <summary>FT-15, "qᵢ ≲ ξᵢ": the median of q/ξ.</summary>
    public static readonly Band Within = Band.Below(1);

    /// <summary>FT-16: the curve lies below, so its hypervolume is larger.</summary>
    public static readonly Band Larger = Band.Above(0);

    /// <summary>FT-17, "near 200": 100 to 400, in decimal logarithms.</summary>
    public static readonly Band NearTwoHundred = Band.Between(2, Math.Log10(400));

    /// <summary>FT-17: an error is no larger.</summary>
    public static readonly Band NoLarger = Band.AtMost(0);

    /// <summary>FT-19: LDC's error is less.</summary>
    public static readonly Band Ahead = Band.Below(0);

    /// <summary>FT-18, "insensitive": ε₁ + ε₂ changes by two hundredths at most.</summary>
    public static readonly Band Insensitive = Band.Within(0.02);
}
