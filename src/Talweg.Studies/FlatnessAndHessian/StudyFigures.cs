using Talweg.Studies.Figures;

namespace Talweg.Studies.FlatnessAndHessian;

/// <summary>The study's figures, from the first cell of each activation.</summary>
internal static class StudyFigures
{
    public static IEnumerable<IFigure> Of(IReadOnlyList<MeasuredCell> cells)
    {
        foreach (var cell in cells.GroupBy(cell => cell.Cell.Activation).Select(group => group.First()))
        {
            yield return Relation(cell);
            yield return Spectrum(cell);
        }
    }

    private static CurvesFigure Relation(MeasuredCell cell)
    {
        var kinds = new List<Series>();
        void Points(string label, IEnumerable<DirectionRow> rows, int colour, Func<DirectionRow, double> curvature)
        {
            DirectionRow[] shown = [.. rows.Where(row => row.Flatness is not null && curvature(row) > 0)];
            if (shown.Length > 0)
                kinds.Add(new(new(label, [.. shown.Select(curvature)], [.. shown.Select(row => row.Flatness!.Value)]), SeriesStyle.Points, colour));
        }

        Points("modes", cell.Of(DirectionRow.Mode), 0, row => row.Curvature);
        Points("random", cell.Of(DirectionRow.Random), 2, row => row.Curvature);
        Points("top eigenvectors", cell.Of(DirectionRow.Top), 1, row => row.Curvature);
        Points("vanishing", cell.Of(DirectionRow.Flat), 4, row => Math.Abs(row.Curvature));
        Points("negative, |p·Hp|", cell.Of(DirectionRow.Bottom).Concat(cell.Of(DirectionRow.Mode)).Where(cell.IsNegative), 3, row => -row.Curvature);
        double[] all = [.. kinds.SelectMany(series => series.Curve.X)];
        double[] line = all.Length == 0 ? [] : [Math.Max(all.Min(), cell.Result.Vanishing), all.Max()];
        return new()
        {
            Name = $"fig-flatness-curvature-{File(cell)}",
            Title = $"Flatness against curvature, {cell.Cell.Activation}",
            X = "curvature p·Hp",
            Y = "flatness F",
            LogX = true,
            LogY = true,
            Caption = "Flatness against the Hessian's curvature along the same direction: one point a direction, none where F is open. The lines are what a parabola of L and one of ln L give, down to the curvature at which the former would leave the search.",
            Series =
            [
                .. kinds,
                new(new("parabola of L", line, [.. line.Select(cell.Parabola)]), SeriesStyle.Line, 7),
                new(new("parabola of ln L", line, [.. line.Select(cell.LogParabola)]), SeriesStyle.Line, 8),
            ],
        };
    }

    private static CurvesFigure Spectrum(MeasuredCell cell)
    {
        var spectrum = cell.Result.Spectrum;
        double[] ranks = [.. Enumerable.Range(1, spectrum.Count).Select(i => (double)i)];
        var modes = cell.Of(DirectionRow.Mode);
        double rounding = MeasuredCell.Rounding * spectrum[0];
        int[] positive = [.. Enumerable.Range(0, spectrum.Count).Where(i => spectrum[i] > rounding)];
        int[] negative = [.. Enumerable.Range(0, spectrum.Count).Where(i => spectrum[i] < -rounding)];
        return new()
        {
            Name = $"fig-spectrum-{File(cell)}",
            Title = $"The Hessian's spectrum and SGD's modes, {cell.Cell.Activation}",
            X = "rank",
            Y = "curvature",
            LogX = true,
            LogY = true,
            Caption = "Eigenvalues of the layer's Hessian in their order, and the curvature along SGD's modes in the order of their variance. Negative eigenvalues are drawn by their magnitude; what is below 1e-12 of the largest is rounding and is left out.",
            Series =
            [
                new(new("modes", [.. modes.Select(row => (double)row.Rank)], [.. modes.Select(row => row.Curvature)]), SeriesStyle.Points, 0),
                new(new("eigenvalues", [.. positive.Select(i => ranks[i])], [.. positive.Select(i => spectrum[i])]), SeriesStyle.Line, 1),
                .. negative.Length == 0 ? Array.Empty<Series>() : [new(new("−eigenvalues", [.. negative.Select(i => ranks[i])], [.. negative.Select(i => -spectrum[i])]), SeriesStyle.Line, 3)],
            ],
        };
    }

    private static string File(MeasuredCell cell) => cell.Cell.Activation.ToLowerInvariant();
}
