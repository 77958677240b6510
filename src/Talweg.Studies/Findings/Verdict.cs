namespace Talweg.Studies.Findings;

/// <summary>What the data say about a claim.</summary>
public enum Verdict
{
    /// <summary>Neither: the intervals are too wide, missing, or a null surrogate meets the bands as well.</summary>
    Undecided,

    /// <summary>Every measurement's interval lies inside its band, and no surrogate meets them all.</summary>
    Holds,

    /// <summary>At least one measurement's interval lies wholly outside its band.</summary>
    Fails,
}
