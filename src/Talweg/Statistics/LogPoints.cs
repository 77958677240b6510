namespace Talweg.Statistics;

/// <summary>The logarithms of the points that a power law can be fitted to.</summary>
/// <param name="X">ln x.</param>
/// <param name="Y">ln y.</param>
/// <param name="LeftOut">Points with an x or y that is not positive and finite.</param>
internal sealed record LogPoints(double[] X, double[] Y, int LeftOut)
{
    public int Count => X.Length;

    /// <exception cref="ArgumentException">The lengths differ, fewer than 3 points are usable, or x has no spread.</exception>
    public static LogPoints Of(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        PairedData.RequireSameLength(x, y);
        List<double> logX = new(x.Length), logY = new(x.Length);
        for (int i = 0; i < x.Length; i++)
        {
            if (!IsUsable(x[i]) || !IsUsable(y[i]))
                continue;
            logX.Add(Math.Log(x[i]));
            logY.Add(Math.Log(y[i]));
        }
        if (logX.Count < 3)
            throw new ArgumentException($"A power law needs at least 3 points with positive finite x and y, but of {x.Length} there are {logX.Count}.", nameof(x));
        var points = new LogPoints([.. logX], [.. logY], x.Length - logX.Count);
        PairedData.RequireSpread(points.X, "ln x");
        return points;
    }

    private static bool IsUsable(double value) => value > 0 && double.IsFinite(value);
}
