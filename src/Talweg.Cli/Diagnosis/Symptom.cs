namespace Talweg.Cli.Diagnosis;

/// <summary>Whether something works.</summary>
internal enum Health
{
    /// <summary>It does.</summary>
    Works,

    /// <summary>It does, or is not needed; there is something to know.</summary>
    Remark,

    /// <summary>It is needed and does not.</summary>
    Broken,
}

/// <summary>One thing that the doctor looked at.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Health">Whether it works.</param>
/// <param name="Finding">What was found, in a line.</param>
internal sealed record Symptom(string Name, Health Health, string Finding);
