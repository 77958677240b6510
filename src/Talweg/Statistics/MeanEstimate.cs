namespace Talweg.Statistics;

/// <summary>The mean of independent values, one a cell, with Student's interval.</summary>
public static class MeanEstimate
{
    /// <summary>x̄ ± t·s/√n, with s² = Σ (x − x̄)²/(n − 1) and t the 97.5% quantile of Student's distribution of n − 1 degrees of freedom.</summary>
    /// <remarks>
    /// Exact for normal values whatever n; with 3 cells t is 4.30, with 5 it is 2.78. One value alone has no interval (null):
    /// its spread over cells is not known.
    /// </remarks>
    /// <param name="values">One number a cell.</param>
    /// <param name="unit">What a value stands for, in the plural: "seeds", "cells".</param>
    /// <exception cref="ArgumentException">There is no value, or one is not finite.</exception>
    public static Estimate Of(ReadOnlySpan<double> values, string unit = "cells")
    {
        if (values.IsEmpty)
            throw new ArgumentException("A mean needs at least one value, but there is none.", nameof(values));
        PairedData.RequireFinite(values, nameof(values));
        string over = $"{values.Length} {unit}";
        if (values.Length == 1)
            return new(values[0], null, over);
        var (mean, error) = MeanAndStandardError(values);
        return new(mean, Confidence.Student(mean, error, values.Length - 1), over);
    }

    /// <summary>x̄ and s/√n of two values or more.</summary>
    internal static (double Mean, double StandardError) MeanAndStandardError(ReadOnlySpan<double> values)
    {
        var (mean, deviation) = MathNet.Numerics.Statistics.ArrayStatistics.MeanStandardDeviation(values.ToArray());
        return (mean, deviation / Math.Sqrt(values.Length));
    }
}
