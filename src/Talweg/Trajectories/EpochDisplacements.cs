namespace Talweg.Trajectories;

/// <summary>Displacements Dₑ over the complete epochs of a window, from the end of one epoch to that of the next, and what their sequence says.</summary>
internal sealed class EpochDisplacements
{
    private readonly double[] _displacements;
    private readonly int _iterationsPerEpoch;

    public EpochDisplacements(ReadOnlySpan<double> projection, int iterationsPerEpoch)
    {
        _iterationsPerEpoch = iterationsPerEpoch;
        var epochs = new WindowEpochs(projection.Length, iterationsPerEpoch);
        _displacements = new double[epochs.Complete];
        for (int e = 0; e < _displacements.Length; e++)
            _displacements[e] = projection[epochs.End(e)] - projection[epochs.Before(e)];
    }

    public int Count => _displacements.Length;

    private double Mean => _displacements.Average();

    /// <summary>The standard error of the mean velocity: the spread of the epochs' velocities over √n, epochs taken as independent.</summary>
    public double? VelocityError()
    {
        if (Count < 2)
            return null;
        double mean = Mean;
        double squares = _displacements.Sum(d => (d - mean) * (d - mean));
        return Math.Sqrt(squares / (Count - 1) / Count) / _iterationsPerEpoch;
    }

    /// <summary>Lag-1 correlation about zero, and its jackknife error over the pairs; null for fewer than 3 epochs or no motion.</summary>
    public (double? Value, double? Error) Correlation() => Correlation(about: 0);

    /// <summary>The same about the mean displacement.</summary>
    public double? CorrelationAboutMean() => Count < 3 ? null : Correlation(Mean).Value;

    private (double? Value, double? Error) Correlation(double about)
    {
        int pairs = Count - 1;
        if (pairs < 2)
            return (null, null);
        var sums = new PairSums(0, 0, 0);
        for (int e = 0; e < pairs; e++)
            sums += Pair(e, about);
        double[] leftOut = [.. Enumerable.Range(0, pairs).Select(e => (sums - Pair(e, about)).Correlation)];
        double value = sums.Correlation;
        return double.IsFinite(value) ? (value, Jackknife.StandardError(leftOut)) : (null, null);
    }

    private PairSums Pair(int e, double about)
    {
        double before = _displacements[e] - about;
        double after = _displacements[e + 1] - about;
        return new(before * before, before * after, after * after);
    }

    private readonly record struct PairSums(double Before, double Product, double After)
    {
        public double Correlation => Product / Math.Sqrt(Before * After);
        public static PairSums operator +(PairSums a, PairSums b) => new(a.Before + b.Before, a.Product + b.Product, a.After + b.After);
        public static PairSums operator -(PairSums a, PairSums b) => new(a.Before - b.Before, a.Product - b.Product, a.After - b.After);
    }
}
