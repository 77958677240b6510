using ScottPlot;

namespace Talweg.Studies.Figures;

/// <summary>ln L along the drift mode, with its slope at the origin: Feng and Tu 2020, Figure S2B.</summary>
public sealed record DriftModeFigure : IFigure
{
    /// <inheritdoc/>
    public string Name { get; init; } = "fig-s2b-drift-mode";

    /// <inheritdoc/>
    public string Caption { get; init; } = "The logarithm of the loss along the first mode keeps a slope at the origin, which drives the drift; along the other modes it is level there.";

    /// <summary>θ₁.</summary>
    public required IReadOnlyList<double> Displacements { get; init; }

    /// <summary>Losses along mode 1, nats per example.</summary>
    public required IReadOnlyList<double> Losses { get; init; }

    /// <summary>ln L₀, −β and β₂ of ln L = ln L₀ − βθ₁ + β₂θ₁²; null for none.</summary>
    public (double C0, double C1, double C2)? Fit { get; init; }

    /// <summary>Losses along other modes, labelled "i = 10", for comparison.</summary>
    public IReadOnlyList<Curve> Others { get; init; } = [];

    /// <inheritdoc/>
    public void Save(string folder)
    {
        var plot = FigureStyle.New("The drift mode keeps a slope", "displacement θᵢ", "ln Lᵢ");
        for (int i = 0; i < Others.Count; i++)
            plot.Line(Log(Others[i].X, Others[i].Y), FigureStyle.Ordered((i + 1.0) / (Others.Count + 1)).WithAlpha(.7), 1.6f, Others[i].Label);
        plot.Points(Log(Displacements, Losses), FigureStyle.Main, 6, "i = 1");
        if (Fit is { } c)
            plot.Line(Displacements.Select(x => new Coordinates(x, c.C0 + x * (c.C1 + x * c.C2))), FigureStyle.Fit, 2, $"fit: β = {Findings.NumberText.Of(-c.C1)}");
        plot.Mark(0, FigureStyle.Faint);
        FigureStyle.LegendBelow(plot);
        FigureFiles.Save(plot, folder, Name);
    }

    private static IEnumerable<Coordinates> Log(IReadOnlyList<double> x, IReadOnlyList<double> y) =>
        x.With(y).Select(p => new Coordinates(p.X, Math.Log(p.Y)));
}
