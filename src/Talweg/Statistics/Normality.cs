namespace Talweg.Statistics;

/// <summary>How far values are from a normal distribution, by their third and fourth moments.</summary>
/// <remarks>
/// With m_k = (1/n) Σ (x − x̄)^k: skewness m₃/m₂^1.5, excess kurtosis m₄/m₂² − 3, and JB = n (skewness² + kurtosis²/4)/6, which for
/// many independent normal values is χ² of 2 degrees of freedom: Jarque and Bera, Econ. Lett. 6, 255 (1980). The standard errors too
/// are those of many independent normal values: at n = 100 the p-value is below 5% for 4.3% of normal samples, not 5%. Where the values
/// have no spread, there is nothing to judge: null.
/// </remarks>
public sealed record Normality
{
    /// <summary>n.</summary>
    public required int Count { get; init; }

    /// <summary>x̄, in the unit of the values.</summary>
    public required double Mean { get; init; }

    /// <summary>m₂, the population variance (divisor n), in their unit squared.</summary>
    public required double Variance { get; init; }

    /// <summary>m₃/m₂^1.5: 0 for a normal distribution, 2 for an exponential one.</summary>
    public required double? Skewness { get; init; }

    /// <summary>√(6/n): what the skewness of n independent normal values spreads by.</summary>
    public double SkewnessError => Math.Sqrt(6.0 / Count);

    /// <summary>m₄/m₂² − 3: 0 for a normal distribution, 6 for an exponential one.</summary>
    public required double? ExcessKurtosis { get; init; }

    /// <summary>√(24/n): what the excess kurtosis of n independent normal values spreads by.</summary>
    public double ExcessKurtosisError => Math.Sqrt(24.0 / Count);

    /// <summary>JB = n (skewness² + kurtosis²/4)/6.</summary>
    public double? JarqueBera => Count * (Skewness * Skewness + ExcessKurtosis * ExcessKurtosis / 4) / 6;

    /// <summary>exp(−JB/2): the chance that many independent normal values give so large a JB.</summary>
    public double? PValue => JarqueBera is { } statistic ? Math.Exp(-statistic / 2) : null;

    /// <summary>Takes the moments of <paramref name="values"/>, about their mean in a second pass.</summary>
    /// <exception cref="ArgumentException">There is no value, or one is not finite.</exception>
    public static Normality Of(ReadOnlySpan<double> values)
    {
        if (values.IsEmpty)
            throw new ArgumentException("Moments need at least one value, but there is none.", nameof(values));
        PairedData.RequireFinite(values, nameof(values));
        double mean = 0, second = 0, third = 0, fourth = 0;
        foreach (double value in values)
            mean += value / values.Length;
        foreach (double value in values)
        {
            double square = (value - mean) * (value - mean) / values.Length;
            second += square;
            third += square * (value - mean);
            fourth += square * (value - mean) * (value - mean);
        }

        bool spread = values.ContainsAnyExcept(values[0]);
        return new()
        {
            Count = values.Length,
            Mean = mean,
            Variance = spread ? second : 0,
            Skewness = spread ? third / (second * Math.Sqrt(second)) : null,
            ExcessKurtosis = spread ? fourth / (second * second) - 3 : null,
        };
    }
}
