namespace Talweg.Statistics;

/// <summary>The standard error of the mean of a series whose neighbours are correlated.</summary>
public static class Blocking
{
    /// <summary>s_b/√b, with s_b the standard deviation (divisor b − 1) of the means of b consecutive blocks.</summary>
    /// <remarks>
    /// Right once blocks are much longer than the correlation time; shorter blocks give too small an error, as does taking every
    /// value for independent (Flyvbjerg and Petersen, J. Chem. Phys. 91, 461, 1989). Where the length is no multiple of the block
    /// length, the first values, fewer than one block, are left out.
    /// </remarks>
    /// <param name="series">Equidistant values, in order.</param>
    /// <param name="blockLength">Values a block, 1 or more.</param>
    /// <returns>The standard error of the mean, in the unit of the series.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The block length is below 1, or so long that fewer than 2 blocks remain.</exception>
    /// <exception cref="ArgumentException">A value is not finite.</exception>
    public static double StandardError(ReadOnlySpan<double> series, int blockLength)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(blockLength, 1);
        int blocks = series.Length / blockLength;
        if (blocks < 2)
            throw new ArgumentOutOfRangeException(nameof(blockLength), blockLength, $"A series of {series.Length} values must hold at least 2 blocks.");
        PairedData.RequireFinite(series, nameof(series));
        return MeanEstimate.MeanAndStandardError(BlockMeans(series[(series.Length - blocks * blockLength)..], blockLength)).StandardError;
    }

    private static double[] BlockMeans(ReadOnlySpan<double> series, int blockLength)
    {
        double[] means = new double[series.Length / blockLength];
        for (int i = 0; i < series.Length; i++)
            means[i / blockLength] += series[i] / blockLength;
        return means;
    }
}
