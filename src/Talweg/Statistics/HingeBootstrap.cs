namespace Talweg.Statistics;

/// <summary>The block bootstrap of a hinge's residuals.</summary>
internal static class HingeBootstrap
{
    private const int FittedNumbers = 4;

    public static ChangePointEstimate Run(double[] x, double[] y, RandomStream random, int resamples, int? blockLength)
    {
        var grid = new HingeGrid(x);
        var fit = ChangePoint.Of(grid, x, y);
        double[] fitted = Array.ConvertAll(x, fit.At);
        double[] residuals = Residuals(y, fitted);
        int length = blockLength ?? BlockLength(residuals);
        double[] locations = new double[resamples], ratios = new double[resamples], resample = new double[x.Length];
        for (int i = 0; i < resamples; i++)
        {
            Resample(resample, fitted, residuals, length, random);
            var hinge = grid.Fit(resample);
            (locations[i], ratios[i]) = (hinge.Location, hinge.Right / hinge.Left);
        }
        string over = $"{x.Length} points in blocks of {length}";
        return new()
        {
            Fit = fit,
            Location = new(fit.Location, Confidence.Central(locations), over),
            SlopeRatio = new(fit.SlopeRatio, Confidence.Central(ratios), over),
            BlockLength = length,
        };
    }

    private static double[] Residuals(double[] y, double[] fitted)
    {
        double enlarge = Math.Sqrt((double)y.Length / (y.Length - FittedNumbers));
        return [.. y.Zip(fitted, (measured, curve) => enlarge * (measured - curve))];
    }

    /// <summary>(6 ρ²n/(1 − ρ²)²)^⅓ between n^⅓ and n/4, ρ the lag-1 correlation of the residuals.</summary>
    private static int BlockLength(double[] residuals)
    {
        double square = residuals.Sum(value => value * value);
        double lagged = residuals.Zip(residuals.Skip(1), (now, next) => now * next).Sum();
        double rho = square > 0 ? Math.Clamp(lagged / square, 0, 0.99) : 0;
        int count = residuals.Length;
        double best = Math.Cbrt(6 * rho * rho * count) / Math.Pow(1 - rho * rho, 2.0 / 3);
        return (int)Math.Ceiling(Math.Clamp(best, Math.Min(Math.Cbrt(count), count / 4.0), count / 4.0));
    }

    private static void Resample(double[] resample, double[] fitted, double[] residuals, int length, RandomStream random)
    {
        int from = 0;
        for (int i = 0; i < resample.Length; i++, from++)
        {
            if (i % length == 0)
                from = random.Next(residuals.Length);
            resample[i] = fitted[i] + residuals[from % residuals.Length];
        }
    }
}
