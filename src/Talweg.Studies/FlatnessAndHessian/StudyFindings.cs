using Talweg.Statistics;
using Talweg.Studies.Findings;

namespace Talweg.Studies.FlatnessAndHessian;

/// <summary>What the cells say about flatness and the Hessian.</summary>
internal static class StudyFindings
{
    public static IEnumerable<Finding> Of(IReadOnlyList<MeasuredCell> cells)
    {
        var groups = cells.GroupBy(cell => cell.Cell.Activation).Select(group => (Name: group.Key, Cells: (IReadOnlyList<MeasuredCell>)[.. group])).ToArray();
        yield return Defined(groups);
        yield return Relation(groups);
        yield return Subspaces(groups);
    }

    private static Finding Defined((string Name, IReadOnlyList<MeasuredCell> Cells)[] groups) => new()
    {
        Id = "FT-10",
        Claim = "Flatness is not just the Hessian: F stays defined along directions whose curvature vanishes or is negative.",
        Estimator = "Share of directions along which the loss reaches e·L₀ on both sides within 10‖w₀‖. Curvature pᵀHp of the layer's exact Hessian; it vanishes where a parabola of that curvature would not reach the level within 10‖w₀‖: |pᵀHp| ≤ 2(e − 1)L₀/(10‖w₀‖)². Random directions are drawn within the span of all eigenvectors of vanishing curvature. Exact (Clopper–Pearson) intervals over the directions of all seeds, widened to Student's over seeds where that reaches further. The band is ours; the bottom eigenvectors of vanishing curvature joined after a first run on MNIST, because the claim would have held without them.",
        Published = "F is well defined even when the local curvature vanishes or becomes slightly negative",
        Measurements = [.. groups.SelectMany(group => (Measurement?[])
        [
            Share($"modes of vanishing or negative curvature, {group.Name}", group.Cells, cell => cell.Of(DirectionRow.Mode).Where(cell.IsFlat)),
            Share($"bottom eigenvectors of vanishing curvature, {group.Name}", group.Cells, cell => cell.Of(DirectionRow.Bottom).Where(row => cell.IsFlat(row) && !cell.IsNegative(row))),
            Share($"eigenvectors of negative curvature, {group.Name}", group.Cells, cell => cell.Of(DirectionRow.Bottom).Where(cell.IsNegative)),
            Share($"random directions of vanishing curvature, {group.Name}", group.Cells, cell => cell.Of(DirectionRow.Flat)),
        ]).OfType<Measurement>()],
        Notes = [.. groups.SelectMany(group => group.Cells).SelectMany(FlatNotes)],
    };

    private static Finding Relation((string Name, IReadOnlyList<MeasuredCell> Cells)[] groups) => new()
    {
        Id = "TW-6",
        Claim = "F falls as the curvature along SGD's modes rises, but the parabola that the Hessian draws does not give F.",
        Estimator = "Spearman's ρ of F and pᵀHp over all modes from the second on. R² = 1 − Σ(ln F − ln F_H)²/Σ(ln F − mean)² over modes 2 to 200, with F_H = 2√(2(e − 1)L₀/pᵀHp), F on a parabola of that curvature; nothing is fitted, so a constant factor counts as unexplained. The bands are ours.",
        Published = "related, but not the same: F contains nonlocal information",
        Measurements = [.. groups.SelectMany(group => (Measurement[])
        [
            CellValues.Measure($"ρ(F, pᵀHp), {group.Name}", Bands.Falling, group.Cells, cell => MeasuredCell.Rank(cell.Modes)),
            CellValues.Measure($"R² of ln F by the parabola, {group.Name}", Bands.BeyondParabola, group.Cells, cell => new Estimate(MeasuredCell.Explained(cell.FewModes, cell.Parabola), null, "")),
        ])],
        Notes = [.. groups.SelectMany(group => group.Cells).SelectMany(RelationNotes)],
    };

    private static Finding Subspaces((string Name, IReadOnlyList<MeasuredCell> Cells)[] groups) => new()
    {
        Id = "TW-7",
        Claim = "SGD moves most where the Hessian is steepest: the first modes and the Hessian's top eigenvectors span nearly the same subspace.",
        Estimator = "Σᵢⱼ (pᵢ·vⱼ)²/k over the first k modes and the k largest eigenvectors by Lanczos, k = 50 unless set: 1 for the same subspace, k/N for a random one. The band is ours.",
        Published = "not published",
        Measurements = [.. groups.Select(group => CellValues.Measure($"overlap, {group.Name}", Bands.Shared, group.Cells, cell => new Estimate(cell.Result.Overlap, null, "")) with
        {
            Nulls = [CellValues.Null("random directions", group.Cells.Select(cell => cell.Result.RandomOverlap))],
        })],
        Notes = [.. groups.SelectMany(group => group.Cells).Select(LanczosNote)],
    };

    /// <summary>The share of directions with F; null if no cell has such directions. Cells without any have no share and are left out.</summary>
    private static Measurement? Share(string name, IReadOnlyList<MeasuredCell> cells, Func<MeasuredCell, IEnumerable<DirectionRow>> directions)
    {
        MeasuredCell[] with = [.. cells.Where(cell => directions(cell).Any())];
        if (with.Length == 0)
            return null;
        return CellValues.Share($"share with F: {name}", Bands.Defined, [.. with.Select(cell => (directions(cell).Count(row => row.Flatness is not null), directions(cell).Count()))], "directions") with
        {
            LeftOut = cells.Count - with.Length,
            LeftOutReason = cells.Count == with.Length ? "" : "cells without such directions",
        };
    }

