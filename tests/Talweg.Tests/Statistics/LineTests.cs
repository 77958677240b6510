using CsCheck;
using Talweg.Statistics;

namespace Talweg.Tests.Statistics;

public sealed class LineTests
{
    /// <summary>NIST Statistical Reference Datasets, linear least squares, Norris: data and certified values.</summary>
    [Fact]
    public void Straight_line_agrees_with_the_certified_values_of_Norris()
    {
        double[] y = [0.1, 338.8, 118.1, 888.0, 9.2, 228.1, 668.5, 998.5, 449.1, 778.9, 559.2, 0.3, 0.1, 778.1, 668.8, 339.3, 448.9, 10.8, 557.7, 228.3, 998.0, 888.8, 119.6, 0.3, 0.6, 557.6, 339.3, 888.0, 998.5, 778.9, 10.2, 117.6, 228.9, 668.4, 449.2, 0.2];
        double[] x = [0.2, 337.4, 118.2, 884.6, 10.1, 226.5, 666.3, 996.3, 448.6, 777.0, 558.2, 0.4, 0.6, 775.5, 666.9, 338.0, 447.5, 11.6, 556.0, 228.1, 995.8, 887.6, 120.2, 0.3, 0.3, 556.8, 339.1, 887.2, 999.0, 779.0, 11.1, 118.3, 229.2, 669.1, 448.9, 0.5];
        var line = StraightLine.Fit(x, y);
        Assert.Equal(1.00211681802045, line.Slope, 1e-12);
        Assert.Equal(-0.262323073774029, line.Intercept, 1e-10);
        Assert.Equal(0.429796848199937e-3, line.SlopeStandardError, 1e-12);
        Assert.Equal(0.232818234301152, line.InterceptStandardError, 1e-10);
        Assert.Equal(0.999993745883712, line.RSquared, 1e-12);
        Assert.Equal(36, line.Count);
    }

    /// <summary>NIST Statistical Reference Datasets, linear least squares, Pontius: data and certified values.</summary>
    [Fact]
    public void Quadratic_agrees_with_the_certified_values_of_Pontius()
    {
        double[] y =
        [
            .11019, .21956, .32949, .43899, .54803, .65694, .76562, .87487, .98292, 1.09146, 1.20001, 1.30822, 1.41599, 1.52399, 1.63194, 1.73947, 1.84646, 1.95392, 2.06128, 2.16844,
            .11052, .22018, .32939, .43886, .54798, .65739, .76596, .87474, .98300, 1.09150, 1.20004, 1.30818, 1.41613, 1.52408, 1.63159, 1.73965, 1.84696, 1.95445, 2.06177, 2.16829,
        ];
        double[] x = [.. Enumerable.Range(0, 40).Select(i => 150_000.0 * (i % 20 + 1))];
        var parabola = Quadratic.Fit(x, y);
        Assert.Equal(1, parabola.C0 / 0.673565789473684e-3, 1e-10);
        Assert.Equal(1, parabola.C1 / 0.732059160401003e-6, 1e-12);
        Assert.Equal(1, parabola.C2 / -0.316081871345029e-14, 1e-9);
        Assert.Equal(0.999999900178537, parabola.RSquared, 1e-13);
    }

    [Fact]
    public void Quadratic_agrees_with_a_decomposition_of_the_design_matrix() =>
        Gen.Select(Gen.Double[-1, 1], Gen.Double[-3, 3]).Array[5, 60].Where(points => Spread(points) > 0.2).Sample(points =>
        {
            double[] x = [.. points.Select(point => point.Item1)], y = [.. points.Select(point => point.Item2)];
            double[] expected = MathNet.Numerics.Fit.Polynomial(x, y, 2, MathNet.Numerics.LinearRegression.DirectRegressionMethod.Svd);
            var fit = Quadratic.Fit(x, y);
            // Coefficients grow as the inverse square of the points' spread, and rounding with them.
            double scale = expected.Max(Math.Abs) + 1;
            return Math.Abs(fit.C0 - expected[0]) < 1e-11 * scale && Math.Abs(fit.C1 - expected[1]) < 1e-11 * scale && Math.Abs(fit.C2 - expected[2]) < 1e-11 * scale;
        });

    /// <summary>The least distance of three points: of the two ends and the one nearest to the middle.</summary>
    private static double Spread((double X, double Y)[] points)
    {
        double low = points.Min(point => point.X), high = points.Max(point => point.X);
        double inner = points.MinBy(point => Math.Abs(point.X - (low + high) / 2)).X;
        return Math.Min(inner - low, high - inner);
    }

