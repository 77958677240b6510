using Talweg.Studies.Findings;

namespace Talweg.Studies.InverseVarianceFlatness;

/// <summary>Within which values a claim holds; fixed before anything was run. All as measures.md has them.</summary>
internal static class Bands
{
    public static readonly Band SpectrumExponent = Band.Between(2, 3);
    public static readonly Band Gap = Band.Above(10);
    public static readonly Band ModesFor90 = Band.Between(20, 60);
    public static readonly Band Drifting = Band.Above(0.9);
    public static readonly Band Diffusing = Band.Below(0.3);
    public static readonly Band Aligned = Band.Above(0.5);
    public static readonly Band StraightMargins = Band.Above(0.9);
    public static readonly Band Positive = Band.Above(0);
    public static readonly Band Quadratic = Band.Above(0.95);
    public static readonly Band Increasing = Band.Above(0.5);
    public static readonly Band Psi = Band.Between(3, 5);

    /// <summary>FT-1, ours: after the change ln L falls at most half as fast as before. A ratio forgets signs, so that both slopes are held against <see cref="Falling"/> as well.</summary>
    public static readonly Band SlowerByHalf = Band.Between(0, 0.5);

    /// <summary>FT-1: the loss falls.</summary>
    public static readonly Band Falling = Band.Below(0);

    /// <summary>FT-23 and our own findings: ψ changes by at most a tenth of the published 4.</summary>
    public static readonly Band SamePsi = Band.Within(0.4);

    /// <summary>FT-24, ours: v₁ ~ L^k with k near 1.</summary>
    public static readonly Band Proportional = Band.Between(0.7, 1.3);
}
