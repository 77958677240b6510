using ScottPlot;

namespace Talweg.Studies.Figures;

/// <summary>How a series is drawn.</summary>
public enum SeriesStyle
{
    /// <summary>A line.</summary>
    Line,

    /// <summary>A thin, pale line, for one of many.</summary>
    Thin,

    /// <summary>Points.</summary>
    Points,

    /// <summary>Points in their order, joined by a line.</summary>
    LineAndPoints,
}

/// <summary>A series of a <see cref="CurvesFigure"/>.</summary>
/// <param name="Curve">Its points; with an empty label it is not in the legend.</param>
/// <param name="Style">How it is drawn.</param>
/// <param name="Colour">Number of its colour: series that belong together share one.</param>
/// <param name="Fit">A power law through it, in figures of two logarithmic axes; null for none.</param>
public sealed record Series(Curve Curve, SeriesStyle Style, int Colour, FittedLine? Fit = null);

/// <summary>Curves and points over linear or logarithmic axes.</summary>
public sealed record CurvesFigure : IFigure
{
    /// <inheritdoc/>
    public required string Name { get; init; }

    /// <inheritdoc/>
    public required string Caption { get; init; }

    /// <summary>What stands above the frame.</summary>
    public required string Title { get; init; }

    /// <summary>Label of the horizontal axis.</summary>
    public required string X { get; init; }

    /// <summary>Label of the vertical axis.</summary>
    public required string Y { get; init; }

    /// <summary>Whether the horizontal axis is logarithmic; what is not positive is left out.</summary>
    public bool LogX { get; init; }

    /// <summary>Whether the vertical axis is, likewise.</summary>
    public bool LogY { get; init; }

    /// <summary>The series, later ones above earlier ones.</summary>
    public required IReadOnlyList<Series> Series { get; init; }

    /// <inheritdoc/>
    public void Save(string folder)
    {
        var plot = FigureStyle.New(Title, X, Y);
        foreach (var series in Series)
            Draw(plot, series);
        foreach (var series in Series.Where(series => series.Fit is not null))
            plot.Line(series.Fit!.LogEnds, FigureStyle.Colour(series.Colour).Darken(.25), 2);
        if (LogX)
            plot.Axes.Bottom.IsLog();
        if (LogY)
            plot.Axes.Left.IsLog();
        FigureStyle.LegendBelow(plot);
        FigureFiles.Save(plot, folder, Name);
    }

    private void Draw(Plot plot, Series series)
    {
        var colour = FigureStyle.Colour(series.Colour);
        var points = series.Curve.X.With(series.Curve.Y);
        points = (LogX, LogY) switch
        {
            (true, true) => points.LogLog(),
            (false, true) => points.LogY(),
            (true, false) => points.Select(p => new Coordinates(p.X > 0 ? Math.Log10(p.X) : double.NaN, p.Y)),
            _ => points,
        };
        string legend = series.Fit is { } fit ? $"{series.Curve.Label}: {fit.Legend}" : series.Curve.Label;
        if (series.Style == SeriesStyle.Points)
            plot.Points(points, colour.WithAlpha(.6), 5, legend, FigureStyle.Shape(series.Colour));
        else if (series.Style == SeriesStyle.LineAndPoints)
        {
            var path = points.ToArray();
            plot.Line(path, colour, 1.8f);
            plot.Points(path, colour, 6, legend, FigureStyle.Shape(series.Colour));
        }
        else if (series.Style == SeriesStyle.Thin)
            plot.Line(points, colour.WithAlpha(.45), 1.1f, legend);
        else
            plot.Line(points, colour, 2.4f, legend);
    }
}
