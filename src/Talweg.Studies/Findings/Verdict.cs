namespace Talweg.Studies.Findings;

/// <summary>What the data say about a claim: whether it is reproduced.</summary>
public enum Verdict
{
    /// <summary>Neither: an interval is too wide, missing or without width, or a value cannot decide.</summary>
    Undecided,

    /// <summary>Every measurement's interval lies inside its band.</summary>
    Holds,

    /// <summary>At least one measurement's interval lies wholly outside its band.</summary>
    Fails,
}
