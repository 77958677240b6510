namespace Talweg.Statistics;

/// <summary>Checks on two columns of numbers that belong together, with messages that name the column, the row and the value.</summary>
internal static class PairedData
{
    /// <exception cref="ArgumentException">The lengths differ, there are fewer than <paramref name="minimum"/> rows, or a number is not finite.</exception>
    public static void Require(ReadOnlySpan<double> x, ReadOnlySpan<double> y, int minimum)
    {
        RequireSameLength(x, y);
        if (x.Length < minimum)
            throw new ArgumentException($"At least {minimum} points are needed, but there are {x.Length}.", nameof(x));
        RequireFinite(x, nameof(x));
        RequireFinite(y, nameof(y));
    }

    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void RequireSameLength(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        if (x.Length != y.Length)
            throw new ArgumentException($"x and y must be of the same length, but they have {x.Length} and {y.Length} numbers.", nameof(y));
    }

    /// <exception cref="ArgumentException">A number of <paramref name="values"/> is infinite or NaN.</exception>
    public static void RequireFinite(ReadOnlySpan<double> values, string name)
    {
        for (int i = 0; i < values.Length; i++)
        {
            if (!double.IsFinite(values[i]))
                throw new ArgumentException($"{name} must be finite, but number {i} (counted from 0) is {values[i]}. Leave such points out first.", name);
        }
    }

    /// <exception cref="ArgumentException">All numbers of <paramref name="values"/> are equal.</exception>
    public static void RequireSpread(ReadOnlySpan<double> values, string name)
    {
        if (!values.ContainsAnyExcept(values[0]))
            throw new ArgumentException($"{name} has no spread: all its {values.Length} numbers are {values[0]:G6}.", name);
    }
}
