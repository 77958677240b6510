using ScottPlot;
using Talweg.Statistics;

namespace Talweg.Studies.Figures;

/// <summary>One number a variant, with its interval.</summary>
public sealed record ComparisonFigure : IFigure
{
    /// <inheritdoc/>
    public required string Name { get; init; }

    /// <inheritdoc/>
    public required string Caption { get; init; }

    /// <summary>Above the frame.</summary>
    public required string Title { get; init; }

    /// <summary>Along the axis.</summary>
    public required string Quantity { get; init; }

    /// <summary>Variants from top to bottom: label, value and interval if there is one.</summary>
    public required IReadOnlyList<(string Label, double Value, Interval? Interval)> Rows { get; init; }

    /// <inheritdoc/>
    public void Save(string folder)
    {
        var plot = FigureStyle.New(Title, Quantity, "");
        for (int i = 0; i < Rows.Count; i++)
        {
            if (Rows[i].Interval is { } interval)
                plot.Line([new(interval.Low, -i), new(interval.High, -i)], FigureStyle.Colour(i), 2);
            plot.Points([new Coordinates(Rows[i].Value, -i)], FigureStyle.Colour(i), 9);
        }

        plot.Axes.Left.SetTicks([.. Rows.Select((_, i) => (double)-i)], [.. Rows.Select(row => row.Label)]);
        plot.Axes.Left.MajorTickStyle.Length = 0;
        plot.Axes.SetLimitsY(-Rows.Count + 0.4, 0.6);
        plot.Grid.YAxisStyle.IsVisible = false;
        FigureFiles.Save(plot, folder, Name, Math.Max(220, 130 + 34 * Rows.Count));
    }
}
