using Talweg.Studies.Findings;

namespace Talweg.Studies.FlatnessAndHessian;

/// <summary>Within which values a claim holds: ours, fixed before anything was run.</summary>
/// <remarks>Where a band would end with the quantity itself (a share at 1, a correlation at −1) it is left open: Student's interval over seeds knows no such end, and would reach out of it.</remarks>
internal static class Bands
{
    /// <summary>FT-10: F is defined along nearly all of the directions.</summary>
    public static readonly Band Defined = Band.Above(0.95);

    /// <summary>TW-6: F falls as curvature rises.</summary>
    public static readonly Band Falling = Band.Below(-0.5);

    /// <summary>TW-6: the Hessian's parabola leaves more than a tenth of the variance of ln F unexplained.</summary>
    public static readonly Band BeyondParabola = Band.Below(0.9);

    /// <summary>TW-7: two subspaces have more than half of each other.</summary>
    public static readonly Band Shared = Band.Above(0.5);
}
