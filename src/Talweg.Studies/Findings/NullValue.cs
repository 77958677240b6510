using Talweg.Statistics;

namespace Talweg.Studies.Findings;

/// <summary>What a measurement gives on data that have no structure of the claimed kind.</summary>
/// <param name="Surrogate">The surrogate, in words: "isotropic walk". The same words in every measurement of a finding.</param>
/// <param name="Value">The measurement on it; NaN if it is undefined in any cell.</param>
/// <param name="Interval">Its own 95% interval, over seeds; null where it is not known how far another draw would lie from this one.</param>
/// <param name="IntervalOver">What the interval is over: "3 seeds".</param>
public sealed record NullValue(string Surrogate, double Value, Interval? Interval = null, string IntervalOver = "")
{
    /// <summary>Whether the surrogate gives a value of the band.</summary>
    public bool Gives(Band band)
    {
        ArgumentNullException.ThrowIfNull(band);
        return band.Contains(Value);
    }

    /// <summary>Whether the surrogate is known not to give one: its whole interval lies outside. Without an interval, or with one of no width, that is not known.</summary>
    public bool IsApartFrom(Band band)
    {
        ArgumentNullException.ThrowIfNull(band);
        return !double.IsNaN(Value) && Interval is { } interval && !Measurement.HasNoWidth(interval) && band.Excludes(interval);
    }
}
