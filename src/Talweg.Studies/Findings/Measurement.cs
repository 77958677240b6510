using Talweg.Statistics;

namespace Talweg.Studies.Findings;

/// <summary>One number measured for a finding, its 95% interval, and the band fixed before anything was run.</summary>
public sealed record Measurement
{
    /// <summary>Of an interval's ends: what is narrower is rounding.</summary>
    private const double Rounding = 1e-12;

    /// <summary>What was measured: "exponent γ", "σ₁²/σ₂²".</summary>
    public required string Name { get; init; }

    /// <summary>The value; NaN if undefined.</summary>
    public required double Value { get; init; }

    /// <summary>Where the value must lie for the claim to hold.</summary>
    public required Band Band { get; init; }

    /// <summary>The 95% interval; null when none could be had, and then nothing is decided.</summary>
    public Interval? Interval { get; init; }

    /// <summary>What the interval is over: "9 cells", or "981 modes of one cell" in a quick run.</summary>
    public string IntervalOver { get; init; } = "";

    /// <summary>Whether the interval is from one run, so that it says nothing of how far the next would lie from it.</summary>
    public bool WithinOneRun { get; init; }

    /// <summary>Why the value decides nothing whatever its interval: "the best lies at the edge of what was tried"; empty where it may decide.</summary>
    public string UndecidedBecause { get; init; } = "";

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

    /// <summary>Why nothing follows from it, in words; empty where something may.</summary>
    public string NothingFollows =>
        UndecidedBecause.Length > 0 ? $"{Name}: {UndecidedBecause}"
        : !HasInterval ? $"no interval for {Name}"
        : HasNoWidth(Interval!.Value) ? $"the interval of {Name} has no width"
        : "";

    /// <summary>Whether the interval lies inside the band. False where nothing follows.</summary>
    public bool IsInside => NothingFollows.Length == 0 && Band.Contains(Interval!.Value);

    /// <summary>Whether the interval lies wholly outside the band. False where nothing follows.</summary>
    public bool IsOutside => NothingFollows.Length == 0 && Band.Excludes(Interval!.Value);

    /// <summary>Whether an interval is a point but for rounding: a few equal values, which do not tell how far the next would lie from them.</summary>
    internal static bool HasNoWidth(Interval interval) =>
        double.IsFinite(interval.Width) && interval.Width <= Rounding * Math.Max(Math.Abs(interval.Low), Math.Abs(interval.High));
}
