using Talweg.Statistics;

namespace Talweg.Studies.Forgetting;

/// <summary>Within which values the claims hold, at every stop; fixed before anything was run.</summary>
/// <remarks>A band that says "beats" is open at 0: an interval is one only if it has a width, and then its end is not 0 exactly.</remarks>
internal static class Bands
{
    /// <summary>FT-15, "deteriorates quickly": without constraints the error of task 1 rises by a fifth or more.</summary>
    public static readonly Interval Forgets = new(0.2, double.PositiveInfinity);

    /// <summary>FT-15, "roughly the same as before": with them it rises by two hundredths at most.</summary>
    public static readonly Interval Stays = new(double.NegativeInfinity, 0.02);

    /// <summary>FT-15, "a comparable error": task 2 is learned as well to within a hundredth.</summary>
    public static readonly Interval Comparable = new(double.NegativeInfinity, 0.01);

    /// <summary>FT-15, "qᵢ ≲ ξᵢ": the median of q/ξ.</summary>
    public static readonly Interval Within = new(0, 1);

    /// <summary>FT-16: the curve lies below, so its hypervolume is larger.</summary>
    public static readonly Interval Larger = new(0, double.PositiveInfinity);

    /// <summary>FT-17, "near 200": 100 to 400, in decimal logarithms.</summary>
    public static readonly Interval NearTwoHundred = new(2, Math.Log10(400));

    /// <summary>FT-17 and FT-19: an error is no larger.</summary>
    public static readonly Interval NoLarger = new(double.NegativeInfinity, 0);

    /// <summary>FT-18, "insensitive": ε₁ + ε₂ changes by two hundredths at most.</summary>
    public static readonly Interval Insensitive = new(-0.02, 0.02);
}
