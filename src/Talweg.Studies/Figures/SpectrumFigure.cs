namespace Talweg.Studies.Figures;

/// <summary>Variance σ²ᵢ of the principal modes against their rank: Feng and Tu 2020, Figure 1A.</summary>
public sealed record SpectrumFigure : IFigure
{
    /// <summary>Modes with less than the greatest variance over this are rounding errors, and are cut off.</summary>
    private const double LeastShare = 1e11;

    /// <inheritdoc/>
    public string Name { get; init; } = "fig-1a-spectrum";

    /// <inheritdoc/>
    public string Caption { get; init; } = "Variance of the weights along each principal mode. The first mode stands far above; after a few modes the variance falls as a power law (line, fitted between ranks 20 and 200). Grey: null surrogates.";

    /// <summary>σ²ᵢ, i = 1, 2, …, in descending order.</summary>
    public required IReadOnlyList<double> Variances { get; init; }

    /// <summary>The power law; null if none could be fitted.</summary>
    public FittedLine? Fit { get; init; }

    /// <summary>The spectra of null surrogates: label and σ²ᵢ.</summary>
    public IReadOnlyList<(string Label, IReadOnlyList<double> Variances)> Nulls { get; init; } = [];

    /// <inheritdoc/>
    public void Save(string folder)
    {
        var plot = FigureStyle.New("Variance spectrum", "rank i", "variance σᵢ²");
        for (int n = 0; n < Nulls.Count; n++)
            plot.Line(Ranked(Nulls[n].Variances), FigureStyle.Grey(n), 1.5f, Nulls[n].Label);
        plot.Points(Ranked(Variances), FigureStyle.Main, 4.5f, "SGD");
        if (Fit is not null)
            plot.Line(Fit.LogEnds, FigureStyle.Fit, 2.5f, Fit.Legend);
        double[] seen = [.. Variances.Concat(Nulls.SelectMany(n => n.Variances)).Where(v => v > 0 && double.IsFinite(v))];
        if (seen.Length > 0 && seen.Max() / seen.Min() > LeastShare)
            plot.Axes.SetLimitsY(Math.Log10(seen.Max() / LeastShare), Math.Log10(seen.Max()) + 0.5);
        plot.Axes.Bottom.IsLog();
        plot.Axes.Left.IsLog();
        FigureStyle.Legend(plot, ScottPlot.Alignment.LowerLeft);
        FigureFiles.Save(plot, folder, Name);
    }

    private static IEnumerable<ScottPlot.Coordinates> Ranked(IReadOnlyList<double> variances) =>
        variances.Select((v, i) => new ScottPlot.Coordinates(i + 1, v)).LogLog();
}
