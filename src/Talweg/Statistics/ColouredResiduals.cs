namespace Talweg.Statistics;

/// <summary>The residuals of a fitted curve, redrawn with the correlation of neighbours: made white, drawn in blocks, and coloured again.</summary>
/// <param name="residuals">e(t), of equidistant points.</param>
/// <param name="fittedNumbers">Numbers of the curve that were fitted, p.</param>
/// <param name="blockLength">Consecutive shocks that stay together.</param>
internal sealed class ColouredResiduals(double[] residuals, int fittedNumbers, int blockLength)
{
    private const double StrongestCorrelation = 0.95;

    /// <summary>b = n/length.</summary>
    private readonly double _blocks = (double)residuals.Length / blockLength;

    /// <summary>What is left of the blocks after the fit, b − p.</summary>
    public double DegreesOfFreedom => _blocks - fittedNumbers;

    /// <summary>The residuals' correlation at lag 1, freed from its bias of first order, −(p + (p + 2) ρ)/n.</summary>
    public static double LagCorrelation(double[] residuals, int fittedNumbers)
    {
        double square = residuals.Sum(value => value * value);
        double lagged = residuals.Zip(residuals.Skip(1), (now, next) => now * next).Sum();
        int count = residuals.Length;
        return Bounded(square > 0 ? (count * lagged / square + fittedNumbers) / (count - fittedNumbers - 2) : 0);
    }

    /// <summary>ρ within ±0.95: nearer to 1 no series of this length tells noise from a trend.</summary>
    public static double Bounded(double correlation) => Math.Clamp(correlation, -StrongestCorrelation, StrongestCorrelation);

    /// <summary>A correlation that might as well be the true one: ρ is known to √((1 − ρ²)/n) (Bartlett, J. R. Stat. Soc. Suppl. 8, 27, 1946), asin ρ so to 1/√n.</summary>
    public double LikelyCorrelation(double correlation, RandomStream random)
    {
        double angle = Math.Asin(correlation) + random.NextNormal() / Math.Sqrt(residuals.Length);
        return Bounded(Math.Sin(Math.Clamp(angle, -Math.PI / 2, Math.PI / 2)));
    }

    /// <summary>e(t) = ρ e(t − 1) + shock, the shocks in blocks; as many steps again come first, so that e has forgotten its start.</summary>
    public double[] Draw(double correlation, RandomStream random)
    {
        double[] shocks = Shocks(correlation), drawn = new double[residuals.Length];
        double residual = 0;
        int from = 0;
        for (int t = -drawn.Length; t < drawn.Length; t++, from++)
        {
            if ((t + drawn.Length) % blockLength == 0)
                from = random.Next(shocks.Length);
            residual = correlation * residual + shocks[from % shocks.Length];
            if (t >= 0)
                drawn[t] = residual;
        }
        return drawn;
    }

    /// <summary>e(t) − ρ e(t − 1), centred, and enlarged by √(b/(b − p)): the fit took p of the degrees of freedom that b blocks have.</summary>
    public double[] Shocks(double correlation)
    {
        double[] shocks = [.. residuals.Zip(residuals.Skip(1), (now, next) => next - correlation * now)];
        double mean = shocks.Average(), enlarge = Math.Sqrt(_blocks / DegreesOfFreedom);
        return Array.ConvertAll(shocks, shock => enlarge * (shock - mean));
    }
}
