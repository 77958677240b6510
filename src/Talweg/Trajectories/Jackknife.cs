namespace Talweg.Trajectories;

/// <summary>The standard error from values computed with one block left out each.</summary>
internal static class Jackknife
{
    /// <summary>√((n − 1)/n Σ (xₑ − x̄)²); null for fewer than 2 blocks or where a value is not finite.</summary>
    public static double? StandardError(ReadOnlySpan<double> leftOut)
    {
        if (leftOut.Length < 2)
            return null;
        double mean = 0;
        foreach (double x in leftOut)
            mean += x / leftOut.Length;
        double squares = 0;
        foreach (double x in leftOut)
            squares += (x - mean) * (x - mean);
        double error = Math.Sqrt((leftOut.Length - 1.0) / leftOut.Length * squares);
        return double.IsFinite(error) ? error : null;
    }
}
