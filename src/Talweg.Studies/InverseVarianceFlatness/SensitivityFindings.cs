using Talweg.Studies.Findings;
using Talweg.Training;

namespace Talweg.Studies.InverseVarianceFlatness;

/// <summary>Our own: how much ψ depends on choices that the papers leave open. Each is the change of ψ against the reference.</summary>
internal static class SensitivityFindings
{
    /// <summary>What a variation changes ψ to, for the figure.</summary>
    public sealed record Variation(string Label, Measurement Shift, double Psi);

    private const string SameModes = "ψ of the same modes and runs under the variation, minus ψ of the reference (2 ≤ i ≤ 200, least squares, level e, w₀ the window's last weights).";

    public static IEnumerable<(Finding Finding, IReadOnlyList<Variation> Variations)> Of(CellGroup reference, IReadOnlyList<MeasuredCell> variants)
    {
        yield return Make("TW-1", "ψ does not depend on the modes fitted or the estimator.", SameModes, reference, [
            Range(reference, "modes 20–200", 20, 200, theilSen: false),
            Range(reference, "modes 2–1000", 2, 1000, theilSen: false),
            Range(reference, "Theil–Sen", 2, 200, theilSen: true),
        ]);
        yield return Make("TW-2", "ψ does not depend on whether w₀ is the window's last or mean weights.", SameModes, reference, [AroundMean(reference)]);
        yield return Make("TW-3", "ψ does not depend on when the window starts.", "ψ of the window one window earlier and one later, minus ψ of the middle window.", reference, [
            Window(reference, "window starts 1 window earlier", 0),
            Window(reference, "window starts 1 window later", CellMeasurement.Windows - 1),
        ]);
        foreach (var (id, claim, label, fits) in new (string, string, string, Func<VarianceFlatnessCell, bool>)[]
        {
            ("TW-4", "ψ does not depend on the scaling of the inputs.", "standardised inputs", cell => cell.Standardised),
            ("TW-5", "ψ does not depend on whether minibatches are drawn with replacement.", "with replacement", cell => cell.Drawing == Drawing.WithReplacement),
        })
        {
            MeasuredCell[] cells = [.. variants.Where(cell => fits(cell.Cell))];
            if (cells.Length > 0)
                yield return Make(id, claim, "ψ of cells that differ in this only, minus ψ of the reference cell of the same seed.", reference, [Variant(reference, label, cells)]);
        }
    }

    private static (Finding, IReadOnlyList<Variation>) Make(string id, string claim, string estimator, CellGroup reference, IReadOnlyList<Variation> variations)
    {
        var finding = new Finding
        {
            Id = id,
            Claim = claim,
            Estimator = estimator + " The band is ours: a tenth of the published 4.",
            Published = "not published",
            Measurements = [.. variations.Select(variation => variation.Shift)],
            Notes = [$"Reference ψ = {NumberText.Of(reference.Mean(cell => Estimators.Psi(cell.Modes)))}; {string.Join("; ", variations.Select(v => $"{v.Label}: {NumberText.Of(v.Psi)}"))}."],
        };
        return (finding, variations);
    }

    private static Variation Range(CellGroup reference, string label, int first, int last, bool theilSen)
    {
        double Psi(ModeTable modes) => Estimators.Psi(modes.Flatness, Estimators.Nullable(modes.Variance), first, last, theilSen);
        double Shift(ModeTable modes) => Psi(modes) - Estimators.Psi(modes);
        bool IsReference(ModeTable modes) => !theilSen
            && Estimators.Ranks(modes.Flatness, Estimators.Nullable(modes.Variance), first, last).SequenceEqual(Estimators.Ranks(modes.Flatness, Estimators.Nullable(modes.Variance)));
        var shift = reference.MeasureCells(
            Name(label), Bands.SamePsi, cell => Shift(cell.Modes), cell => ModeJackknife.Of(cell, Math.Max(last, 200), keep => Shift(keep(cell.Modes))));
        int left = reference.Cells.Sum(cell => Math.Max(0, Math.Min(last, cell.Modes.Count) - cell.Modes.OpenSides.Count(sides => sides is not null)));
        string itself = reference.Estimating.Any(cell => IsReference(cell.Modes)) ? "the same modes as the reference fits, so that a fit is compared with itself" : "";
        return new(label, shift with { LeftOut = left, LeftOutReason = "modes beyond those measured", UndecidedBecause = itself }, reference.Mean(cell => Psi(cell.Modes)));
    }

    private static Variation AroundMean(CellGroup reference)
    {
        double Psi(ModeTable modes) => Estimators.Psi(modes.FlatnessAroundMean, Estimators.Nullable(modes.Variance));
        double Shift(ModeTable modes) => Psi(modes) - Estimators.Psi(modes);
        var shift = reference.MeasureCells(Name("mean weights"), Bands.SamePsi, cell => Shift(cell.Modes), cell => ModeJackknife.Of(cell, 200, keep => Shift(keep(cell.Modes))));
        return new("w₀ = mean weights", shift, reference.Mean(cell => Psi(cell.Modes)));
    }

    private static Variation Window(CellGroup reference, string label, int window)
    {
        double Shift(MeasuredCell cell, Func<ModeTable, ModeTable> keep) => Estimators.Psi(keep(cell.Windows[window])) - Estimators.Psi(keep(cell.Modes));
        var shift = reference.MeasureCells(
            Name(label), Bands.SamePsi, cell => Shift(cell, modes => modes), cell => ModeJackknife.Of(cell, 200, keep => Shift(cell, keep)));
        return new(label, shift, reference.Mean(cell => Estimators.Psi(cell.Windows[window])));
    }

    private static Variation Variant(CellGroup reference, string label, MeasuredCell[] cells)
    {
        var paired = new CellGroup([.. cells.Where(cell => Twin(cell) is not null)]);
        MeasuredCell? Twin(MeasuredCell cell) => reference.Cells.FirstOrDefault(other => other.Cell.Seed == cell.Cell.Seed);
        var shift = paired.MeasureCells(Name(label), Bands.SamePsi, cell => Estimators.Psi(cell.Modes) - Estimators.Psi(Twin(cell)!.Modes));
        return new(label, shift, paired.Mean(cell => Estimators.Psi(cell.Modes)));
    }

    private static string Name(string label) => $"change of ψ, {label}";
}
