using ScottPlot;
using Range = ScottPlot.Range;

namespace Talweg.Studies.Figures;

/// <summary>The scale that colours a path by time.</summary>
internal sealed class TimeColours(double last) : IHasColorAxis
{
    public IColormap Colormap { get; set; } = new ScottPlot.Colormaps.Viridis();

    public Range GetRange() => new(0, last);
}
