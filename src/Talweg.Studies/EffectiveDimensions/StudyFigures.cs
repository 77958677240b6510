using Talweg.Studies.Figures;
using Talweg.Studies.Findings;
using Talweg.Studies.Running;

namespace Talweg.Studies.EffectiveDimensions;

/// <summary>The study's figures: the spectra of the first seed, the dimensions of all.</summary>
internal static class StudyFigures
{
    public static IEnumerable<IFigure> Of(IReadOnlyList<MeasuredCell> cells)
    {
        MeasuredCell[] first = [.. cells.Where(cell => cell.Cell.Seed == cells.Min(other => other.Cell.Seed)).OrderBy(cell => cell.Cell.Width)];
        yield return Spectra("fig-6a-flatness-spectra", "Flatness of the modes", "rank i", "flatness Fᵢ",
            "Flatness along the principal modes, for each width of the hidden layers: Feng and Tu 2021, Figure 6A. Only modes with both sides closed.", first, (_, row) => row.Rank, (_, flatness) => flatness);
        yield return Spectra("fig-6a-flatness-over-norm", "Flatness against the solution's length", "rank i", "Fᵢ/‖w₀‖",
            "The same in units of ‖w₀‖: modes below 1 (line) are sharp, and D_s is their number.", first, (_, row) => row.Rank, (cell, flatness) => flatness / cell.Result.Norm, threshold: 1);
        yield return Spectra("fig-6a-flatness-against-share", "Flatness against the share of modes", "i/N", "flatness Fᵢ",
            "The same against the rank over the number of weights: the wider the network, the smaller the share of narrow valleys.", first, (cell, row) => (double)row.Rank / cell.Weights, (_, flatness) => flatness);
        yield return Dimensions(cells, first);
    }

    private static CurvesFigure Spectra(
        string name, string title, string x, string y, string caption, MeasuredCell[] cells, Func<MeasuredCell, ModeRow, double> at, Func<MeasuredCell, double, double> value, double? threshold = null)
    {
        var series = cells.Select((cell, i) =>
        {
            ModeRow[] rows = [.. cell.Modes.Where(row => row.Flatness is not null)];
            return new Series(new($"W = {cell.Cell.Width}", [.. rows.Select(row => at(cell, row))], [.. rows.Select(row => value(cell, row.Flatness!.Value))]), SeriesStyle.Points, i);
        });
        int last = cells.Max(cell => cell.Modes.Where(row => row.Measured == 1).Max(row => row.Rank));
        Series[] line = threshold is { } level ? [new(new("", [1, last], [level, level]), SeriesStyle.Thin, cells.Length)] : [];
        return new() { Name = name, Title = title, X = x, Y = y, Caption = caption, LogX = true, LogY = true, Series = [.. line, .. series] };
    }

    private static CurvesFigure Dimensions(IReadOnlyList<MeasuredCell> cells, MeasuredCell[] first)
    {
        (string Label, Func<MeasuredCell, double> Of, Func<MeasuredCell, double> OfNull)[] dimensions = [
            ("D_s", cell => cell.EffectiveValue, cell => cell.EffectiveOfNull(NullWindows.Names[0]).Value),
            ("D_L at 90%", cell => cell.Learning(0.9), cell => cell.LearningOfNull(NullWindows.Names[0], 0.9)),
            ("D_L at 99%", cell => cell.Learning(0.99), cell => cell.LearningOfNull(NullWindows.Names[0], 0.99)),
        ];
        double[] widths = [.. first.Select(cell => (double)cell.Cell.Width)];
        return new()
        {
            Name = "fig-6b-dimensions",
            Title = "Dimensions of the solution",
            X = "width W",
            Y = "dimension",
            Caption = "Effective dimension D_s and learning dimension D_L of the middle layer against its width: Feng and Tu 2021, Figure 6B. Points: all seeds, with the first seed's line. Pale: the isotropic random walk of the first seed, in the same colours.",
            LogX = true,
            LogY = true,
            Series = [.. dimensions.SelectMany((dimension, colour) =>
            {
                var fit = DimensionFindings.Fit(first, dimension.Of);
                return new Series[]
                {
                    new(new("", widths, [.. first.Select(dimension.OfNull)]), SeriesStyle.Thin, colour),
                    new(new(dimension.Label, [.. cells.Select(cell => (double)cell.Cell.Width)], [.. cells.Select(dimension.Of)]), SeriesStyle.Points, colour,
                        fit is null ? null : new(fit.Exponent, fit.LogPrefactor, widths.Min(), widths.Max(), $"slope {NumberText.Of(fit.Exponent, fit.Interval).Value}")),
                };
            })],
        };
    }
}
