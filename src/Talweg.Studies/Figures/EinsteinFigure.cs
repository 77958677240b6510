namespace Talweg.Studies.Figures;

/// <summary>Variance against flatness under constant temperature and under SGD, on one landscape.</summary>
public sealed record EinsteinFigure : IFigure
{
    /// <inheritdoc/>
    public string Name { get; init; } = "fig-einstein-relation";

    /// <inheritdoc/>
    public string Caption { get; init; } = "The Einstein relation and its inverse on one landscape: one point per mode. Constant temperature moves the weights most where the landscape is flat, SGD where it is steep. Faint: modes that the window is too short for; they are not fitted.";

    /// <summary>Flatness and variance of thermal motion's modes.</summary>
    public required Curve Thermal { get; init; }

    /// <summary>Its fit.</summary>
    public FittedLine? ThermalFit { get; init; }

    /// <summary>Modes that did not relax often enough.</summary>
    public required Curve NotRelaxed { get; init; }

    /// <summary>SGD's modes.</summary>
    public required Curve Sgd { get; init; }

    /// <summary>Its fit.</summary>
    public FittedLine? SgdFit { get; init; }

    /// <inheritdoc/>
    public void Save(string folder)
    {
        var plot = FigureStyle.New("Variance against flatness, two kinds of noise", "flatness Fᵢ", "variance σᵢ²");
        if (NotRelaxed.X.Count > 0)
            plot.Points(NotRelaxed.X.With(NotRelaxed.Y).LogLog(), FigureStyle.Faint, 5, NotRelaxed.Label);
        Draw(plot, Sgd, SgdFit, 1);
        Draw(plot, Thermal, ThermalFit, 0);
        plot.Axes.Bottom.IsLog();
        plot.Axes.Left.IsLog();
        FigureStyle.LegendBelow(plot);
        FigureFiles.Save(plot, folder, Name);
    }

    private static void Draw(ScottPlot.Plot plot, Curve points, FittedLine? fit, int index)
    {
        plot.Points(points.X.With(points.Y).LogLog(), FigureStyle.Colour(index).WithAlpha(.6), 5, fit is null ? points.Label : $"{points.Label}: {fit.Legend}", FigureStyle.Shape(index));
        if (fit is not null)
            plot.Line(fit.LogEnds, FigureStyle.Colour(index).Darken(.25), 2.2f);
    }
}
