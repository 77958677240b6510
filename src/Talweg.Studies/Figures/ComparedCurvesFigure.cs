namespace Talweg.Studies.Figures;

/// <summary>One quantity against updates, a curve a variant.</summary>
public sealed record ComparedCurvesFigure : IFigure
{
    /// <inheritdoc/>
    public required string Name { get; init; }

    /// <inheritdoc/>
    public required string Caption { get; init; }

    /// <summary>Above the frame.</summary>
    public required string Title { get; init; }

    /// <summary>Along the ordinate.</summary>
    public required string Quantity { get; init; }

    /// <summary>Whether the ordinate is logarithmic.</summary>
    public required bool Logarithmic { get; init; }

    /// <summary>Updates and values.</summary>
    public required IReadOnlyList<Curve> Curves { get; init; }

    /// <inheritdoc/>
    public void Save(string folder)
    {
        var plot = FigureStyle.New(Title, "updates", Quantity);
        for (int i = 0; i < Curves.Count; i++)
        {
            var points = Curves[i].X.With(Curves[i].Y);
            // Thinner and thinner, so that a curve beneath others is still seen.
            plot.Line(Logarithmic ? points.LogY() : points, FigureStyle.Colour(i), Math.Max(1.6f, 5 - 1.2f * i), Curves[i].Label);
        }

        if (Logarithmic)
            plot.Axes.Left.IsLog();
        FigureStyle.LegendBelow(plot);
        FigureFiles.Save(plot, folder, Name, FigureStyle.Height + 24);
    }
}
