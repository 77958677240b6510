using ScottPlot;

namespace Talweg.Studies.Figures;

/// <summary>The same two quantities in many small panels, over logarithmic axes of their own.</summary>
public sealed record SmallMultiplesFigure : IFigure
{
    private const int Columns = 3;
    private const int PanelHeight = 200;
    private const int HeadHeight = 40;

    /// <inheritdoc/>
    public required string Name { get; init; }

    /// <inheritdoc/>
    public required string Caption { get; init; }

    /// <summary>Above all panels.</summary>
    public required string Title { get; init; }

    /// <summary>Label of the horizontal axes.</summary>
    public required string X { get; init; }

    /// <summary>Label of the vertical axes.</summary>
    public required string Y { get; init; }

    /// <summary>The panels, row by row; the curve's label, of one or two lines, is the panel's title, and the fit's legend stands inside.</summary>
    public required IReadOnlyList<(Curve Points, FittedLine? Fit)> Panels { get; init; }

    /// <inheritdoc/>
    public void Save(string folder)
    {
        int rows = Math.Max(1, (Panels.Count + Columns - 1) / Columns);
        int columns = Math.Clamp(Panels.Count, 1, Columns);
        float width = FigureStyle.Width / (float)columns;
        var parts = new List<(Plot, PixelRect)> { (Head(), new(0, FigureStyle.Width, HeadHeight, 0)) };
        for (int i = 0; i < Panels.Count; i++)
        {
            var (row, column) = (i / columns, i % columns);
            var plot = Panel(Panels[i], row == rows - 1 || i + columns >= Panels.Count ? X : "", column == 0 ? Y : "");
            parts.Add((plot, new(column * width, (column + 1) * width, HeadHeight + (row + 1) * PanelHeight, HeadHeight + row * PanelHeight)));
        }

        FigureFiles.Save(parts, folder, Name, HeadHeight + rows * PanelHeight);
    }

    private Plot Head()
    {
        var plot = FigureStyle.New(Title, "", "");
        plot.HideGrid();
        plot.Axes.Left.IsVisible = plot.Axes.Bottom.IsVisible = plot.Axes.Right.IsVisible = false;
        return plot;
    }

    private static Plot Panel((Curve Points, FittedLine? Fit) panel, string x, string y)
    {
        var (points, fit) = panel;
        var plot = FigureStyle.New("", x, y);
        FigureStyle.Label(plot.Axes.Title.Label, points.Label, 11.5f);
        foreach (var axis in plot.Axes.GetAxes())
            axis.TickLabelStyle.FontSize = 10.5f;
        plot.Axes.Bottom.Label.FontSize = plot.Axes.Left.Label.FontSize = 12;
        plot.Axes.Left.MinimumSize = 46;
        plot.Axes.Right.MinimumSize = 10;
        plot.Points(points.X.With(points.Y).LogLog(), FigureStyle.Main.WithAlpha(.55), 3.5f);
        if (fit is not null)
        {
            var line = plot.Line(fit.LogEnds, FigureStyle.Fit, 1.8f);
            var ends = fit.LogEnds.ToArray();
            plot.Write(fit.Legend, ends[0].X, ends[^1].Y, Alignment.LowerLeft, FigureStyle.Fit);
            line.LegendText = "";
        }

        plot.Axes.Bottom.IsLog(isShort: true);
        plot.Axes.Left.IsLog(isShort: true);
        return plot;
    }
}
