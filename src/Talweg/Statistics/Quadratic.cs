using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearRegression;

namespace Talweg.Statistics;

/// <summary>The least-squares parabola y = C0 + C1·x + C2·x².</summary>
/// <remarks>
/// The fit is made in u = (x − m)/h, with m the middle and h half the length of the range of x, by a QR decomposition of [1, u, u²],
/// and then expanded in x: displacements of 1e-4 or abscissae far from 0 lose no digits in the fit itself.
/// </remarks>
public sealed record Quadratic
{
    /// <summary>y at x = 0, in units of y.</summary>
    public required double C0 { get; init; }

    /// <summary>dy/dx at x = 0.</summary>
    public required double C1 { get; init; }

    /// <summary>Half the second derivative.</summary>
    public required double C2 { get; init; }

    /// <summary>1 − Σ e²/Σ (y − ȳ)²; 0 where y has no spread.</summary>
    public required double RSquared { get; init; }

    /// <summary>Number of points.</summary>
    public required int Count { get; init; }

    /// <summary>The parabola's value at <paramref name="x"/>.</summary>
    public double At(double x) => C0 + x * (C1 + x * C2);

    /// <summary>Fits a parabola to points (x, y) of equal weight.</summary>
    /// <exception cref="ArgumentException">The lengths differ, a number is not finite, or x has fewer than 3 different values.</exception>
    public static Quadratic Fit(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        PairedData.Require(x, y, minimum: 3);
        RequireThreeValues(x);
        double low = x[0], high = x[0];
        foreach (double value in x)
            (low, high) = (Math.Min(low, value), Math.Max(high, value));
        double middle = low + (high - low) / 2, half = (high - low) / 2;

        double[] u = Array.ConvertAll(x.ToArray(), value => (value - middle) / half);
        var design = Matrix<double>.Build.Dense(u.Length, 3, (row, power) => power == 0 ? 1 : power == 1 ? u[row] : u[row] * u[row]);
        var d = MultipleRegression.QR(design, Vector<double>.Build.Dense(y.ToArray()));

        var quality = FitQuality.Of(y, Array.ConvertAll(u, value => d[0] + value * (d[1] + value * d[2])));
        double c2 = d[2] / (half * half), slope = d[1] / half;
        return new()
        {
            C0 = d[0] - slope * middle + c2 * middle * middle,
            C1 = slope - 2 * c2 * middle,
            C2 = c2,
            RSquared = quality.RSquared,
            Count = x.Length,
        };
    }

    private static void RequireThreeValues(ReadOnlySpan<double> x)
    {
        double first = x[0];
        int second = x.IndexOfAnyExcept(first);
        if (second < 0 || !x.ContainsAnyExcept(first, x[second]))
            throw new ArgumentException($"A parabola needs at least 3 different values of x, but the {x.Length} points have {(second < 0 ? 1 : 2)}.", nameof(x));
    }
}
