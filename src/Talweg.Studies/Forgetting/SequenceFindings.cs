using Talweg.Studies.Findings;

namespace Talweg.Studies.Forgetting;

/// <summary>FT-19: harder sequences.</summary>
internal static class SequenceFindings
{
    public static Finding Of(IReadOnlyList<IReadOnlyList<MeasuredCell>> sequences) => new()
    {
        Id = "FT-19",
        Claim = "LDC keeps its advantage on harder sequences: five digits then five, animals then objects of CIFAR-10, and (ours) five tasks of two digits in a row.",
        Estimator = "Mean test error over all tasks at the end, each method at the λ that validation chose from as many; differences paired by seed, LDC ahead where they lie below 0.",
        Published = "LDC ahead of EWC and of none",
        Measurements = [.. sequences.SelectMany(cells => (Measurement[])
        [
            Difference(cells, MethodFamily.Elastic, "EWC, exact Fisher"),
            Difference(cells, MethodFamily.None, "none"),
        ])],
        Notes = [.. sequences.Select(Summary)],
    };

    /// <summary>The sequence in words.</summary>
    public static string Label(ForgettingCell cell) => SequenceCase.All.FirstOrDefault(known => known.Name == cell.Sequence)?.Label ?? cell.Tasks;

    private static Measurement Difference(IReadOnlyList<MeasuredCell> cells, string rival, string label) => PairFindings.Mean(
        cells, $"{Label(cells[0].Cell)}: LDC minus {label}", Bands.NoLarger, cell => cell.Best(MethodFamily.Landscape).Test - cell.Best(rival).Test);

    private static string Summary(IReadOnlyList<MeasuredCell> cells)
    {
        string Of(string method) => PairFindings.Percent(cells, cell => cell.Best(method).Test);
        return $"{Label(cells[0].Cell)} ({cells[0].Result.Weights} weights, {cells.Count} seeds): mean error {Of(MethodFamily.None)} with none, "
            + string.Join(", ", MethodFamily.All(cells[0].Cell.Modes).Select(family => $"{Of(family.Name)} with {family.Label}")) + ".";
    }
}
