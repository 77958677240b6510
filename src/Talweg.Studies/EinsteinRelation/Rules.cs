using Talweg.Statistics;

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
    public static readonly Interval Thermal = new(1.5, 2.5);

    /// <summary>FT-20: SGD's exponent has the other sign.</summary>
    public static readonly Interval Inverse = new(double.NegativeInfinity, 0);

    /// <summary>FT-20: over its window the control's loss changes by at most a tenth of its mean.</summary>
    public static readonly Interval Stationary = new(-0.1, 0.1);

    /// <summary>FT-21: worse, in test error.</summary>
    public static readonly Interval Worse = new(0, double.PositiveInfinity);

    /// <summary>FT-21: alike, within half a percentage point of test error.</summary>
    public static readonly Interval Alike = new(-0.005, 0.005);

    /// <summary>FT-21: sharper than SGD's solution, as a ratio of F/√L. This band and the next were added after a first run: the claim is of flat minima, and test errors alone would have let it hold.</summary>
    public static readonly Interval Sharper = new(double.NegativeInfinity, 1);

    /// <summary>FT-21: as flat as SGD's solution, within a tenth.</summary>
    public static readonly Interval AsFlat = new(0.9, 1.1);
}
