using Talweg.Statistics;
using Talweg.Studies.Findings;

namespace Talweg.Studies.Forgetting;

/// <summary>FT-15 to FT-18: two tasks, as in Figure 4 of the papers.</summary>
internal static class PairFindings
{
    private const int HighRanks = 20;

    /// <summary>ε₂ at which task 2 counts as learned, for a note.</summary>
    private const double LearnedFrom = 0.02;

    public static IEnumerable<Finding> Of(IReadOnlyList<MeasuredCell> cells)
    {
        yield return Stops(cells);
        yield return Beats(cells);
        yield return Few(cells);
        yield return Insensitive(cells);
    }

    private static Finding Stops(IReadOnlyList<MeasuredCell> cells)
    {
        var cell = cells[0].Cell;
        double lambda = cell.Lambda;
        string with = $"λ = {NumberText.Of(lambda)}, N_c = {cell.Modes}";
        return new()
        {
            Id = "FT-15",
            Claim = "Landscape-dependent constraints stop forgetting: the first task's error stays while the second is learned, and displacements along the first task's modes stay below 0.008 of their flatness.",
            Estimator = "Errors are shares of test samples, the largest of all outputs deciding. Rise: ε₁ after task 2 minus ε₁ before it. qᵢ = |(w₂ − w₁)·p₁ᵢ|, ξᵢ = 0.008 F₁ᵢ, medians over modes; F measured. "
                + "Springs are followed implicitly. Bands are ours: 'stays' is a rise of at most 0.02, 'comparable' within 0.01.",
            Published = "ε₁ stays; qᵢ ≲ ξᵢ",
            Measurements =
            [
                Mean(cells, "rise of ε₁ without constraints", Bands.Forgets, c => c.Rise(0)),
                Mean(cells, $"rise of ε₁ with {with}", Bands.Stays, c => c.Rise(lambda)),
                Mean(cells, "ε₂ with them minus ε₂ without", Bands.Comparable, c => c.Learned(lambda) - c.Learned(0)),
                Mean(cells, $"q/ξ without constraints, modes 1 to {HighRanks}", Bands.Beyond, c => c.Reach(mode => mode.Free, HighRanks)),
                Mean(cells, $"q/ξ with {with}, modes 1 to {cell.Modes}", Bands.Within, c => c.Reach(mode => mode.Constrained, cell.Modes)),
            ],
            Notes =
            [
                Stability(cells, lambda),
                OnTheWay(cells, lambda),
                $"If only a task's own classes compete, the mean error of both tasks is {Percent(cells, c => c.Runs.First(run => run.Experiment == "trade-off" && run.Method == MethodFamily.None).Own)} without constraints and "
                    + $"{Percent(cells, c => c.Runs.Single(run => run.Experiment == "psi" && run.Psi == 0).Own)} with them: what is forgotten is which task an image belongs to.",
            ],
        };
    }

    private static Finding Beats(IReadOnlyList<MeasuredCell> cells)
    {
        var families = MethodFamily.All(cells[0].Cell.Modes);
        Measurement Against(string rival) => Mean(
            cells, $"LDC minus {families.Single(family => family.Name == rival).Label}", Bands.Larger, c => c.Volume(MethodFamily.Landscape) - c.Volume(rival));
        return new()
        {
            Id = "FT-16",
            Claim = "LDC beats elastic weight consolidation: its trade-off curve between the errors of both tasks lies below.",
            Estimator = $"Hypervolume of each curve (ε₁, ε₂) over {cells[0].Cell.GridPoints} λs, the point without constraints included: the share of [0, 1]² that it is at least as good as. Differences paired by seed. One measurement a kind of Fisher "
                + "diagonal: the exact one (over the model's own labels), the empirical (over the data's), and squared gradients of minibatches. The λs were fixed before test data were looked at.",
            Published = "LDC's curve lies below",
            Measurements = [Against(MethodFamily.Elastic), Against(MethodFamily.ElasticEmpirical), Against(MethodFamily.ElasticMinibatch)],
            Notes =
            [
                .. families.Select(family => $"{family.Label}: hypervolume {Text(cells, c => c.Volume(family.Name))}; at the λ that validation chose (median {NumberText.Of(MathNet.Numerics.Statistics.Statistics.Median(cells.Select(c => c.Best(family.Name).Lambda)))}) "
                    + $"ε₁ {Percent(cells, c => c.Best(family.Name).First)}, ε₂ {Percent(cells, c => c.Best(family.Name).Last)}{Diverged(cells, family.Name)}."),
                Tuned(cells),
                $"Without any: ε₁ {Percent(cells, c => c.Best(MethodFamily.None).First)}, ε₂ {Percent(cells, c => c.Best(MethodFamily.None).Last)}.",
            ],
        };
    }

