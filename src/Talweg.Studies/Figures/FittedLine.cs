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
    /// <summary>Its two ends in decimal logarithms.</summary>
    internal IEnumerable<Coordinates> LogEnds => new[] { From, To }
        .Select(x => new Coordinates(Math.Log10(x), (Intercept + Slope * Math.Log(x)) / Math.Log(10)));
}
