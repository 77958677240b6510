namespace Talweg.Statistics;

/// <summary>A closed interval of numbers, with infinite ends allowed.</summary>
/// <param name="Low">The lower end; −∞ where there is none.</param>
/// <param name="High">The upper end; +∞ where there is none.</param>
public readonly record struct Interval(double Low, double High)
{
    /// <summary>Whether both ends lie within <paramref name="band"/>. False whenever an end is not a number.</summary>
    public bool IsInside(Interval band) => Low >= band.Low && High <= band.High && Low <= High;

    /// <summary>Whether <paramref name="value"/> lies between the ends. False for what is not a number.</summary>
    public bool Contains(double value) => value >= Low && value <= High;
}
