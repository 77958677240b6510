namespace Talweg.Studies.Figures;

/// <summary>Margins ΔYₖ of samples along the drift mode: Feng and Tu 2020, Figure S2A.</summary>
public sealed record MarginFigure : IFigure
{
    /// <inheritdoc/>
    public string Name { get; init; } = "fig-s2a-margins";

    /// <inheritdoc/>
    public string Caption { get; init; } = "How far the correct output lies above the greatest wrong one, against the displacement along the first mode: nearly straight lines that rise.";

    /// <summary>One line per sample or class, labelled "digit 3": θ₁ and ΔYₖ.</summary>
    public required IReadOnlyList<Curve> Margins { get; init; }

    /// <inheritdoc/>
    public void Save(string folder)
    {
        var plot = FigureStyle.New("Margins grow along the drift mode", "displacement θ₁", "margin ΔYₖ");
        for (int i = 0; i < Margins.Count; i++)
        {
            var points = Margins[i].X.With(Margins[i].Y).ToList();
            var line = plot.Line(points, FigureStyle.Ordered((double)i / Math.Max(1, Margins.Count - 1)), 1.8f, Margins[i].Label);
            line.MarkerSize = points.Count <= 25 ? 5 : 0;
            line.MarkerShape = FigureStyle.Shape(i);
        }
        if (Margins.Count <= 10)
            FigureStyle.LegendBelow(plot);
        FigureFiles.Save(plot, folder, Name);
    }
}
