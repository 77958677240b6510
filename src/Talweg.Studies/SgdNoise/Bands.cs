using Talweg.Statistics;

namespace Talweg.Studies.SgdNoise;

/// <summary>Within which values a claim holds; fixed before anything was run. All are ours: measures.md gives none for these claims.</summary>
/// <remarks>No band ends where its quantity does, such as a correlation at 1: Student's interval over seeds may reach past that.</remarks>
internal static class Bands
{
    /// <summary>FT-11: M⁽⁰⁾ ~ F⁻².</summary>
    public static readonly Interval CurvatureExponent = new(-2.5, -1.5);

    /// <summary>FT-11: σ̃ grows 'almost linearly' with F.</summary>
    public static readonly Interval MinimumExponent = new(0.5, 1.5);

    /// <summary>FT-11: the theory's F within a quarter of the measured one.</summary>
    public static readonly Interval SameFlatness = new(0.8, 1.25);

    /// <summary>FT-11: minibatch profiles are inverse Gaussians, as FT-6 has it for the mean.</summary>
    public static readonly Interval Quadratic = new(0.95, double.PositiveInfinity);

    /// <summary>FT-12: the quantity falls with F.</summary>
    public static readonly Interval Falls = new(0, double.PositiveInfinity);

    /// <summary>FT-12: the two exponents add up to ψ within a tenth of the published 4.</summary>
    public static readonly Interval SameSum = new(-0.4, 0.4);

    /// <summary>FT-13: agreement in order of magnitude, in decades.</summary>
    public static readonly Interval SameOrder = new(-0.5, 0.5);

    /// <summary>FT-13: agreement in scaling.</summary>
    public static readonly Interval SameScaling = new(0.8, 1.2);

    /// <summary>FT-14: same shape.</summary>
    public static readonly Interval SameShape = new(0.9, double.PositiveInfinity);

    /// <summary>FT-14: inverse in F.</summary>
    public static readonly Interval Inverse = new(double.NegativeInfinity, -0.5);

    /// <summary>MU-1: signal over deviation above 1, in logarithms.</summary>
    public static readonly Interval SignalDominates = new(0, double.PositiveInfinity);

    /// <summary>MU-1: below 1.</summary>
    public static readonly Interval NoiseDominates = new(double.NegativeInfinity, 0);

    /// <summary>MU-1: the layers' late decay exponents differ by at most a fifth of their mean.</summary>
    public static readonly Interval Common = new(double.NegativeInfinity, 0.2);

    /// <summary>MU-1: the decay rate itself falls, but stays a decay.</summary>
    public static readonly Interval SubExponential = new(0, 1);
}
