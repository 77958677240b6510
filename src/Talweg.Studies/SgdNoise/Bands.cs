using Talweg.Studies.Findings;

namespace Talweg.Studies.SgdNoise;

/// <summary>Within which values a claim holds; fixed before anything was run. All are ours.</summary>
/// <remarks>No band ends where its quantity does, such as a correlation at 1: Student's interval over seeds may reach past that.</remarks>
internal static class Bands
{
    /// <summary>FT-11: M⁽⁰⁾ ~ F⁻².</summary>
    public static readonly Band CurvatureExponent = Band.Between(-2.5, -1.5);

    /// <summary>FT-11: σ̃ grows 'almost linearly' with F.</summary>
    public static readonly Band MinimumExponent = Band.Between(0.5, 1.5);

    /// <summary>FT-11: the theory's F within a quarter of the measured one.</summary>
    public static readonly Band SameFlatness = Band.Between(0.8, 1.25);

    /// <summary>FT-11: minibatch profiles are inverse Gaussians, as FT-6 has it for the mean.</summary>
    public static readonly Band Quadratic = Band.Above(0.95);

    /// <summary>FT-12: the quantity falls with F.</summary>
    public static readonly Band Falls = Band.Above(0);

    /// <summary>FT-12: the two exponents add up to ψ within a tenth of the published 4.</summary>
    public static readonly Band SameSum = Band.Within(0.4);

    /// <summary>FT-13: agreement in order of magnitude, in decades.</summary>
    public static readonly Band SameOrder = Band.Within(0.5);

    /// <summary>FT-13: agreement in scaling.</summary>
    public static readonly Band SameScaling = Band.Between(0.8, 1.2);

    /// <summary>FT-14: same shape.</summary>
    public static readonly Band SameShape = Band.Above(0.9);

    /// <summary>FT-14: inverse in F.</summary>
    public static readonly Band Inverse = Band.Below(-0.5);

    /// <summary>MU-1: signal over deviation above 1, in logarithms.</summary>
    public static readonly Band SignalDominates = Band.Above(0);

    /// <summary>MU-1: below 1.</summary>
    public static readonly Band NoiseDominates = Band.Below(0);

    /// <summary>MU-1: the layers' late decay exponents differ by at most a fifth of their mean.</summary>
    public static readonly Band Common = Band.Below(0.2);

    /// <summary>MU-1: the rate of a decay; a ratio of two forgets that they are none.</summary>
    public static readonly Band Decays = Band.Above(0);

    /// <summary>MU-1: the decay rate itself falls, but stays a decay.</summary>
    public static readonly Band SubExponential = Band.Between(0, 1);
}
