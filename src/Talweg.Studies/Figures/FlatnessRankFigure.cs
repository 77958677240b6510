namespace Talweg.Studies.Figures;

/// <summary>Flatness of the modes against their rank: Feng and Tu 2020, Figure 2C.</summary>
public sealed record FlatnessRankFigure : IFigure
{
    /// <inheritdoc/>
    public string Name { get; init; } = "fig-2c-flatness-rank";

    /// <inheritdoc/>
    public string Caption { get; init; } = "Flatness of the loss along each mode. Beyond the first few it grows with the rank: the modes that move least lie in the widest valleys.";

    /// <summary>Ranks i, where the flatness is defined.</summary>
    public required IReadOnlyList<double> Ranks { get; init; }

    /// <summary>Fᵢ, as many.</summary>
    public required IReadOnlyList<double> Flatness { get; init; }

    /// <inheritdoc/>
    public void Save(string folder)
    {
        var plot = FigureStyle.New("Flatness grows with rank", "rank i", "flatness Fᵢ");
        plot.Points(Ranks.With(Flatness).LogLog(), FigureStyle.Main, 4.5f);
        plot.Axes.Bottom.IsLog();
        plot.Axes.Left.IsLog();
        FigureFiles.Save(plot, folder, Name);
    }
}
