using ScottPlot;

namespace Talweg.Studies.Figures;

/// <summary>Share of the variance in modes 2 to n: Feng and Tu 2020, Figure 1B.</summary>
public sealed record CumulativeVarianceFigure : IFigure
{
    /// <inheritdoc/>
    public string Name { get; init; } = "fig-1b-cumulative-variance";

    /// <inheritdoc/>
    public string Caption { get; init; } = "Share of the variance, without the first mode, that lies in modes 2 to n. Few of all modes carry 90% of it.";

    /// <summary>σ²ᵢ, i = 1, 2, …, in descending order.</summary>
    public required IReadOnlyList<double> Variances { get; init; }

    /// <summary>The rank n at which modes 2 to n reach 90%, to be marked; null for no mark.</summary>
    public int? Reached { get; init; }

    /// <inheritdoc/>
    public void Save(string folder)
    {
        var plot = FigureStyle.New("Cumulative variance without mode 1", "modes 2 … n", "share of the variance");
        var (shares, total) = (new List<Coordinates>(), Variances.Skip(1).Sum());
        double sum = 0;
        for (int i = 1; i < Variances.Count; i++)
            shares.Add(new(Math.Log10(i + 1), (sum += Variances[i]) / total));
        plot.Line([new(shares.FirstOrDefault().X, 0.9), new(shares.LastOrDefault().X, 0.9)], FigureStyle.Faint, 1.5f);
        plot.Line(shares, FigureStyle.Main, 2.5f);
        if (Reached is { } n and > 1)
        {
            plot.Points([new(Math.Log10(n), 0.9)], FigureStyle.Fit, 11);
            plot.Write($"90% in modes 2 to {n}", Math.Log10(n) + 0.06, 0.87, Alignment.UpperLeft, FigureStyle.Fit);
        }
        plot.Axes.SetLimitsY(0, 1.04);
        plot.Axes.Bottom.IsLog();
        FigureFiles.Save(plot, folder, Name);
    }
}
