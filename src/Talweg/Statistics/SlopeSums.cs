namespace Talweg.Statistics;

/// <summary>What a least-squares slope needs to know of some points, about a fixed origin: the sums of two sets of points add.</summary>
internal readonly record struct SlopeSums(double Count, double X, double Y, double XX, double XY)
{
    public static SlopeSums operator +(SlopeSums a, SlopeSums b) => new(a.Count + b.Count, a.X + b.X, a.Y + b.Y, a.XX + b.XX, a.XY + b.XY);

    /// <summary>Σ (x − x̄)².</summary>
    public double Spread => XX - X * X / Count;

    /// <summary>The least-squares slope.</summary>
    public double Slope => (XY - X * Y / Count) / Spread;

    /// <summary>The sums of each group, about the mean of all points so that no digits cancel.</summary>
    public static SlopeSums[] OfEach(IReadOnlyList<LogPoints> groups)
    {
        double x = groups.SelectMany(group => group.X).Average(), y = groups.SelectMany(group => group.Y).Average();
        return [.. groups.Select(group => Of(group, x, y))];
    }

    private static SlopeSums Of(LogPoints points, double originX, double originY)
    {
        var sums = new SlopeSums();
        for (int i = 0; i < points.Count; i++)
        {
            double x = points.X[i] - originX, y = points.Y[i] - originY;
            sums += new SlopeSums(1, x, y, x * x, x * y);
        }
        return sums;
    }
}