    private static Finding Few(IReadOnlyList<MeasuredCell> cells)
    {
        int modes = cells[0].Cell.Modes;
        return new()
        {
            Id = "FT-17",
            Claim = "Few modes carry the memory: ε₁ + ε₂ is least with about 200 of 2,500 modes constrained, while EWC needs all weights.",
            Estimator = "ε₁ + ε₂ against N_c at the λ that validation chose for N_c = " + $"{modes} (LDC) and all weights (EWC, exact Fisher, the largest first). Best N_c: of those tried, the one with the least sum, in decimal logarithms; near 200 is within a factor of four, ours. Differences paired by seed.",
            Published = "optimum near 200 of 2500; EWC needs all",
            PublishedValue = Math.Log10(200),
            Measurements =
            [
                Mean(cells, "log₁₀ of LDC's best N_c", Bands.NearTwoHundred, c => Math.Log10(Fewest(c, MethodFamily.Landscape).Count)),
                Mean(cells, $"LDC: {modes} modes minus all tried", Bands.NoLarger, c => Sum(c, MethodFamily.Landscape, modes) - MeasuredCell.Sum(c.Counts(MethodFamily.Landscape)[^1])),
                Mean(cells, $"EWC: all weights minus {modes}", Bands.NoLarger, c => MeasuredCell.Sum(c.Best(MethodFamily.Elastic)) - Sum(c, MethodFamily.Elastic, modes)),
            ],
            Notes =
            [
                $"Most modes tried: {string.Join(", ", cells.Select(c => c.Counts(MethodFamily.Landscape)[^1].Count).Distinct())} of {cells[0].Result.Weights}: a window of T iterations has T modes at most (T = {string.Join(", ", cells.Select(c => c.Result.Window).Distinct())}).",
                $"As many random directions as modes, with the modes' flatness: ε₁ + ε₂ {Text(cells, c => c.RandomSum)}, against {Text(cells, c => Sum(c, MethodFamily.Landscape, modes))} with the modes and {Text(cells, c => MeasuredCell.Sum(c.Best(MethodFamily.None)))} with none.",
            ],
        };
    }

    private static Finding Insensitive(IReadOnlyList<MeasuredCell> cells) => new()
    {
        Id = "FT-18",
        Claim = "LDC does not depend on the exact ψ: with flatness estimated from variances ε₁ + ε₂ is what it is with measured flatness.",
        Estimator = $"ε₁ + ε₂ with Fᵢ = (σ²ᵢ/c)^(−1/ψ), c such that the geometric mean is that of the measured F, minus ε₁ + ε₂ with the measured F, at λ = {NumberText.Of(cells[0].Cell.Lambda)} and N_c = {cells[0].Cell.Modes}; paired by seed. Insensitive means within 0.02, ours.",
        Published = "insensitive",
        Measurements = [.. ((double[])[2, 3, 4, 5]).Select(psi => Mean(cells, $"ψ = {psi}", Bands.Insensitive, c => c.Psi(psi) - c.Psi(0)))],
        Notes = [$"ε₁ + ε₂ with measured flatness: {Text(cells, c => c.Psi(0))}."],
    };

