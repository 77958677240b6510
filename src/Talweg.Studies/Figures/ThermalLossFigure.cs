namespace Talweg.Studies.Figures;

/// <summary>The loss in thermal motion over time.</summary>
public sealed record ThermalLossFigure : IFigure
{
    /// <inheritdoc/>
    public string Name { get; init; } = "fig-thermal-loss";

    /// <inheritdoc/>
    public string Caption { get; init; } = "The loss in thermal motion: from the solution through the burn-in to the window, which begins at the upright line. In equilibrium it goes nowhere.";

    /// <summary>Steps.</summary>
    public required IReadOnlyList<double> Steps { get; init; }

    /// <summary>Losses there, nats per example.</summary>
    public required IReadOnlyList<double> Losses { get; init; }

    /// <summary>The step at which the window begins.</summary>
    public required double WindowStart { get; init; }

    /// <summary>The loss at the solution.</summary>
    public required double SolutionLoss { get; init; }

    /// <inheritdoc/>
    public void Save(string folder)
    {
        var plot = FigureStyle.New("Loss in thermal motion", "step", "loss (nats per example)");
        plot.Line(Steps.With(Losses), FigureStyle.Main.WithAlpha(.75), 0.9f, "thermal motion");
        plot.Line([new(0, SolutionLoss), new(Steps.Count == 0 ? 0 : Steps[^1], SolutionLoss)], FigureStyle.Fit, 1.6f, "the solution's loss");
        plot.Mark(WindowStart, FigureStyle.Ink, "the window begins");
        plot.Axes.SetLimitsY(0, 1.15 * Losses.Where(double.IsFinite).Append(SolutionLoss).Max());
        FigureStyle.LegendBelow(plot);
        FigureFiles.Save(plot, folder, Name);
    }
}
