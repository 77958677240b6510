using ScottPlot;

namespace Talweg.Studies.Figures;

/// <summary>ln L along one mode, its quadratic fit and the flatness: Feng and Tu 2020, Figure 2B.</summary>
public sealed record LogProfileFigure : IFigure
{
    /// <inheritdoc/>
    public string Name { get; init; } = "fig-2b-log-profile";

    /// <inheritdoc/>
    public string Caption { get; init; } = "The logarithm of the loss along a mode is close to a parabola (line). The flatness F is the width of the valley where the loss is e times its value at the origin.";

    /// <summary>The mode's rank.</summary>
    public required int Mode { get; init; }

    /// <summary>Displacements.</summary>
    public required IReadOnlyList<double> Displacements { get; init; }

    /// <summary>Losses, nats per example.</summary>
    public required IReadOnlyList<double> Losses { get; init; }

    /// <summary>Coefficients of 1, θ, θ² in the fit of ln L; null for none.</summary>
    public (double C0, double C1, double C2)? Fit { get; init; }

    /// <summary>θₗ and θᵣ, where L = e · L₀; null when a side is open.</summary>
    public (double Left, double Right)? Sides { get; init; }

    /// <summary>L₀, the loss at the origin.</summary>
    public required double LossAtOrigin { get; init; }

    /// <inheritdoc/>
    public void Save(string folder)
    {
        var plot = FigureStyle.New($"Flatness along mode {Mode}", "displacement δθ", $"ln L{DriftPlaneFigure.Subscript(Mode)}(δθ)");
        plot.Points(Displacements.With(Losses).Select(p => new Coordinates(p.X, Math.Log(p.Y))), FigureStyle.Main, 6, "measured");
        if (Fit is { } c)
            plot.Line(Displacements.Select(x => new Coordinates(x, c.C0 + x * (c.C1 + x * c.C2))), FigureStyle.Fit, 2, "quadratic fit");
        if (Sides is { } sides)
            Mark(plot, sides.Left, sides.Right, Math.Log(LossAtOrigin) + 1);
        FigureStyle.Legend(plot, Alignment.UpperCenter);
        FigureFiles.Save(plot, folder, Name);
    }

    private static void Mark(Plot plot, double left, double right, double level)
    {
        plot.Line([new(left, level), new(right, level)], FigureStyle.Ink, 1.5f);
        plot.Points([new(left, level), new(right, level)], FigureStyle.Ink, 7);
        plot.Write($"F = {Findings.NumberText.Of(right - left)}", (left + right) / 2, level, Alignment.LowerCenter, FigureStyle.Ink).OffsetY = -6;
    }
}
