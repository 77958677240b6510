using MathNet.Numerics.Statistics;
using Talweg.Studies.Findings;

namespace Talweg.Studies.Forgetting;

/// <summary>What the findings of the pair say besides their measurements.</summary>
internal static class PairNotes
{
    /// <summary>FT-15: errors, and q/ξ, at every stop.</summary>
    public static IEnumerable<string> Stops(Reading reading) => reading.Stops.Select(at =>
    {
        var cells = reading.At(at.Ladder, at.Stop);
        string Q(double share) => Text(cells, c => c.Reach(mode => mode.Constrained, share));
        string Iterations(Func<CellAtStop, RunRow> run) => NumberText.Of(Math.Round(CellValues.Mean(cells, c => run(c).Reached ? run(c).Iteration : double.NaN)));
        return $"{reading.Course(at.Ladder)}, {at.Stop}: with constraints ε₁ {Percent(cells, c => c.Constrained.First)}, ε₂ {Percent(cells, c => c.Constrained.Last)} after {Iterations(c => c.Constrained)} iterations; "
            + $"without ε₁ {Percent(cells, c => c.Free.First)}, ε₂ {Percent(cells, c => c.Free.Last)} after {Iterations(c => c.Free)}. q/ξ with them: median {Q(0.5)}, 90% of the modes below {Q(0.9)}, largest {Q(1)}; "
            + $"without: median {Text(cells, c => c.Reach(mode => mode.Free, 0.5))}.";
    });

    /// <summary>FT-15: what an explicit step bears.</summary>
    public static string Stability(Reading reading)
    {
        double[] least = [.. reading.Cells.Select(cell => cell.Result.LeastFlatness)];
        string Limits() => string.Join(", ", reading.Cell.Ladders.Select(ladder => $"{NumberText.Of(least.Min() * least.Min() / ladder.LearningRate)} at {ladder.Name}"));
        return $"{reading.Name}: the steepest mode has F = {NumberText.Of(least.Min())} to {NumberText.Of(least.Max())}: steps along the gradient of the penalty itself are stable only for λ < F²/α, {Limits()}; followed implicitly the same minimum is reached at any λ.";
    }

    /// <summary>FT-15: what is forgotten is which task an image belongs to.</summary>
    public static string OwnClasses(Reading reading)
    {
        var ladder = reading.Cell.Ladders[0];
        var cells = reading.At(ladder, ladder.Last);
        return $"{reading.Course(ladder)}, {ladder.Last}: if only a task's own classes compete, the mean error of both tasks is {Percent(cells, c => c.Free.Own)} without constraints and {Percent(cells, c => c.Constrained.Own)} with them.";
    }

    /// <summary>FT-16: every method at a ladder's last stop.</summary>
    public static IEnumerable<string> Methods(Reading reading, Ladder ladder)
    {
        var cells = reading.At(ladder, ladder.Last);
        string where = $"{reading.Course(ladder)}, {ladder.Last}";
        foreach (var family in MethodFamily.On(ladder, reading.Cell))
        {
            yield return $"{where}: {family.Label}: hypervolume {Text(cells, c => c.Volume(family.Name))}; at the λ that validation chose (median {NumberText.Of(cells.Select(c => c.Best(family.Name)?.Lambda ?? double.NaN).Median())}) "
                + $"ε₁ {Percent(cells, c => c.Best(family.Name)?.First ?? double.NaN)}, ε₂ {Percent(cells, c => c.Best(family.Name)?.Last ?? double.NaN)}{Diverged(cells, family.Name)}.";
        }

        var difference = Reading.Mean("", Band.Any, cells, c => TunedSum(c, MethodFamily.Landscape) - TunedSum(c, MethodFamily.Elastic));
        var (value, interval) = NumberText.Of(difference.Value, difference.Interval);
        yield return $"{where}: with N_c chosen by validation after λ, from as many for both, ε₁ + ε₂ is {Text(cells, c => TunedSum(c, MethodFamily.Landscape))} with LDC and {Text(cells, c => TunedSum(c, MethodFamily.Elastic))} with EWC (exact Fisher): "
            + $"LDC minus EWC {value} {interval}.";
    }

    /// <summary>FT-17: the best N_c at every stop, what was tried, and random directions.</summary>
    public static IEnumerable<string> Counts(Reading reading)
    {
        foreach (var ladder in reading.Cell.Ladders)
        {
            yield return $"{reading.Course(ladder)}: LDC's best N_c, one a seed: {string.Join("; ", ladder.Stops.Select(stop => $"{string.Join(", ", reading.At(ladder, stop).Select(Best))} at {stop}"))}. All modes there are: "
                + $"{string.Join(", ", reading.Cells.Select(cell => cell.Result.Modes).Distinct())} of {reading.Cells[0].Result.Weights}, since a window of T iterations has T modes at most (T = {string.Join(", ", reading.Cells.Select(cell => cell.Result.Window).Distinct())}).";
            var cells = reading.At(ladder, ladder.Last);
            int modes = reading.Cell.Modes;
            yield return $"{reading.Course(ladder)}, {ladder.Last}: as many random directions as modes, with the modes' flatness: ε₁ + ε₂ {Text(cells, c => c.RandomSum)}, against {Text(cells, c => c.Sum(MethodFamily.Landscape, modes))} with the modes and "
                + $"{Text(cells, c => CellAtStop.Sum(c.Free))} with none.";
        }

        static string Best(CellAtStop cell) => cell.BestCount is { } count ? $"{count}{(cell.BestCountIsAtEdge ? " (the edge)" : "")}" : "none";
    }

    /// <summary>FT-18: where explicit steps do not bear a flatness that was estimated.</summary>
    public static IEnumerable<string> Exponents(Reading reading) =>
        from ladder in reading.Cell.Ladders
        from psi in (double[])[0, 2, 3, 4, 5]
        let diverged = reading.At(ladder, ladder.Last).Count(cell => cell.PsiDiverged(psi))
        where diverged > 0
        select $"{reading.Course(ladder)}: with {(psi == 0 ? "measured flatness" : $"ψ = {psi}")} {diverged} of {reading.Cells.Count} trainings diverged: the least flatness is so small that these steps do not bear λ = {NumberText.Of(reading.Cell.Lambda)}.";

    internal static string Text<TCell>(IEnumerable<TCell> cells, Func<TCell, double> value) => NumberText.Of(CellValues.Mean(cells, value));

    internal static string Percent<TCell>(IEnumerable<TCell> cells, Func<TCell, double> value)
    {
        double mean = CellValues.Mean(cells, value);
        return double.IsNaN(mean) ? "undefined" : $"{NumberText.Of(100 * mean)}%";
    }

    private static double TunedSum(CellAtStop cell, string method) => cell.Tuned(method) is { } run ? CellAtStop.Sum(run) : double.NaN;

    private static string Diverged(IReadOnlyList<CellAtStop> cells, string method)
    {
        int diverged = cells.Sum(cell => cell.Tried(method).Count(run => run.Outcome == "diverged"));
        return diverged == 0 ? "" : $"; {diverged} of {cells.Count * cells[0].Cell.GridPoints} runs diverged and are left out";
    }
}
