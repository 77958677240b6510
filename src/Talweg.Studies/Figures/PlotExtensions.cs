using ScottPlot;
using ScottPlot.Plottables;

namespace Talweg.Studies.Figures;

/// <summary>The few things that figures draw. Points that are not finite are left out.</summary>
internal static class PlotExtensions
{
    /// <summary>A solid line through the points: Skia cannot write dashes into SVG.</summary>
    public static Scatter Line(this Plot plot, IEnumerable<Coordinates> points, Color colour, float width = 2, string? legend = null)
    {
        var line = plot.Add.Scatter(Finite(points), colour);
        line.MarkerSize = 0;
        line.LineWidth = width;
        line.LegendText = legend ?? "";
        return line;
    }

    /// <summary>The points alone.</summary>
    public static Scatter Points(this Plot plot, IEnumerable<Coordinates> points, Color colour, float size = 5, string? legend = null, MarkerShape shape = MarkerShape.FilledCircle)
    {
        var markers = plot.Add.Scatter(Finite(points), colour);
        markers.LineWidth = 0;
        markers.MarkerSize = size;
        markers.MarkerShape = shape;
        markers.LegendText = legend ?? "";
        return markers;
    }

    /// <summary>Pairs of numbers as points.</summary>
    public static IEnumerable<Coordinates> With(this IReadOnlyList<double> x, IReadOnlyList<double> y) => x.Count == y.Count
        ? x.Zip(y, (a, b) => new Coordinates(a, b))
        : throw new ArgumentException($"x has {x.Count} numbers, y has {y.Count}; a figure needs as many.", nameof(y));

    /// <summary>The decimal logarithm of y; y ≤ 0 is left out when drawn.</summary>
    public static IEnumerable<Coordinates> LogY(this IEnumerable<Coordinates> points) => points.Select(p => new Coordinates(p.X, Log(p.Y)));

    /// <summary>The decimal logarithms of x and y.</summary>
    public static IEnumerable<Coordinates> LogLog(this IEnumerable<Coordinates> points) => points.Select(p => new Coordinates(Log(p.X), Log(p.Y)));

    /// <summary>Marks an axis as carrying decimal logarithms.</summary>
    public static void IsLog(this IAxis axis, bool isShort = false) => axis.TickGenerator = new LogTicks { IsShort = isShort };

    /// <summary>A thin vertical line across the frame.</summary>
    public static VerticalLine Mark(this Plot plot, double x, Color colour, string? legend = null)
    {
        var mark = plot.Add.VerticalLine(x, 1.3f, colour);
        mark.LegendText = legend ?? "";
        return mark;
    }

    /// <summary>A label at a point.</summary>
    public static Text Write(this Plot plot, string text, double x, double y, Alignment alignment, Color colour)
    {
        var label = plot.Add.Text(text, x, y);
        FigureStyle.Label(label.LabelStyle, text, 12.5f);
        label.LabelFontColor = colour;
        label.LabelAlignment = alignment;
        return label;
    }

    private static Coordinates[] Finite(IEnumerable<Coordinates> points) => [.. points.Where(p => double.IsFinite(p.X) && double.IsFinite(p.Y))];

    private static double Log(double value) => value > 0 ? Math.Log10(value) : double.NaN;
}
