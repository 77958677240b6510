namespace Talweg.Statistics;

/// <summary>The bootstrap of a hinge: its residuals are made white, drawn in blocks, and coloured again.</summary>
internal static class HingeBootstrap
{
    private const int FittedNumbers = 4;
    private const double StrongestCorrelation = 0.95;

    public static ChangePointEstimate Run(double[] x, double[] y, RandomStream random, int resamples, int? blockLength)
    {
        var grid = new HingeGrid(x);
        var fit = ChangePoint.Of(grid, x, y);
        double[] fitted = Array.ConvertAll(x, fit.At);
        double[] residuals = [.. y.Zip(fitted, (measured, curve) => measured - curve)];
        double correlation = LagCorrelation(residuals);
        int length = blockLength ?? Math.Min((int)Math.Ceiling(Math.Cbrt(x.Length)), x.Length / 8);
        double[] shocks = Shocks(residuals, correlation, length);

        double[] locations = new double[resamples], lefts = new double[resamples], rights = new double[resamples], ratios = new double[resamples], resample = new double[x.Length];
        for (int i = 0; i < resamples; i++)
        {
            Resample(resample, fitted, shocks, correlation, length, random);
            var hinge = grid.Fit(resample);
            (locations[i], lefts[i], rights[i], ratios[i]) = (hinge.Location, hinge.Left, hinge.Right, hinge.Right / hinge.Left);
        }
        double degreesOfFreedom = (double)x.Length / length - FittedNumbers;
        string over = $"{x.Length} points in blocks of {length}";
        return new()
        {
            Fit = fit,
            Location = new(fit.Location, Confidence.Expanded(locations, degreesOfFreedom), over),
            LeftSlope = new(fit.LeftSlope, Confidence.Expanded(lefts, degreesOfFreedom), over),
            RightSlope = new(fit.RightSlope, Confidence.Expanded(rights, degreesOfFreedom), over),
            SlopeRatio = new(fit.SlopeRatio, Confidence.Expanded(ratios, degreesOfFreedom), over),
            Correlation = correlation,
            BlockLength = length,
        };
    }

    /// <summary>The residuals' correlation at lag 1, freed from its bias −(p + (p + 2) ρ)/n where p = 4 numbers were fitted.</summary>
    private static double LagCorrelation(double[] residuals)
    {
        double square = residuals.Sum(value => value * value);
        double lagged = residuals.Zip(residuals.Skip(1), (now, next) => now * next).Sum();
        int count = residuals.Length;
        double freed = square > 0 ? (count * lagged / square + FittedNumbers) / (count - FittedNumbers - 2) : 0;
        return Math.Clamp(freed, -StrongestCorrelation, StrongestCorrelation);
    }

    /// <summary>e(t) − ρ e(t − 1), centred, and enlarged by √(b/(b − 4)): the fit took four of the degrees of freedom that b blocks have.</summary>
    private static double[] Shocks(double[] residuals, double correlation, int length)
    {
        double[] shocks = [.. residuals.Zip(residuals.Skip(1), (now, next) => next - correlation * now)];
        double mean = shocks.Average(), blocks = (double)residuals.Length / length;
        double enlarge = Math.Sqrt(blocks / (blocks - FittedNumbers));
        return Array.ConvertAll(shocks, shock => enlarge * (shock - mean));
    }

    /// <summary>The curve plus e(t) = ρ e(t − 1) + shock, the shocks in blocks; as many steps again come first, so that e has forgotten its start.</summary>
    private static void Resample(double[] resample, double[] fitted, double[] shocks, double correlation, int length, RandomStream random)
    {
        double residual = 0;
        int from = 0;
        for (int t = -resample.Length; t < resample.Length; t++, from++)
        {
            if ((t + resample.Length) % length == 0)
                from = random.Next(shocks.Length);
            residual = correlation * residual + shocks[from % shocks.Length];
            if (t >= 0)
                resample[t] = fitted[t] + residual;
        }
    }
}
