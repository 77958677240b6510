using System.Globalization;
using Talweg.Trajectories;

namespace Talweg.Cli.Inputs;

/// <summary>What <c>--window</c> takes: <c>FIRST:COUNT</c>, iterations counted from 0.</summary>
internal static class WindowText
{
    /// <summary>The window of <paramref name="trajectory"/>; all of it where nothing was given.</summary>
    /// <exception cref="InputException">The text is not of this form, or the trajectory has no such iterations.</exception>
    public static Window Read(Trajectory trajectory, string? text)
    {
        var (first, count) = text is null ? (0, trajectory.Iterations) : Parse(text);
        return trajectory.Slice(first, count);
    }

    /// <summary>First iteration and number of iterations.</summary>
    public static (long First, long Count) Parse(string text)
    {
        string[] parts = text.Split(':');
        if (parts.Length == 2 && Whole(parts[0]) is { } first && Whole(parts[1]) is { } count && count > 0)
            return (first, count);
        throw new InputException("--window", "value", $"'{text}'", "FIRST:COUNT, the first iteration (counted from 0) and how many, such as 0:12000");
    }

    private static long? Whole(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long value) ? value : null;
}
