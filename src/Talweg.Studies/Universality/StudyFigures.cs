using Talweg.Studies.Figures;
using Talweg.Studies.Findings;

namespace Talweg.Studies.Universality;

/// <summary>The study's figures.</summary>
internal static class StudyFigures
{
    public static IReadOnlyList<IFigure> Of(IReadOnlyList<LayerGroup> groups) =>
    [
        new SmallMultiplesFigure
        {
            Name = "fig-s3-variance-flatness",
            Title = "Variance against flatness in every layer",
            Caption = "A point a mode, modes 2 to 200 of the first seed; the line where a power law fits. In every panel the weights should move least where the landscape is flattest.",
            X = "flatness Fᵢ",
            Y = "variance σᵢ²",
            Panels = [.. groups.Select(Panel)],
        },
        new RankCorrelationFigure
        {
            Name = "fig-rank-correlations",
            Title = "The relation in every layer",
            Caption = "Spearman's correlation of variance and flatness with 95% intervals; the claim holds left of 0. Grey: the recorded steps in another order within each epoch.",
            Quantity = "Spearman(σ², F)",
            Rows = [.. groups.Select(group => (Short(group), group.RankCorrelation.Value, group.RankCorrelation.HasInterval ? group.RankCorrelation.Interval : null, group.RankCorrelation.Nulls[^1].Value))],
        },
        new CurvesFigure
        {
            Name = "fig-learning",
            Title = "Training of every case",
            Caption = "Training loss against epochs, first seed. The window follows zero training error.",
            X = "epoch",
            Y = "training loss (nats per example)",
            LogY = true,
            Series = [.. groups.DistinctBy(group => group.First.Cell.Case).Select((group, i) => new Series(Loss(group.First), SeriesStyle.Line, i))],
        },
    ];

    private static string Short(LayerGroup group) => $"{group.First.Cell.Definition.Label}, layer {group.First.Layer.Layer}";

    private static (Curve Points, FittedLine? Fit) Panel(LayerGroup group)
    {
        var points = group.First.Points;
        var law = group.Exponent is null ? null : group.First.Law;
        double[] flatness = [.. points.Select(mode => mode.Flatness!.Value)];
        return (new($"{group.First.Cell.Definition.Label}\nlayer {group.First.Layer.Layer}", flatness, [.. points.Select(mode => mode.Variance)]),
            law is null ? null : new(law.Exponent, law.LogPrefactor, flatness.Min(), flatness.Max(), $"ψ = {NumberText.Of(-law.Exponent)}"));
    }

    private static Curve Loss(MeasuredLayer layer) =>
        new(layer.Cell.Definition.Label, [.. layer.Result.Epochs.Select(epoch => (double)epoch.Epoch)], [.. layer.Result.Epochs.Select(epoch => epoch.TrainLoss)]);
}
