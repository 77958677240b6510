namespace Talweg.Statistics;

/// <summary>Pairs of points, counted by how x and y order them (Knight, J. Am. Stat. Assoc. 61, 436, 1966).</summary>
/// <param name="Pairs">n(n − 1)/2.</param>
/// <param name="Discordant">Pairs that x and y order oppositely.</param>
/// <param name="TiedX">Pairs equal in x.</param>
/// <param name="TiedY">Pairs equal in y.</param>
/// <param name="TiedBoth">Pairs equal in both.</param>
internal readonly record struct Concordance(long Pairs, long Discordant, long TiedX, long TiedY, long TiedBoth)
{
    /// <summary>Pairs that x and y order alike.</summary>
    public long Concordant => Pairs - TiedX - TiedY + TiedBoth - Discordant;

    /// <summary>Kendall's τ_b.</summary>
    public double TauB => (Concordant - Discordant) / (Math.Sqrt(Pairs - TiedX) * Math.Sqrt(Pairs - TiedY));

    /// <summary>Sorts by x, and then counts the exchanges that sorting by y takes.</summary>
    public static Concordance Count(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        var points = new (double X, double Y)[x.Length];
        for (int i = 0; i < points.Length; i++)
            points[i] = (x[i], y[i]);
        Array.Sort(points);
        long tiedX = TiedPairs(points, (a, b) => a.X == b.X);
        long tiedBoth = TiedPairs(points, (a, b) => a == b);
        double[] ordinates = Array.ConvertAll(points, point => point.Y);
        long discordant = SortCountingExchanges(ordinates, new double[ordinates.Length]);
        long tiedY = TiedPairs(ordinates, (a, b) => a == b);
        return new((long)x.Length * (x.Length - 1) / 2, discordant, tiedX, tiedY, tiedBoth);
    }

    private static long TiedPairs<T>(T[] sorted, Func<T, T, bool> equal)
    {
        long pairs = 0, run = 0;
        for (int i = 1; i < sorted.Length; i++)
        {
            run = equal(sorted[i], sorted[i - 1]) ? run + 1 : 0;
            pairs += run;
        }
        return pairs;
    }

    private static long SortCountingExchanges(Span<double> values, Span<double> buffer)
    {
        if (values.Length < 2)
            return 0;
        int half = values.Length / 2;
        long exchanges = SortCountingExchanges(values[..half], buffer) + SortCountingExchanges(values[half..], buffer);
        int left = 0, right = half;
        for (int k = 0; k < values.Length; k++)
        {
            bool takeLeft = right == values.Length || (left < half && values[left] <= values[right]);
            exchanges += takeLeft ? 0 : half - left;
            buffer[k] = takeLeft ? values[left++] : values[right++];
        }
        buffer[..values.Length].CopyTo(values);
        return exchanges;
    }
}
