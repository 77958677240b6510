using Talweg.Statistics;

namespace Talweg.Studies.Findings;

/// <summary>Within which values a claim holds, fixed before anything was run. An end that is excluded is no value of the band: an exact tie does not beat.</summary>
/// <param name="Low">The lower end; −∞ where there is no bound.</param>
/// <param name="High">The upper end; ∞ where there is no bound.</param>
/// <param name="ExcludesLow">Whether <paramref name="Low"/> itself lies outside.</param>
/// <param name="ExcludesHigh">Whether <paramref name="High"/> itself lies outside.</param>
/// <exception cref="ArgumentException">The ends are not two numbers in order.</exception>
public sealed record Band(double Low, double High, bool ExcludesLow, bool ExcludesHigh)
{
    /// <summary>The lower end; −∞ where there is no bound.</summary>
    public double Low { get; } = Low <= High ? Low
        : throw new ArgumentException($"A band's low end must not be above its high end, but they are {Low:G6} and {High:G6}. Swap them.", nameof(Low));

    /// <summary>"2 to 3": both ends are values of the band.</summary>
    public static Band Between(double low, double high) => new(low, high, false, false);

    /// <summary>"±0.4": from −<paramref name="half"/> to <paramref name="half"/>, both included.</summary>
    public static Band Within(double half) => Between(-half, half);

    /// <summary>"above 0": the end excluded.</summary>
    public static Band Above(double low) => new(low, double.PositiveInfinity, true, false);

    /// <summary>"≥ 0.2": the end included.</summary>
    public static Band AtLeast(double low) => new(low, double.PositiveInfinity, false, false);

    /// <summary>"below 0": the end excluded.</summary>
    public static Band Below(double high) => new(double.NegativeInfinity, high, false, true);

    /// <summary>"≤ 0.02": the end included.</summary>
    public static Band AtMost(double high) => new(double.NegativeInfinity, high, false, false);

    /// <summary>Of a number that is reported and not held against anything.</summary>
    public static Band Any { get; } = Between(double.NegativeInfinity, double.PositiveInfinity);

    /// <summary>The two ends, whether they belong to it or not: for drawing.</summary>
    public Interval Ends => new(Low, High);

    /// <summary>Whether <paramref name="value"/> is one of its values; NaN is none.</summary>
    public bool Contains(double value) => IsAboveLow(value) && IsBelowHigh(value);

    /// <summary>Whether all of <paramref name="interval"/> lies in it.</summary>
    public bool Contains(Interval interval) => IsAboveLow(interval.Low) && IsBelowHigh(interval.High);

    /// <summary>Whether <paramref name="interval"/> has no value in common with it. An interval with a NaN for an end says nothing.</summary>
    public bool Excludes(Interval interval) =>
        !double.IsNaN(interval.Low) && !double.IsNaN(interval.High) && (!IsAboveLow(interval.High) || !IsBelowHigh(interval.Low));

    private bool IsAboveLow(double value) => ExcludesLow ? value > Low : value >= Low;

    private bool IsBelowHigh(double value) => ExcludesHigh ? value < High : value <= High;
}
