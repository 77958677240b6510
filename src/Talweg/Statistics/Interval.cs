using System.Globalization;

namespace Talweg.Statistics;

/// <summary>A closed interval [Low, High]: of confidence, or the band that a finding is held against.</summary>
/// <remarks>
/// Every confidence interval of Talweg has level 95% (<see cref="Level"/>), two-sided, so results never carry a level of their own.
/// Ends may be infinite. A NaN end makes every question below answer false: such an interval decides nothing.
/// </remarks>
/// <param name="Low">The lower end, in the unit of the quantity.</param>
/// <param name="High">The upper end, in the unit of the quantity; not below <paramref name="Low"/>.</param>
/// <exception cref="ArgumentException"><paramref name="Low"/> is above <paramref name="High"/>.</exception>
public readonly record struct Interval(double Low, double High)
{
    /// <summary>The level of every confidence interval: 0.95.</summary>
    public const double Level = 0.95;

    /// <summary>The lower end, in the unit of the quantity.</summary>
    public double Low { get; } = Low > High
        ? throw new ArgumentException($"An interval's low end must not be above its high end, but they are {Low:G6} and {High:G6}. Swap them.", nameof(Low))
        : Low;

    /// <summary>The upper end, in the unit of the quantity.</summary>
    public double High { get; } = High;

    /// <summary>High − Low, in the unit of the quantity.</summary>
    public double Width => High - Low;

    /// <summary>The two numbers, six significant digits each: <c>[2.06, 3.64]</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"[{Low:G6}, {High:G6}]");

    /// <summary>Whether Low ≤ <paramref name="value"/> ≤ High.</summary>
    public bool Contains(double value) => Low <= value && value <= High;

    /// <summary>Whether the whole of this interval lies in <paramref name="band"/>, ends included: a finding that holds.</summary>
    public bool IsInside(Interval band) => band.Low <= Low && High <= band.High;

    /// <summary>Whether this interval and <paramref name="band"/> have no point in common: a finding that fails.</summary>
    public bool IsOutside(Interval band) => High < band.Low || Low > band.High;
}
