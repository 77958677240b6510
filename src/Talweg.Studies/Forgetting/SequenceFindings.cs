using Talweg.Studies.Findings;

namespace Talweg.Studies.Forgetting;

/// <summary>FT-19: harder sequences, at every stop of the last task.</summary>
internal static class SequenceFindings
{
    public static Finding Of(IReadOnlyList<Reading> sequences) => new()
    {
        Id = "FT-19",
        Claim = "LDC keeps its advantage on harder sequences: five digits then five, animals then objects of CIFAR-10, and (ours) five tasks of two digits in a row.",
        Estimator = "Mean test error over all tasks, each method at the λ that validation chose at the stop, from as many; differences paired by seed, LDC ahead where they lie below 0; a λ at the edge of what was tried in any seed decides nothing. At every stop of the last task, which is one training; tasks between the first "
            + "and the last are learned for as long as the last is at its longest stop, at the same learning rate. All classes of these data are in a task, so that both readings of the pretraining are one. The claim as a whole holds only if it does at every stop.",
        Published = "LDC ahead of EWC and of none",
        Measurements = [.. sequences.SelectMany(sequence => sequence.Stops.SelectMany(at => (Measurement[])
        [
            Difference(sequence, at.Ladder, at.Stop, MethodFamily.Elastic, "EWC, exact Fisher"),
            Difference(sequence, at.Ladder, at.Stop, MethodFamily.None, "none"),
        ]))],
        Notes = [.. sequences.SelectMany(sequence => sequence.Cell.Ladders.Select(ladder => Summary(sequence, ladder))), .. sequences.Where(sequence => sequence.Cell.StopErrors.Count == 0).Select(sequence =>
            $"{sequence.Name}: no training brings the last task's error to a few hundredths, so that stops by error are left out.")],
    };

    /// <summary>The sequence in words.</summary>
    public static string Label(ForgettingCell cell) => SequenceCase.All.FirstOrDefault(known => known.Name == cell.Sequence)?.Label ?? cell.Tasks;

    private static Measurement Difference(Reading sequence, Ladder ladder, string stop, string rival, string label)
    {
        var difference = sequence.Measure(ladder, stop, $"LDC minus {label}", Bands.Ahead, cell => cell.BestError(MethodFamily.Landscape) - cell.BestError(rival));
        string[] chosen = rival == MethodFamily.None ? [MethodFamily.Landscape] : [MethodFamily.Landscape, rival];
        return sequence.At(ladder, stop).Any(cell => chosen.Any(cell.BestIsAtEdge)) ? difference with { UndecidedBecause = Reading.AtTheEdge } : difference;
    }

    private static string Summary(Reading sequence, Ladder ladder)
    {
        var cells = sequence.At(ladder, ladder.Last);
        string Of(string method) => PairNotes.Percent(cells, cell => cell.BestError(method));
        return $"{sequence.Course(ladder)}, {ladder.Last} ({sequence.Cells[0].Result.Weights} weights, {sequence.Cells.Count} seeds): mean error {Of(MethodFamily.None)} with none, "
            + string.Join(", ", MethodFamily.On(ladder, sequence.Cell).Select(family => $"{Of(family.Name)} with {family.Label}")) + ".";
    }
}
