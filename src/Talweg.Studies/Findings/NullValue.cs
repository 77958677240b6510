using Talweg.Statistics;

namespace Talweg.Studies.Findings;

/// <summary>What a measurement gives on data that have no structure of the claimed kind.</summary>
/// <param name="Surrogate">The surrogate, in words: "isotropic walk". The same words in every measurement of a finding.</param>
/// <param name="Value">The measurement on it; NaN if undefined.</param>
/// <param name="Interval">Of the value, where chance alone would put it within the band now and then; null: the value counts as it is.</param>
public sealed record NullValue(string Surrogate, double Value, Interval? Interval = null)
{
    /// <summary>Whether this lies within the band, its whole interval if it has one: as much as is asked of a measurement.</summary>
    public bool GivesToo(Interval band) => band.Contains(Value) && Interval?.IsInside(band) != false;
}
