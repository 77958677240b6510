using Talweg.Statistics;

namespace Talweg.Studies.FlatnessAndHessian;

/// <summary>What was fixed before anything was run: within which values a claim holds. All of it is ours.</summary>
internal static class Bands
{
    /// <summary>FT-10: F is defined along nearly all of the directions.</summary>
    public static readonly Interval Defined = new(0.95, 1);

    /// <summary>TW-6: F falls as curvature rises.</summary>
    public static readonly Interval Falling = new(-1, -0.5);

    /// <summary>TW-6: the Hessian's parabola leaves more than a tenth of the variance of ln F unexplained.</summary>
    public static readonly Interval BeyondParabola = new(double.NegativeInfinity, 0.9);

    /// <summary>TW-7: two subspaces have more than half of each other.</summary>
    public static readonly Interval Shared = new(0.5, 1);
}
