namespace Talweg.Studies.Figures;

/// <summary>Loss along several modes: Feng and Tu 2020, Figure 2A.</summary>
public sealed record ProfileFigure : IFigure
{
    /// <inheritdoc/>
    public string Name { get; init; } = "fig-2a-profiles";

    /// <inheritdoc/>
    public string Caption { get; init; } = "Loss against the displacement along principal modes. The valley widens with the mode's rank.";

    /// <summary>One profile per mode, labelled "i = 10": displacements and losses, nats per example.</summary>
    public required IReadOnlyList<Curve> Profiles { get; init; }

    /// <summary>The greatest loss shown; curves are cut off there. Null for all of them.</summary>
    public double? Top { get; init; }

    /// <inheritdoc/>
    public void Save(string folder)
    {
        var plot = FigureStyle.New("Loss along the modes", "displacement δθ", "loss Lᵢ(δθ)");
        for (int i = 0; i < Profiles.Count; i++)
            plot.Line(Profiles[i].X.With(Profiles[i].Y), FigureStyle.Ordered((double)i / Math.Max(1, Profiles.Count - 1)), 2.2f, Profiles[i].Label);
        if (Top is { } top)
            plot.Axes.SetLimitsY(0, top);
        FigureStyle.Legend(plot, ScottPlot.Alignment.UpperCenter);
        FigureFiles.Save(plot, folder, Name);
    }
}
