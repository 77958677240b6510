namespace Talweg.Statistics;

/// <summary>A statistic of a series given as blocks, with its delete-one-block jackknife error.</summary>
/// <remarks>
/// With θ₋ⱼ the statistic without block j and θ̄ their mean over the g blocks, the standard error is √((g − 1)/g · Σⱼ (θ₋ⱼ − θ̄)²)
/// and the bias (g − 1)(θ̄ − θ̂): Künsch, Ann. Statist. 17, 1217 (1989); Efron and Tibshirani, An Introduction to the Bootstrap,
/// chapter 11 (1993). Blocks must be long against the correlation time and of about equal size; the statistic must be smooth
/// (of a median the jackknife error is wrong).
/// </remarks>
public sealed record BlockJackknife
{
    /// <summary>The statistic of all blocks.</summary>
    public required double Value { get; init; }

    /// <summary>Its standard error.</summary>
    public required double StandardError { get; init; }

    /// <summary>The jackknife's estimate of the bias of <see cref="Value"/>, not subtracted from it.</summary>
    public required double Bias { get; init; }

    /// <summary>Number of blocks g.</summary>
    public required int Count { get; init; }

    /// <summary>The value with Student's interval of g − 1 degrees of freedom.</summary>
    /// <param name="unit">What a block is, in the plural: "epochs".</param>
    public Estimate ToEstimate(string unit = "blocks") => new(Value, Confidence.Student(Value, StandardError, Count - 1), $"{Count} {unit}");

    /// <summary>Applies <paramref name="statistic"/> to all blocks, and to all but each one in turn.</summary>
    /// <exception cref="ArgumentException">There are fewer than 2 blocks, or the statistic is not finite without one of them.</exception>
    public static BlockJackknife Of<T>(IReadOnlyList<T> blocks, Func<IReadOnlyList<T>, double> statistic)
    {
        ArgumentNullException.ThrowIfNull(blocks);
        ArgumentNullException.ThrowIfNull(statistic);
        int count = blocks.Count;
        if (count < 2)
            throw new ArgumentException($"A jackknife needs at least 2 blocks, but there are {count}.", nameof(blocks));
        double value = statistic(blocks);
        double[] without = [.. Enumerable.Range(0, count).Select(left => statistic([.. blocks.Where((_, j) => j != left)]))];
        PairedData.RequireFinite(without, nameof(statistic));
        double mean = without.Average();
        return new()
        {
            Value = value,
            StandardError = Math.Sqrt((count - 1.0) / count * without.Sum(each => (each - mean) * (each - mean))),
            Bias = (count - 1) * (mean - value),
            Count = count,
        };
    }
}
