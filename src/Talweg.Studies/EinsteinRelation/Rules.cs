using Talweg.Studies.Findings;

namespace Talweg.Studies.EinsteinRelation;

/// <summary>What was fixed before anything was run, unless it says otherwise: the rules of the control, and within which values a claim holds. The bands are ours.</summary>
internal static class Rules
{
    /// <summary>α·λ_max of thermal motion: small enough that the discrete time's correction 1/(1 − αλ/2) stays below 5.3%.</summary>
    public const double StepTimesCurvature = 0.1;

    /// <summary>Burn-in in units of the window.</summary>
    public const double BurnIn = 0.5;

    /// <summary>Relaxation times in the window that a mode needs to be fitted.</summary>
    public const double RelaxationsNeeded = 10;

    /// <summary>Rows of the thermal window: more would only repeat what neighbours say.</summary>
    public const int Rows = 8000;

    /// <summary>FT-20: σ² ~ F² is what equilibrium gives.</summary>
    public static readonly Band Thermal = Band.Between(1.5, 2.5);

    /// <summary>FT-20: SGD's exponent has the other sign.</summary>
    public static readonly Band Inverse = Band.Below(0);

    /// <summary>FT-20: over its window the control's loss changes by at most a tenth of its mean.</summary>
    public static readonly Band Stationary = Band.Within(0.1);

    /// <summary>FT-21: worse, in test error.</summary>
    public static readonly Band Worse = Band.Above(0);

    /// <summary>FT-21: alike, within half a percentage point of test error.</summary>
    public static readonly Band Alike = Band.Within(0.005);

    /// <summary>FT-21: sharper than SGD's solution, as a ratio of F/√L. This band and the next were added after a first run: the claim is of flat minima, and test errors alone would have let it hold.</summary>
    public static readonly Band Sharper = Band.Below(1);

    /// <summary>FT-21: as flat as SGD's solution, within a tenth.</summary>
    public static readonly Band AsFlat = Band.Between(0.9, 1.1);
}
