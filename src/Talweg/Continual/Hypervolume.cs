namespace Talweg.Continual;

/// <summary>How good a trade-off curve is, as one number.</summary>
public static class Hypervolume
{
    /// <summary>The area of the points (x, y) of [0, 1]² that some point of the curve is at least as good as: at most 1, reached by a curve with the point (0, 0).</summary>
    /// <remarks>Zitzler and Thiele, PPSN 1998, with the reference (1, 1): both coordinates are errors, and fewer are better. A curve lies below another's only if this is larger.</remarks>
    /// <param name="errors">Points (ε₁, ε₂), each within 0 … 1, in any order.</param>
    /// <exception cref="ArgumentException">An error is not within 0 … 1.</exception>
    public static double Of(IEnumerable<(double First, double Second)> errors)
    {
        ArgumentNullException.ThrowIfNull(errors);
        (double First, double Second)[] sorted = [.. errors.OrderBy(point => point.First)];
        if (Array.Exists(sorted, point => !(point.First is >= 0 and <= 1 && point.Second is >= 0 and <= 1)))
            throw new ArgumentException("Errors must lie from 0 to 1.", nameof(errors));
        double area = 0, lowest = 1;
        foreach (var (first, second) in sorted)
        {
            if (second >= lowest)
                continue;
            area += (1 - first) * (lowest - second);
            lowest = second;
        }

        return area;
    }
}
