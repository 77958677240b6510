namespace Talweg.Studies.Figures;

/// <summary>Variance against flatness, mode by mode: Feng and Tu 2020, Figure 2D.</summary>
public sealed record VarianceFlatnessFigure : IFigure
{
    /// <summary>So many entries of the legend fit inside the frame; more stand below it.</summary>
    private const int Inside = 5;

    /// <inheritdoc/>
    public string Name { get; init; } = "fig-2d-variance-flatness";

    /// <inheritdoc/>
    public string Caption { get; init; } = "The inverse variance–flatness relation: one point per mode, one colour per minibatch size B and learning rate α. The weights move least where the landscape is flattest.";

    /// <summary>One series per setting, labelled "B = 50, α = 0.1": flatness and variance of its modes, and its fit if there is one.</summary>
    public required IReadOnlyList<(Curve Points, FittedLine? Fit)> Series { get; init; }

    /// <inheritdoc/>
    public void Save(string folder)
    {
        var plot = FigureStyle.New("Variance against flatness", "flatness Fᵢ", "variance σᵢ²");
        for (int s = 0; s < Series.Count; s++)
        {
            var (points, fit) = Series[s];
            string legend = fit is null ? points.Label : $"{points.Label}: {fit.Legend}";
            bool byLine = Series.Count > Inside && fit is not null;
            plot.Points(points.X.With(points.Y).LogLog(), FigureStyle.Colour(s).WithAlpha(.6), byLine ? 3.5f : 5, byLine ? null : legend, FigureStyle.Shape(s));
        }
        for (int s = 0; s < Series.Count; s++)
            if (Series[s].Fit is { } fit)
                plot.Line(fit.LogEnds, FigureStyle.Colour(s).Darken(.25), 2.2f, Series.Count > Inside ? $"{Series[s].Points.Label}: {fit.Legend}" : null);
        plot.Axes.Bottom.IsLog();
        plot.Axes.Left.IsLog();
        if (Series.Count <= Inside)
        {
            FigureStyle.Legend(plot, ScottPlot.Alignment.LowerLeft);
            FigureFiles.Save(plot, folder, Name);
        }
        else
        {
            FigureStyle.LegendBelow(plot);
            FigureFiles.Save(plot, folder, Name, FigureStyle.Height + 24 * ((Series.Count + 2) / 3));
        }
    }
}
