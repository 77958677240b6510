using Talweg.Statistics;

namespace Talweg.Studies.Forgetting;

/// <summary>Within which values the claims hold. Ours, since measures.md gives none, and fixed before test data were looked at.</summary>
internal static class Bands
{
    /// <summary>FT-15, "deteriorates quickly": without constraints the error of task 1 rises by a fifth or more.</summary>
    public static readonly Interval Forgets = new(0.2, 1);

    /// <summary>FT-15, "roughly the same as before": with them it rises by two hundredths at most.</summary>
    public static readonly Interval Stays = new(-1, 0.02);

    /// <summary>FT-15, "a comparable error": task 2 is learned as well to within a hundredth.</summary>
    public static readonly Interval Comparable = new(-1, 0.01);

    /// <summary>FT-15, "qᵢ ≲ ξᵢ".</summary>
    public static readonly Interval Within = new(0, 1);

    /// <summary>FT-15, "qᵢ ≫ ξᵢ for many high-ranking modes".</summary>
    public static readonly Interval Beyond = new(1, double.PositiveInfinity);

    /// <summary>FT-16: the curve lies below, so its hypervolume is larger.</summary>
    public static readonly Interval Larger = new(0, double.PositiveInfinity);

    /// <summary>FT-17, "near 200": 50 to 800, in decimal logarithms.</summary>
    public static readonly Interval NearTwoHundred = new(1.7, 2.9);

    /// <summary>FT-17 and FT-19: an error is no larger.</summary>
    public static readonly Interval NoLarger = new(double.NegativeInfinity, 0);

    /// <summary>FT-18, "insensitive": ε₁ + ε₂ changes by two hundredths at most.</summary>
    public static readonly Interval Insensitive = new(-0.02, 0.02);
}
