using MathNet.Numerics.LinearRegression;

namespace Talweg.Statistics;

/// <summary>The least-squares line y = Intercept + Slope·x.</summary>
/// <remarks>
/// Standard errors are the classical ones, for independent residuals of one variance s² = Σ e²/(n − 2):
/// of the slope s/√Sxx, of the intercept s·√(1/n + x̄²/Sxx), with Sxx = Σ (x − x̄)².
/// </remarks>
public sealed record StraightLine
{
    /// <summary>dy/dx, in units of y over units of x.</summary>
    public required double Slope { get; init; }

    /// <summary>y at x = 0, in units of y.</summary>
    public required double Intercept { get; init; }

    /// <summary>Standard error of <see cref="Slope"/>.</summary>
    public required double SlopeStandardError { get; init; }

    /// <summary>Standard error of <see cref="Intercept"/>.</summary>
    public required double InterceptStandardError { get; init; }

    /// <summary>1 − Σ e²/Σ (y − ȳ)²; 0 where y has no spread.</summary>
    public required double RSquared { get; init; }

    /// <summary>Number of points.</summary>
    public required int Count { get; init; }

    /// <summary>The line's value at <paramref name="x"/>.</summary>
    public double At(double x) => Intercept + Slope * x;

    /// <summary>Fits a line to points (x, y) of equal weight.</summary>
    /// <exception cref="ArgumentException">The lengths differ, there are fewer than 3 points, a number is not finite, or x has no spread.</exception>
    public static StraightLine Fit(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        PairedData.Require(x, y, minimum: 3);
        PairedData.RequireSpread(x, nameof(x));
        double[] abscissae = x.ToArray(), ordinates = y.ToArray();
        var (intercept, slope) = SimpleRegression.Fit(abscissae, ordinates);

        double mean = abscissae.Average();
        double spread = abscissae.Sum(value => (value - mean) * (value - mean));
        double[] fitted = Array.ConvertAll(abscissae, value => intercept + slope * value);
        var quality = FitQuality.Of(ordinates, fitted);
        double residual = Math.Sqrt(quality.ResidualSum / (x.Length - 2));
        return new()
        {
            Slope = slope,
            Intercept = intercept,
            SlopeStandardError = residual / Math.Sqrt(spread),
            InterceptStandardError = residual * Math.Sqrt(1.0 / x.Length + mean * mean / spread),
            RSquared = quality.RSquared,
            Count = x.Length,
        };
    }
}
