using Talweg.Studies.Findings;

namespace Talweg.Studies.Forgetting;

/// <summary>FT-15 to FT-18: two tasks, as in Figure 4 of the papers, at every stop of the second and for both readings of the pretraining.</summary>
internal static class PairFindings
{
    private const string AtEveryStop = " At every stop of task 2, which is one training; the claim as a whole holds only if it does at every one.";

    public static IEnumerable<Finding> Of(IReadOnlyList<Reading> readings)
    {
        yield return Keeps(readings);
        yield return Beats(readings);
        yield return Few(readings);
        yield return Insensitive(readings);
    }

    private static Finding Keeps(IReadOnlyList<Reading> readings)
    {
        var cell = readings[0].Cell;
        string with = With(cell);
        return new()
        {
            Id = "FT-15",
            Claim = "Landscape-dependent constraints stop forgetting: the first task's error stays while the second is learned, and displacements along the first task's modes stay below 0.008 of their flatness.",
            Estimator = "Errors are shares of test samples, the largest of all outputs deciding. Rise: ε₁ at the stop minus ε₁ before task 2. qᵢ = |(w₂ − w₁)·p₁ᵢ|, ξᵢ = 0.008 F₁ᵢ; F measured. "
                + "Springs are followed implicitly, but by explicit steps where that is said." + AtEveryStop,
            Published = "ε₁ stays; qᵢ ≲ ξᵢ",
            Measurements = AtStops(readings, (reading, ladder, stop) =>
            [
                reading.Measure(ladder, stop, "rise of ε₁ without constraints", Bands.Forgets, c => c.Free.First - c.FirstError),
                reading.Measure(ladder, stop, $"rise of ε₁ with {with}", Bands.Stays, c => c.Constrained.First - c.FirstError),
                reading.Measure(ladder, stop, "ε₂ with them minus ε₂ without", Bands.Comparable, c => c.Constrained.Last - c.Free.Last),
                reading.Measure(ladder, stop, $"median q/ξ with {with}", Bands.Within, c => c.Reach(mode => mode.Constrained, 0.5)),
            ]),
            Notes = [.. readings.SelectMany(PairNotes.Stops), .. readings.Select(PairNotes.Stability), .. readings.Select(PairNotes.OwnClasses)],
        };
    }

    private static Finding Beats(IReadOnlyList<Reading> readings)
    {
        var cell = readings[0].Cell;
        var families = MethodFamily.All(cell.Modes);
        return new()
        {
            Id = "FT-16",
            Claim = "LDC beats elastic weight consolidation: its trade-off curve between the errors of both tasks lies below.",
            Estimator = $"Hypervolume of each curve (ε₁, ε₂) over {cell.GridPoints} λs, the point without constraints included: the share of [0, 1]² that it is at least as good as; runs that do not reach a stop are no points. Differences paired by seed. "
                + "One measurement a kind of Fisher diagonal: the exact one (over the model's own labels), the empirical (over the data's), and squared gradients of minibatches. The λs were fixed before test data were looked at." + AtEveryStop,
            Published = "LDC's curve lies below",
            Measurements = AtStops(readings, (reading, ladder, stop) =>
            [
                .. ((string[])[MethodFamily.Elastic, MethodFamily.ElasticEmpirical, MethodFamily.ElasticMinibatch]).Select(rival => reading.Measure(
                    ladder, stop, $"LDC minus {families.Single(family => family.Name == rival).Label}", Bands.Larger, c => Advantage(c, rival))),
            ]),
            Notes = [.. readings.SelectMany(reading => reading.Cell.Ladders.SelectMany(ladder => PairNotes.Methods(reading, ladder)))],
        };
    }

    /// <summary>Undefined where no run of either reached the stop: the point without constraints would be compared with itself.</summary>
    private static double Advantage(CellAtStop cell, string rival) =>
        cell.TradeOff(MethodFamily.Landscape).Any() || cell.TradeOff(rival).Any() ? cell.Volume(MethodFamily.Landscape) - cell.Volume(rival) : double.NaN;

