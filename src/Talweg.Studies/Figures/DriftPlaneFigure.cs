using ScottPlot;

namespace Talweg.Studies.Figures;

/// <summary>The path of the weights in the plane of two modes, coloured by time: Feng and Tu 2020, Figures 1C and 1D.</summary>
public sealed record DriftPlaneFigure : IFigure
{
    private const int Pieces = 96;

    /// <inheritdoc/>
    public required string Name { get; init; }

    /// <inheritdoc/>
    public required string Caption { get; init; }

    /// <summary>The rank of the mode along x, and of that along y.</summary>
    public required (int X, int Y) Modes { get; init; }

    /// <summary>θ(t) along x, iteration by iteration or thinned.</summary>
    public required IReadOnlyList<double> X { get; init; }

    /// <summary>θ(t) along y, as many.</summary>
    public required IReadOnlyList<double> Y { get; init; }

    /// <summary>The window's length, in <see cref="TimeUnit"/>.</summary>
    public required double Duration { get; init; }

    /// <summary>What time is counted in.</summary>
    public string TimeUnit { get; init; } = "epochs";

    /// <inheritdoc/>
    public void Save(string folder)
    {
        var plot = FigureStyle.New($"Path in the plane of modes {Modes.X} and {Modes.Y}", $"θ{Subscript(Modes.X)}", $"θ{Subscript(Modes.Y)}");
        var points = X.With(Y).ToArray();
        int length = Math.Max(1, (points.Length + Pieces - 1) / Pieces);
        for (int start = 0; start + 1 < points.Length; start += length)
            plot.Line(points[start..Math.Min(points.Length, start + length + 1)], Colour((double)start / points.Length), 1.2f);
        var bar = plot.Add.ColorBar(new TimeColours(Duration));
        FigureStyle.Label(bar.LabelStyle, $"time ({TimeUnit})", 14);
        FigureFiles.Save(plot, folder, Name);
    }

    /// <summary>"₄₉".</summary>
    internal static string Subscript(int number) => string.Concat(number.ToString().Select(c => (char)('₀' + (c - '0'))));

    private static Color Colour(double fraction) => new ScottPlot.Colormaps.Viridis().GetColor(fraction);
}
