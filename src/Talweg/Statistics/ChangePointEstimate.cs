namespace Talweg.Statistics;

/// <summary>A change point with its bootstrap intervals.</summary>
public sealed record ChangePointEstimate
{
    /// <summary>The fit itself.</summary>
    public required ChangePoint Fit { get; init; }

    /// <summary>The change point's location, in units of x.</summary>
    public required Estimate Location { get; init; }

    /// <summary>The slope before it, in units of y over units of x.</summary>
    public required Estimate LeftSlope { get; init; }

    /// <summary>The slope after it, likewise.</summary>
    public required Estimate RightSlope { get; init; }

    /// <summary>The slope after it over the slope before it.</summary>
    public required Estimate SlopeRatio { get; init; }

    /// <summary>The noise's correlation ρ from one point to the next: that of the residuals, freed from its bias.</summary>
    public required double Correlation { get; init; }

    /// <summary>Points a block.</summary>
    public required int BlockLength { get; init; }
}
