using Talweg.Statistics;

namespace Talweg.Studies.InverseVarianceFlatness;

/// <summary>Within which values a claim holds; fixed before anything was run. FT-2 to FT-8 as measures.md has them.</summary>
internal static class Bands
{
    public static readonly Interval SpectrumExponent = new(2, 3);
    public static readonly Interval Gap = Above(10);
    public static readonly Interval ModesFor90 = new(20, 60);
    public static readonly Interval Drifting = Above(0.9);
    public static readonly Interval Diffusing = new(double.NegativeInfinity, 0.3);
    public static readonly Interval Aligned = Above(0.5);
    public static readonly Interval StraightMargins = Above(0.9);
    public static readonly Interval Positive = Above(0);
    public static readonly Interval Quadratic = Above(0.95);
    public static readonly Interval Increasing = Above(0.5);
    public static readonly Interval Psi = new(3, 5);

    /// <summary>FT-1, ours: after the change ln L falls at most half as fast as before.</summary>
    public static readonly Interval SlowerByHalf = new(double.NegativeInfinity, 0.5);

    /// <summary>FT-23 and our own findings: ψ changes by at most a tenth of the published 4.</summary>
    public static readonly Interval SamePsi = new(-0.4, 0.4);

    /// <summary>FT-24, ours: v₁ ~ L^k with k near 1.</summary>
    public static readonly Interval Proportional = new(0.7, 1.3);

    private static Interval Above(double low) => new(low, double.PositiveInfinity);
}
