namespace Talweg.Statistics;

/// <summary>What a fit leaves unexplained.</summary>
/// <param name="ResidualSum">Σ (y − fitted)².</param>
/// <param name="TotalSum">Σ (y − ȳ)².</param>
internal readonly record struct FitQuality(double ResidualSum, double TotalSum)
{
    /// <summary>1 − ResidualSum/TotalSum; 0 where y has no spread, for then no fit explains more than the mean does.</summary>
    public double RSquared => TotalSum > 0 ? 1 - ResidualSum / TotalSum : 0;

    public static FitQuality Of(ReadOnlySpan<double> y, ReadOnlySpan<double> fitted)
    {
        double mean = 0;
        foreach (double value in y)
            mean += value / y.Length;
        double residual = 0, total = 0;
        for (int i = 0; i < y.Length; i++)
        {
            residual += (y[i] - fitted[i]) * (y[i] - fitted[i]);
            total += (y[i] - mean) * (y[i] - mean);
        }
        return new(residual, y.ContainsAnyExcept(y[0]) ? total : 0);
    }
}
