using ScottPlot;
using Talweg.Statistics;

namespace Talweg.Studies.Figures;

/// <summary>One measurement under several variations of how it is made, against its band.</summary>
public sealed record SensitivityFigure : IFigure
{
    /// <inheritdoc/>
    public string Name { get; init; } = "fig-sensitivity";

    /// <inheritdoc/>
    public string Caption { get; init; } = "The exponent ψ under variations of its estimator, with 95% intervals. The band in which the claim holds is shaded.";

    /// <summary>The measurement's name, along the axis.</summary>
    public string Quantity { get; init; } = "exponent ψ";

    /// <summary>Variations from top to bottom: label, value and interval if there is one.</summary>
    public required IReadOnlyList<(string Label, double Value, Interval? Interval)> Variations { get; init; }

    /// <summary>The band; ±∞ where there is no bound.</summary>
    public required Interval Band { get; init; }

    /// <inheritdoc/>
    public void Save(string folder)
    {
        var plot = FigureStyle.New($"Sensitivity of the {Quantity}", Quantity, "");
        var (low, high) = Limits();
        plot.Add.HorizontalSpan(Math.Max(low, Band.Low), Math.Min(high, Band.High), FigureStyle.Colour(2).WithAlpha(.14));
        for (int i = 0; i < Variations.Count; i++)
            Draw(plot, Variations[i].Value, Variations[i].Interval, -i);
        plot.Axes.Left.SetTicks([.. Variations.Select((_, i) => (double)-i)], [.. Variations.Select(v => v.Label)]);
        plot.Axes.Left.MajorTickStyle.Length = 0;
        plot.Axes.SetLimits(low, high, -Variations.Count + 0.4, 0.6);
        plot.Grid.YAxisStyle.IsVisible = false;
        FigureFiles.Save(plot, folder, Name, Math.Max(220, 110 + 34 * Variations.Count));
    }

    private static void Draw(Plot plot, double value, Interval? interval, double y)
    {
        if (interval is { } i)
            plot.Line([new(i.Low, y), new(i.High, y)], FigureStyle.Main, 2);
        plot.Points([new(value, y)], FigureStyle.Main, 9);
    }

    private (double Low, double High) Limits()
    {
        double[] all = [.. Variations.SelectMany(v => new[] { v.Value, v.Interval?.Low ?? v.Value, v.Interval?.High ?? v.Value }).Append(Band.Low).Append(Band.High).Where(double.IsFinite)];
        if (all.Length == 0)
            return (0, 1);
        double margin = Math.Max(1e-9, 0.08 * (all.Max() - all.Min()));
        return (all.Min() - margin, all.Max() + margin);
    }
}
