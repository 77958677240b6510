namespace Talweg.Statistics;

/// <summary>The studentised bootstrap of a least-squares slope over points (Efron and Tibshirani 1993, chapter 12).</summary>
internal static class StudentisedSlope
{
    public static (double Slope, Interval Interval) Bootstrap(LogPoints points, RandomStream random, int resamples)
    {
        double meanX = points.X.Average(), meanY = points.Y.Average();
        double[] x = Array.ConvertAll(points.X, value => value - meanX), y = Array.ConvertAll(points.Y, value => value - meanY);
        int[] chosen = [.. Enumerable.Range(0, x.Length)];
        var (slope, error) = SlopeAndError(x, y, chosen);
        double[] ratios = new double[resamples];
        for (int i = 0; i < resamples; i++)
        {
            Draw(chosen, x, random);
            var (resampled, itsError) = SlopeAndError(x, y, chosen);
            ratios[i] = itsError > 0 ? (resampled - slope) / itsError : 0;
        }
        var central = Confidence.Central(ratios);
        return (slope, new(slope - central.High * error, slope - central.Low * error));
    }

    /// <summary>Draws with replacement, again if all draws have one abscissa and so no slope.</summary>
    private static void Draw(int[] chosen, double[] x, RandomStream random)
    {
        do
        {
            for (int i = 0; i < chosen.Length; i++)
                chosen[i] = random.Next(chosen.Length);
        }
        while (Array.TrueForAll(chosen, index => x[index] == x[chosen[0]]));
    }

    /// <summary>The slope of the chosen points, and White's standard error √(Σ (x − x̄)² e²)/Sxx.</summary>
    private static (double Slope, double Error) SlopeAndError(double[] x, double[] y, int[] chosen)
    {
        double sumX = 0, sumY = 0, sumXX = 0, sumXY = 0;
        foreach (int i in chosen)
        {
            sumX += x[i];
            sumY += y[i];
            sumXX += x[i] * x[i];
            sumXY += x[i] * y[i];
        }
        var sums = new SlopeSums(chosen.Length, sumX, sumY, sumXX, sumXY);
        double slope = sums.Slope, meanX = sumX / chosen.Length, meanY = sumY / chosen.Length, squares = 0;
        foreach (int i in chosen)
        {
            double deviation = x[i] - meanX, product = deviation * (y[i] - meanY - slope * deviation);
            squares += product * product;
        }
        return (slope, Math.Sqrt(squares) / sums.Spread);
    }
}
