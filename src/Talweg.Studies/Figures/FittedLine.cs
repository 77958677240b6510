using ScottPlot;

namespace Talweg.Studies.Figures;

/// <summary>A power law y = e^intercept · x^slope, as fitted to natural logarithms over a range of x.</summary>
/// <param name="Slope">The slope of ln y on ln x.</param>
/// <param name="Intercept">ln y at x = 1.</param>
/// <param name="From">The least x of the fit.</param>
/// <param name="To">The greatest.</param>
/// <param name="Legend">What the legend says: "ψ = 3.9 [3.6, 4.2]".</param>
public sealed record FittedLine(double Slope, double Intercept, double From, double To, string Legend)
{
    /// <summary>The line of a given exponent through the centre of the points' logarithms; null without points or exponent.</summary>
    /// <remarks>For one sample's least-squares exponent this is its least-squares line.</remarks>
    /// <param name="points">Points above 0 in both coordinates.</param>
    /// <param name="slope">The slope of ln y on ln x, such as a mean over seeds; NaN for none.</param>
    /// <param name="legend">What the legend says.</param>
    public static FittedLine? Through(Curve points, double slope, string legend)
    {
        ArgumentNullException.ThrowIfNull(points);
        if (points.X.Count == 0 || double.IsNaN(slope))
            return null;
        double intercept = points.Y.Average(Math.Log) - slope * points.X.Average(Math.Log);
        return new(slope, intercept, points.X.Min(), points.X.Max(), legend);
    }

    /// <summary>Its two ends in decimal logarithms.</summary>
    internal IEnumerable<Coordinates> LogEnds => new[] { From, To }
        .Select(x => new Coordinates(Math.Log10(x), (Intercept + Slope * Math.Log(x)) / Math.Log(10)));
}