    /// <summary>What an explicit step would have done.</summary>
    private static string Stability(IReadOnlyList<MeasuredCell> cells, double lambda)
    {
        double[] least = [.. cells.Select(c => c.Modes.Min(mode => mode.Flatness) ?? double.NaN)];
        double stable = least.Min() * least.Min() / cells[0].Cell.LearningRate;
        return $"The steepest mode has F = {NumberText.Of(least.Min())} to {NumberText.Of(least.Max())}: steps along the gradient of the penalty itself are stable only for λ < F²/α = {NumberText.Of(stable)}"
            + (lambda < stable ? "." : $", so that the papers' λ would make the weights diverge; followed implicitly the same minimum is reached at any λ.");
    }

    /// <summary>Forgetting may come long after task 2 was learned: what a shorter training would have shown.</summary>
    private static string OnTheWay(IReadOnlyList<MeasuredCell> cells, double lambda)
    {
        CourseRow[] learned = [.. cells.Select(c => c.Course(lambda).FirstOrDefault(row => row.Second <= LearnedFrom)).OfType<CourseRow>()];
        return learned.Length == 0
            ? $"With constraints ε₂ never falls to {NumberText.Of(100 * LearnedFrom)}%."
            : $"With constraints ε₂ first falls to {NumberText.Of(100 * LearnedFrom)}% after {NumberText.Of(learned.Average(row => row.Iteration))} iterations (of the moments looked at), when ε₁ is {NumberText.Of(100 * learned.Average(row => row.First))}%; what is forgotten is forgotten in the long training after that.";
    }

    /// <summary>Both with N_c chosen by validation too, from as many.</summary>
    private static string Tuned(IReadOnlyList<MeasuredCell> cells)
    {
        var difference = Mean(cells, "", Bands.NoLarger, c => MeasuredCell.Sum(c.Tuned(MethodFamily.Landscape)) - MeasuredCell.Sum(c.Tuned(MethodFamily.Elastic)));
        var (value, interval) = NumberText.Of(difference.Value, difference.Interval);
        return $"With N_c chosen by validation after λ, from as many for both, ε₁ + ε₂ is {Text(cells, c => MeasuredCell.Sum(c.Tuned(MethodFamily.Landscape)))} with LDC and {Text(cells, c => MeasuredCell.Sum(c.Tuned(MethodFamily.Elastic)))} with EWC (exact Fisher): LDC minus EWC {value} {interval}.";
    }

    private static RunRow Fewest(MeasuredCell cell, string method) => cell.Counts(method).MinBy(MeasuredCell.Sum)!;

    private static double Sum(MeasuredCell cell, string method, int count) => cell.Counts(method).FirstOrDefault(run => run.Count == count) is { } run ? MeasuredCell.Sum(run) : double.NaN;

    private static string Diverged(IReadOnlyList<MeasuredCell> cells, string method)
    {
        int diverged = cells.Sum(cell => cell.Runs.Count(run => run.Experiment == "trade-off" && run.Method == method && run.Diverged == 1));
        return diverged == 0 ? "" : $"; {diverged} of {cells.Count * cells[0].Cell.GridPoints} runs diverged and are left out";
    }

    internal static Measurement Mean(IReadOnlyList<MeasuredCell> cells, string name, Interval band, Func<MeasuredCell, double> value) =>
        CellValues.Measure(name, band, cells, cell => new(value(cell), null, ""));

    internal static string Text(IReadOnlyList<MeasuredCell> cells, Func<MeasuredCell, double> value) => NumberText.Of(CellValues.Mean(cells, value));

    internal static string Percent(IReadOnlyList<MeasuredCell> cells, Func<MeasuredCell, double> value) => $"{NumberText.Of(100 * CellValues.Mean(cells, value))}%";
}
