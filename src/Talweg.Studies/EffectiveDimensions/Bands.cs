using Talweg.Studies.Findings;

namespace Talweg.Studies.EffectiveDimensions;

/// <summary>Within which values the claim holds. Ours, and fixed before anything was run.</summary>
internal static class Bands
{
    /// <summary>FT-22, 'nearly constant': over a twentyfold range of width a dimension changes by less than a factor of 1.8, while N grows 400-fold.</summary>
    public static readonly Band NearlyConstant = Band.Within(0.2);
}
