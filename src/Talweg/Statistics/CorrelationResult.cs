namespace Talweg.Statistics;

/// <summary>A correlation coefficient with its interval.</summary>
public sealed record CorrelationResult
{
    /// <summary>The coefficient, from −1 to 1.</summary>
    public required double Coefficient { get; init; }

    /// <summary>The 95% interval over points, by Fisher's z; null where there are too few points for one (3, or 4 for Kendall).</summary>
    public required Interval? Interval { get; init; }

    /// <summary>Number of points.</summary>
    public required int Count { get; init; }

    /// <summary>The coefficient as an estimate over its points.</summary>
    /// <param name="unit">What a point stands for, in the plural: "modes".</param>
    public Estimate ToEstimate(string unit = "points") => new(Coefficient, Interval, $"{Count} {unit}");
}
