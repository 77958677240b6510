using ScottPlot;
using Talweg.Statistics;

namespace Talweg.Studies.Figures;

/// <summary>One correlation a row from −1 to 1, with its interval, beside what a null surrogate gives.</summary>
public sealed record RankCorrelationFigure : IFigure
{
    /// <inheritdoc/>
    public required string Name { get; init; }

    /// <inheritdoc/>
    public required string Caption { get; init; }

    /// <summary>Above the frame.</summary>
    public required string Title { get; init; }

    /// <summary>Along the axis.</summary>
    public required string Quantity { get; init; }

    /// <summary>Rows from top to bottom: label, value, interval if there is one, and the surrogate's value; NaN where undefined.</summary>
    public required IReadOnlyList<(string Label, double Value, Interval? Interval, double Null)> Rows { get; init; }

    /// <inheritdoc/>
    public void Save(string folder)
    {
        var plot = FigureStyle.New(Title, Quantity, "");
        plot.Mark(0, FigureStyle.Soft);
        plot.Points(Rows.Select((row, i) => new Coordinates(row.Null, -i - 0.18)), FigureStyle.Grey(1), 7, shape: MarkerShape.FilledDiamond);
        for (int i = 0; i < Rows.Count; i++)
        {
            if (Rows[i].Interval is { } interval)
                plot.Line([new(interval.Low, -i), new(interval.High, -i)], FigureStyle.Main, 2.4f);
            plot.Points([new Coordinates(Rows[i].Value, -i)], FigureStyle.Main, 9);
        }

        plot.Axes.Left.SetTicks([.. Rows.Select((_, i) => (double)-i)], [.. Rows.Select(row => row.Label)]);
        plot.Axes.Left.MajorTickStyle.Length = 0;
        plot.Axes.SetLimits(-1.06, 1.06, -Rows.Count + 0.4, 0.6);
        plot.Grid.YAxisStyle.IsVisible = false;
        FigureFiles.Save(plot, folder, Name, Math.Max(220, 130 + 30 * Rows.Count));
    }
}
