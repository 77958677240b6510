namespace Talweg.Statistics;

/// <summary>The studentised wild bootstrap of a least-squares slope: residuals keep their places and sizes, and their signs are drawn.</summary>
/// <remarks>Abscissae are kept about their mean, d = x − x̄, so that Sxx = Σ d² and the slope is Σ d y/Sxx.</remarks>
internal sealed class StudentisedSlope
{
    /// <summary>A leverage so near to 1 that the line goes through the point wherever it lies: its residual is roundoff.</summary>
    private const double Whole = 1 - 1e-9;

    private readonly double[] _deviations;
    private readonly double _square;

    public StudentisedSlope(double[] x)
    {
        double mean = x.Average();
        _deviations = Array.ConvertAll(x, value => value - mean);
        _square = _deviations.Sum(d => d * d);
    }

    /// <summary>The slope, and its interval; null where one point alone carries the slope, so that nothing tells its noise.</summary>
    public (double Slope, Interval? Interval) Bootstrap(double[] y, RandomStream random, int resamples)
    {
        double mean = y.Average();
        double[] residuals = new double[y.Length], resample = new double[y.Length], ratios = new double[resamples];
        var (slope, error) = SlopeAndError(Array.ConvertAll(y, value => value - mean), residuals);
        if (Array.Exists(_deviations, d => Leverage(d) > Whole))
            return (slope, null);
        // A point that pulls the line towards itself leaves 1 − h of its distance, h its leverage.
        double[] distances = [.. residuals.Zip(_deviations, (e, d) => e / (1 - Leverage(d)))];
        double[] unused = new double[y.Length];
        for (int i = 0; i < resamples; i++)
        {
            for (int j = 0; j < resample.Length; j++)
                resample[j] = slope * _deviations[j] + (random.Next(2) == 0 ? distances[j] : -distances[j]);
            var (resampled, itsError) = SlopeAndError(resample, unused);
            ratios[i] = itsError > 0 ? (resampled - slope) / itsError : 0;
        }
        var reach = Confidence.Expanded(ratios, DegreesOfFreedom());
        return (slope, new Interval(slope - reach.High * error, slope - reach.Low * error));
    }

    /// <summary>The degrees of freedom of White's variance under equal noise, 2 E²/Var: few where few points carry the slope.</summary>
    /// <remarks>
    /// (Σ d²(1 − h))²/Σᵢⱼ dᵢ² dⱼ² (δᵢⱼ − 1/n − dᵢ dⱼ/Sxx)², as Bell and McCaffrey, Survey Methodology 28, 169 (2002), have it for another variance.
    /// </remarks>
    public double DegreesOfFreedom()
    {
        int n = _deviations.Length;
        double expected = _deviations.Sum(d => d * d * (1 - Leverage(d)));
        double third = _deviations.Sum(d => d * d * d), fourth = _deviations.Sum(d => d * d * d * d);
        double own = _deviations.Sum(d => d * d * d * d * (1 - 2 * Leverage(d)));
        double all = _square * _square / n / n + 2 * third * third / (n * _square) + fourth * fourth / (_square * _square);
        return expected * expected / (own + all);
    }

    /// <summary>h = 1/n + d²/Sxx.</summary>
    private double Leverage(double deviation) => 1.0 / _deviations.Length + deviation * deviation / _square;

    /// <summary>The slope, and White's standard error √(Σ d² e²)/Sxx; the residuals e = y − ȳ − k d are left in <paramref name="residuals"/>.</summary>
    private (double Slope, double Error) SlopeAndError(double[] y, double[] residuals)
    {
        double mean = y.Average(), product = 0, squares = 0;
        for (int i = 0; i < y.Length; i++)
            product += _deviations[i] * y[i];
        double slope = product / _square;
        for (int i = 0; i < y.Length; i++)
        {
            residuals[i] = y[i] - mean - slope * _deviations[i];
            squares += _deviations[i] * _deviations[i] * residuals[i] * residuals[i];
        }
        return (slope, Math.Sqrt(squares) / _square);
    }
}
