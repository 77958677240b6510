namespace Talweg.Statistics;

/// <summary>y = A·x^k as fitted to points in their logarithms, ln y = ln A + k·ln x.</summary>
public sealed record PowerLawFit
{
    /// <summary>k, signed: a quantity that falls as x^−4 has exponent −4.</summary>
    public required double Exponent { get; init; }

    /// <summary>ln A, the natural logarithm of y at x = 1.</summary>
    public required double LogPrefactor { get; init; }

    /// <summary>1 − Σ e²/Σ (ln y − mean)² of the logarithms; 0 where ln y has no spread. May be negative for Theil–Sen.</summary>
    public required double RSquared { get; init; }

    /// <summary>Points used.</summary>
    public required int Count { get; init; }

    /// <summary>Points left out because x or y was zero, negative, infinite or NaN.</summary>
    public required int LeftOut { get; init; }

    /// <summary>Standard error of <see cref="Exponent"/> over points: classical for least squares, for Theil–Sen Sen's interval divided by 2·1.96.</summary>
    public required double StandardError { get; init; }

    /// <summary>The 95% interval of <see cref="Exponent"/> over points: Student's for least squares, Sen's for Theil–Sen.</summary>
    /// <remarks>Both take the residuals of ln y for independent and of one distribution along x.</remarks>
    public required Interval Interval { get; init; }

    /// <summary>The exponent as an estimate over its points.</summary>
    /// <param name="unit">What a point stands for, in the plural: "modes".</param>
    public Estimate ToEstimate(string unit = "points") => new(Exponent, Interval, $"{Count} {unit}");
}
