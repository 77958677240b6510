using Talweg.Statistics;

namespace Talweg.Studies.Findings;

/// <summary>One number measured for a finding, its 95% interval, and the band fixed before anything was run.</summary>
public sealed record Measurement
{
    /// <summary>What was measured: "exponent γ", "σ₁²/σ₂²".</summary>
    public required string Name { get; init; }

    /// <summary>The value; NaN if undefined.</summary>
    public required double Value { get; init; }

    /// <summary>Where the value must lie for the claim to hold. Closed; ±∞ where there is no bound.</summary>
    public required Interval Band { get; init; }

    /// <summary>The 95% interval; null when none could be had, and then nothing is decided.</summary>
    public Interval? Interval { get; init; }

    /// <summary>What the interval is over: "9 cells", or "981 modes of one cell" in a quick run.</summary>
    public string IntervalOver { get; init; } = "";

    /// <summary>The same measurement on null surrogates.</summary>
    public IReadOnlyList<NullValue> Nulls { get; init; } = [];

    /// <summary>The measurement in the next window, along the modes found in this one; null if not taken.</summary>
    public double? HeldOut { get; init; }

    /// <summary>How many modes (or samples) were left out.</summary>
    public int LeftOut { get; init; }

    /// <summary>Why they were: "open sides"; empty when nothing was left out.</summary>
    public string LeftOutReason { get; init; } = "";

    /// <summary>How long something was trained, where a claim is held against several lengths: "1 epoch"; empty where that plays no part.</summary>
    public string Stop { get; init; } = "";

    /// <summary>What the stop is one of, under the same conditions: "ten classes, α = 0.1". Its stops come in their order, the shortest first.</summary>
    public string Course { get; init; } = "";

    /// <summary>Whether there is an interval of two ordered numbers, infinite ends included.</summary>
    public bool HasInterval => Interval is { } interval && interval.Low <= interval.High && !double.IsNaN(Value);

    /// <summary>Whether the interval lies inside the band. False without an interval.</summary>
    public bool IsInside => HasInterval && Interval!.Value.IsInside(Band);

    /// <summary>Whether the interval lies wholly outside the band. False without an interval.</summary>
    public bool IsOutside => HasInterval && Interval!.Value.IsOutside(Band);
}