    private static Finding Few(IReadOnlyList<Reading> readings)
    {
        int modes = readings[0].Cell.Modes;
        return new()
        {
            Id = "FT-17",
            Claim = "Few modes carry the memory: ε₁ + ε₂ is least with about 200 of 2,500 modes constrained, while EWC needs all weights.",
            Estimator = $"ε₁ + ε₂ against N_c, up to all modes that the window has, at the λ that validation chose for N_c = {modes} (LDC) and all weights (EWC, exact Fisher, the largest first): one λ a method for all stops of a learning rate, the one with the least sum of "
                + "validation errors over the stops after epochs. Best N_c: of those tried, the one with the least sum, in decimal logarithms; at the edge of what was tried in any seed it decides nothing. Differences paired by seed." + AtEveryStop,
            Published = "optimum near 200 of 2500; EWC needs all",
            PublishedValue = Math.Log10(200),
            Measurements = AtStops(readings, (reading, ladder, stop) =>
            [
                BestCount(reading, ladder, stop),
                Unlike(reading, MethodFamily.Landscape, reading.Measure(ladder, stop, $"LDC: {modes} modes minus all", Bands.NoLarger, c => c.Sum(MethodFamily.Landscape, modes) - c.SumOfAll(MethodFamily.Landscape))),
                Unlike(reading, MethodFamily.Elastic, reading.Measure(ladder, stop, $"EWC: all weights minus {modes}", Bands.NoLarger, c => c.SumOfAll(MethodFamily.Elastic) - c.Sum(MethodFamily.Elastic, modes))),
            ]),
            Notes = [.. readings.SelectMany(PairNotes.Counts)],
        };
    }

    private static Finding Insensitive(IReadOnlyList<Reading> readings)
    {
        var cell = readings[0].Cell;
        return new()
        {
            Id = "FT-18",
            Claim = "LDC does not depend on the exact ψ: with flatness estimated from variances ε₁ + ε₂ is what it is with measured flatness.",
            Estimator = $"ε₁ + ε₂ with Fᵢ = (σ²ᵢ/c)^(−1/ψ), c such that the geometric mean is that of the measured F, minus ε₁ + ε₂ with the measured F, at {With(cell)}; paired by seed." + AtEveryStop,
            Published = "insensitive",
            Measurements = AtStops(readings, (reading, ladder, stop) =>
                [.. ((double[])[2, 3, 4, 5]).Select(psi => reading.Measure(ladder, stop, $"ψ = {psi}", Bands.Insensitive, c => c.Psi(psi) - c.Psi(0)))]),
            Notes = [.. readings.SelectMany(reading => reading.Cell.Ladders.Select(ladder => $"{reading.Course(ladder)}: ε₁ + ε₂ with measured flatness is "
                + $"{string.Join(", ", ladder.Stops.Select(stop => $"{PairNotes.Text(reading.At(ladder, stop), c => c.Psi(0))} at {stop}"))}.")), .. readings.SelectMany(PairNotes.Exponents)],
        };
    }

    /// <summary>At the edge of what was tried the best may lie beyond.</summary>
    private static Measurement BestCount(Reading reading, Ladder ladder, string stop)
    {
        var measured = reading.Measure(ladder, stop, "log₁₀ of LDC's best N_c", Bands.NearTwoHundred, c => c.BestCount is { } count ? Math.Log10(count) : double.NaN);
        return reading.At(ladder, stop).Any(c => c.BestCountIsAtEdge) ? measured with { UndecidedBecause = Reading.AtTheEdge } : measured;
    }

    /// <summary>Where N_c is all there are, a training is compared with itself.</summary>
    private static Measurement Unlike(Reading reading, string method, Measurement difference) =>
        reading.Cells.Any(cell => cell.All(method) == reading.Cell.Modes) ? difference with { UndecidedBecause = $"{reading.Cell.Modes} are all there are, so that a training is compared with itself" } : difference;

    private static IReadOnlyList<Measurement> AtStops(IReadOnlyList<Reading> readings, Func<Reading, Ladder, string, IEnumerable<Measurement>> of) =>
        [.. readings.SelectMany(reading => reading.Stops.SelectMany(at => of(reading, at.Ladder, at.Stop)))];

    private static string With(ForgettingCell cell) => $"λ = {NumberText.Of(cell.Lambda)}, N_c = {cell.Modes}";
}
