using ScottPlot;

namespace Talweg.Studies.Figures;

/// <summary>Loss and error against training time, with the change from learning to exploring: Feng and Tu 2020, Figure S1.</summary>
public sealed record LearningCurveFigure : IFigure
{
    /// <inheritdoc/>
    public string Name { get; init; } = "fig-s1-learning-curve";

    /// <inheritdoc/>
    public string Caption { get; init; } = "Training has a fast learning phase and a slow exploration phase; the upright line marks the change between them. Thick: loss (left). Thin: share of errors (right).";

    /// <summary>Epochs.</summary>
    public required IReadOnlyList<double> Epochs { get; init; }

    /// <summary>Training loss, nats per example.</summary>
    public required IReadOnlyList<double> TrainLoss { get; init; }

    /// <summary>Test loss; empty for none.</summary>
    public IReadOnlyList<double> TestLoss { get; init; } = [];

    /// <summary>Share of training examples misclassified, 0 to 1; empty for none.</summary>
    public IReadOnlyList<double> TrainError { get; init; } = [];

    /// <summary>Share of test examples misclassified; empty for none.</summary>
    public IReadOnlyList<double> TestError { get; init; } = [];

    /// <summary>The epoch of the change; null when none was found.</summary>
    public double? ChangePoint { get; init; }

    /// <inheritdoc/>
    public void Save(string folder)
    {
        var plot = FigureStyle.New("Two phases of learning", "epoch", "loss (nats per example)");
        Draw(plot, TrainLoss, FigureStyle.Colour(0), "training loss", error: false);
        Draw(plot, TestLoss, FigureStyle.Fit, "test loss", error: false);
        Draw(plot, TrainError, FigureStyle.Colour(0), "training error", error: true);
        Draw(plot, TestError, FigureStyle.Fit, "test error", error: true);
        if (TrainError.Count + TestError.Count > 0)
            RightAxis(plot);
        if (ChangePoint is { } epoch)
            plot.Mark(epoch, FigureStyle.Ink, $"change at epoch {epoch:0.#}");
        plot.Axes.Left.IsLog();
        FigureStyle.LegendBelow(plot);
        FigureFiles.Save(plot, folder, Name);
    }

    private void Draw(Plot plot, IReadOnlyList<double> values, Color colour, string legend, bool error)
    {
        if (values.Count == 0)
            return;
        var points = Epochs.With(values);
        var line = error
            ? plot.Line(points.Select(p => new Coordinates(p.X, 100 * p.Y)), colour.WithAlpha(.75), 1.1f, legend)
            : plot.Line(points.LogY(), colour, 2.2f, legend);
        if (error)
            line.Axes.YAxis = plot.Axes.Right;
    }

    private void RightAxis(Plot plot)
    {
        FigureStyle.Label(plot.Axes.Right.Label, "errors (%)", 14);
        plot.Axes.Right.FrameLineStyle.Width = 1;
        double most = TrainError.Concat(TestError).Where(double.IsFinite).DefaultIfEmpty(0.01).Max();
        plot.Axes.SetLimitsY(0, Math.Max(0.1, 108 * most), plot.Axes.Right);
    }
}