    [Fact]
    public void A_parabola_is_recovered_at_any_scale_and_place() =>
        Gen.Select(Gen.Double[-3, 3], Gen.Double[-3, 3], Gen.Double[0.5, 3], Gen.Double[-5, 5], Gen.Double[-2, 2]).Sample((c0, c1, c2, logScale, shift) =>
        {
            double scale = Math.Pow(10, logScale);
            double[] u = [.. Enumerable.Range(0, 11).Select(i => shift + i / 5.0)], y = Array.ConvertAll(u, v => c0 + v * (c1 + v * c2));
            var fit = Quadratic.Fit(Array.ConvertAll(u, v => v * scale), y);
            // numbers of order 10 to double precision, and cancellation by a factor of up to shift² in c0
            return Math.Abs(fit.C0 - c0) < 1e-10 && Math.Abs(fit.C1 * scale - c1) < 1e-10 && Math.Abs(fit.C2 * scale * scale - c2) < 1e-10
                && Math.Abs(fit.At(scale * u[3]) - y[3]) < 1e-10;
        });

    [Fact]
    public void Slope_standard_errors_are_those_of_simulated_lines()
    {
        double[] x = [.. Enumerable.Range(0, 20).Select(i => (double)i)];
        var random = new RandomStream(1, "lines");
        var lines = Enumerable.Range(0, 4000).Select(_ => StraightLine.Fit(x, Array.ConvertAll(x, at => 1 + 2 * at + 0.5 * random.NextNormal()))).ToList();
        // 4000 draws fix a variance to √(2/4000) = 2.2%
        Assert.Equal(1, lines.Average(line => Math.Pow(line.Slope - 2, 2)) / lines.Average(line => Math.Pow(line.SlopeStandardError, 2)), 0.09);
        Assert.Equal(1, lines.Average(line => Math.Pow(line.Intercept - 1, 2)) / lines.Average(line => Math.Pow(line.InterceptStandardError, 2)), 0.09);
    }

    [Fact]
    public void A_constant_is_fitted_but_nothing_is_explained()
    {
        var line = StraightLine.Fit([1, 2, 3], [0.1, 0.1, 0.1]);
        Assert.Equal(0, line.Slope, 1e-16);
        Assert.Equal(0, line.RSquared);
        Assert.Equal(0.1, line.At(7), 1e-15);
        Assert.Equal(0, Quadratic.Fit([1, 2, 3, 4], [0.1, 0.1, 0.1, 0.1]).RSquared);
    }

    /// <summary>y = 1, 2, 2 at x = 0, 1, 2: slope 1/2, residuals ∓1/6, 1/3, so Σ e² = 1/6 of a total of 2/3, and s = √(1/6) on one degree of freedom.</summary>
    [Theory, InlineData(1), InlineData(1e-6)]
    public void Three_points_by_hand(double unit)
    {
        var line = StraightLine.Fit([0, 1, 2], [unit, 2 * unit, 2 * unit]);
        Assert.Equal(0.5, line.Slope / unit, 1e-14);
        Assert.Equal(7.0 / 6, line.Intercept / unit, 1e-14);
        Assert.Equal(0.75, line.RSquared, 1e-12);
        Assert.Equal(Math.Sqrt(1.0 / 12), line.SlopeStandardError / unit, 1e-12);
        Assert.Equal(Math.Sqrt(1.0 / 6 * (1.0 / 3 + 0.5)), line.InterceptStandardError / unit, 1e-12);
        Assert.Equal(13.0 / 6, line.At(2) / unit, 1e-14);
    }

    [Fact]
    public void What_cannot_be_fitted_is_refused_with_the_reason()
    {
        Assert.Equal("At least 3 points are needed, but there are 2. (Parameter 'x')", Message(() => StraightLine.Fit([1, 2], [1, 2])));
        Assert.Equal("x and y must be of the same length, but they have 3 and 2 numbers. (Parameter 'y')", Message(() => StraightLine.Fit([1, 2, 3], [1, 2])));
        Assert.Equal("x has no spread: all its 3 numbers are 1. (Parameter 'x')", Message(() => StraightLine.Fit([1, 1, 1], [1, 2, 3])));
        Assert.Equal("A parabola needs at least 3 different values of x, but the 4 points have 2. (Parameter 'x')", Message(() => Quadratic.Fit([1, 2, 1, 2], [1, 2, 3, 4])));
        Assert.StartsWith("y must be finite, but number 2 (counted from 0) is NaN.", Message(() => Quadratic.Fit([1, 2, 3], [1, 2, double.NaN])), StringComparison.Ordinal);
    }

    private static string Message(Action action) => Assert.Throws<ArgumentException>(action).Message;
}