    private static IEnumerable<string> FlatNotes(MeasuredCell cell)
    {
        var spectrum = cell.Result.Spectrum;
        int negative = spectrum.Count(value => value < -MeasuredCell.Rounding * spectrum[0]);
        yield return $"{cell.Cell.Label}: L₀ = {NumberText.Of(cell.Result.Loss)}, ‖w₀‖ = {NumberText.Of(cell.Result.Norm)}, λ₁ = {NumberText.Of(spectrum[0])}, λ_N = {NumberText.Of(spectrum[^1])}; "
            + $"{negative} of {spectrum.Count} eigenvalues are negative, {spectrum.Count(value => Math.Abs(value) <= cell.Result.Vanishing)} vanish (at most {NumberText.Of(cell.Result.Vanishing)}).";
        (string Name, IEnumerable<DirectionRow> Rows)[] sets =
        [
            ("modes of vanishing or negative curvature", cell.Of(DirectionRow.Mode).Where(cell.IsFlat)),
            ("all modes", cell.Of(DirectionRow.Mode)),
            ("bottom eigenvectors", cell.Of(DirectionRow.Bottom)),
            ("those of them with negative curvature", cell.Of(DirectionRow.Bottom).Where(cell.IsNegative)),
            ("random directions of vanishing curvature", cell.Of(DirectionRow.Flat)),
            ("random directions", cell.Of(DirectionRow.Random)),
            ("top eigenvectors", cell.Of(DirectionRow.Top)),
        ];
        yield return $"{cell.Cell.Label}: {string.Join("; ", sets.Select(set => Values(set.Name, [.. set.Rows])))}.";
    }

    private static string Values(string name, DirectionRow[] rows)
    {
        double[] flatness = [.. rows.Where(row => row.Flatness is not null).Select(row => row.Flatness!.Value).Order()];
        return $"{name}: {flatness.Length} of {rows.Length} have F"
            + (flatness.Length == 0 ? "" : $", from {NumberText.Of(flatness[0])} to {NumberText.Of(flatness[^1])}, median {NumberText.Of(flatness[flatness.Length / 2])}");
    }

    private static IEnumerable<string> RelationNotes(MeasuredCell cell)
    {
        string Of(string name, IReadOnlyList<DirectionRow> rows) =>
            $"{name}: ρ = {NumberText.Of(MeasuredCell.Rank(rows).Value)}, R² = {NumberText.Of(MeasuredCell.Explained(rows, cell.Parabola))}, median F/F_H = {NumberText.Of(MeasuredCell.MedianRatio(rows, cell.Parabola))}";
        yield return $"{cell.Cell.Label}: {Of("modes 2 to 200", cell.FewModes)}; {Of("all modes from the second", cell.Modes)}; {Of("top eigenvectors", cell.Of(DirectionRow.Top))}; {Of("random directions", cell.Of(DirectionRow.Random))}.";
        yield return $"{cell.Cell.Label}: with the slope at w₀ in the parabola, modes 2 to 200: R² = {NumberText.Of(MeasuredCell.Explained(cell.FewModes, cell.ParabolaWithSlope))}, median F/F_H = {NumberText.Of(MeasuredCell.MedianRatio(cell.FewModes, cell.ParabolaWithSlope))}.";
        yield return $"{cell.Cell.Label}: a parabola of ln L instead, F = √(8L₀/pᵀHp), modes 2 to 200: R² = {NumberText.Of(MeasuredCell.Explained(cell.FewModes, cell.LogParabola))}, median F over it {NumberText.Of(MeasuredCell.MedianRatio(cell.FewModes, cell.LogParabola))}; "
            + $"all modes from the second: R² = {NumberText.Of(MeasuredCell.Explained(cell.Modes, cell.LogParabola))}, median {NumberText.Of(MeasuredCell.MedianRatio(cell.Modes, cell.LogParabola))}.";
        DirectionRow[] fitted = [.. cell.FewModes.Where(row => row.Flatness is not null && row.Curvature > 0)];
        if (fitted.Length >= 3)
        {
            var law = PowerLaw.LeastSquares([.. fitted.Select(row => row.Curvature)], [.. fitted.Select(row => row.Flatness!.Value)]);
            yield return $"{cell.Cell.Label}: F ~ (pᵀHp)^{NumberText.Of(law.Exponent)} over modes 2 to 200 (R² = {NumberText.Of(law.RSquared)}); on a parabola −0.5.";
        }
    }

    private static string LanczosNote(MeasuredCell cell)
    {
        var result = cell.Result;
        double difference = result.LanczosValues.Select((value, i) => Math.Abs(value / result.Spectrum[i] - 1)).Max();
        return $"{cell.Cell.Label}: overlap {NumberText.Of(result.Overlap)}, of random directions {NumberText.Of(result.RandomOverlap)}; Lanczos: {result.LanczosProducts} products, {result.LanczosEnding}, "
            + $"largest residual {NumberText.Of(result.LanczosResiduals.Max())}, eigenvalues within {NumberText.Of(difference)} of dense diagonalisation, relative.";
    }
}
