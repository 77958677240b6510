using Talweg.Continual;
using Talweg.Studies.Findings;
using Talweg.Studies.Forgetting;
using Talweg.Studies.Running;

namespace Talweg.Studies.Tests.Forgetting;

/// <summary>Verdicts from tables made by hand.</summary>
public sealed class ForgettingFindingsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ForgettingStudy _study = new();
    private readonly ForgettingCells _cells;

    public ForgettingFindingsTests() => _cells = new(_folder.Path);

    public void Dispose() => _folder.Dispose();

    private Conclusion Conclude(params FinishedCell<ForgettingCell>[] cells) => _study.Conclude(Parameters.Resolve(_study, "quick", []), new("synthetic", "c0ffee", false), cells);

    private Finding Of(string id, params FinishedCell<ForgettingCell>[] cells) => Conclude(cells).Findings.Single(finding => finding.Id == id);

    private static Measurement At(Finding finding, string what, string course = "ten classes, α = 0.1", string stop = "1 epoch") =>
        finding.Measurements.Single(measurement => measurement.Course == course && measurement.Stop == stop && measurement.Name == $"{course}, {stop}: {what}");

    [Fact]
    public void Everything_as_published_holds_at_every_stop()
    {
        var conclusion = Conclude([.. _cells.Five(), .. _cells.Five(pretraining: PretrainingClasses.Own), .. _cells.Five(sequence: "five-tasks")]);
        Assert.Equal(["FT-15", "FT-16", "FT-17", "FT-18", "FT-19"], conclusion.Findings.Select(finding => finding.Id));
        Assert.All(conclusion.Findings, finding => Assert.Equal("holds", finding.VerdictText));
        Assert.Equal(13, conclusion.Figures.Count);
        Assert.All(conclusion.Figures, figure => figure.Save(_folder.Path));
        Assert.Equal(
            [("ten classes, α = 0.1", "ε₂ ≤ 2%"), ("ten classes, α = 0.1", "1 epoch"), ("ten classes, α = 0.1", "20 epochs"), ("ten classes, α = 0.001, explicit steps", "50 epochs"), ("own classes, α = 0.1", "ε₂ ≤ 2%")],
            conclusion.Findings[0].Stops.Take(5).Select(stop => (stop.Course, stop.Stop)));
        Assert.Equal([2 * 4 * 4, 2 * 4 * 3, 2 * 4 * 3, 2 * 4 * 4, 4 * 2], conclusion.Findings.Select(finding => finding.Measurements.Count));
        Assert.StartsWith("With LDC task 1's error is 1.13% after 1 epoch on task 2 and 1.13% after 20 epochs, without 90.1% and 90.1% (ten classes, α = 0.1). Forgetting is stopped: holds.", conclusion.Headline, StringComparison.Ordinal);
        Assert.Contains(conclusion.Notes, note => note.StartsWith("pair (01,23 of synthetic), seed 3: the first task's training error never reached zero within 20 epochs", StringComparison.Ordinal));
        Assert.Contains(conclusion.Notes, note => note.EndsWith("1 of its modes have an open side and are not constrained.", StringComparison.Ordinal));
    }

    [Fact]
    public void FT_15_takes_rises_and_reaches_from_the_tables_and_is_worded_by_stop()
    {
        var finding = Of("FT-15", _cells.Five());
        Assert.Equal(0.8996, At(finding, "rise of ε₁ without constraints").Value, 1e-9);       // 0.9 − 0.001 and the mean shift of the seeds, 6e-4
        Assert.Equal(0.0103, At(finding, "rise of ε₁ with λ = 10, N_c = 200").Value, 1e-9);
        Assert.Equal(0.001 + 2 * 3e-4, At(finding, "ε₂ with them minus ε₂ without").Value, 1e-9);
        Assert.Equal(0.5, At(finding, "median q/ξ with λ = 10, N_c = 200").Value, 1e-3);
        Assert.Equal("ten classes, α = 0.1, 1 epoch: with constraints ε₁ 1.13%, ε₂ 1.16% after 100 iterations; without ε₁ 90.1%, ε₂ 1% after 100. "
            + "q/ξ with them: median 0.500, 90% of the modes below 5.00, largest 5.00; without: median 10.1.", finding.Notes[1]);
        Assert.Contains(finding.Notes, note => note.Contains("stable only for λ < F²/α, 2.50 at α = 0.1, 250 at α = 0.001, explicit steps;", StringComparison.Ordinal));
        const string slow = "ten classes, α = 0.001, explicit steps: holds at every stop";
        Assert.Equal($"fails (ten classes, α = 0.1: holds up to 1 epoch, fails at 20 epochs; {slow})", Of("FT-15", _cells.Five(rise: stop => stop == "20 epochs" ? 0.3 : 0.01)).VerdictText);
        Assert.Equal($"undecided (ten classes, α = 0.1: holds at ε₂ ≤ 2% and 20 epochs, undecided at 1 epoch; {slow})", Of("FT-15", _cells.Five(rise: stop => stop == "1 epoch" ? 0.0197 : 0.01)).VerdictText);
        Assert.StartsWith("fails (ten classes, α = 0.1: holds at every stop; ten classes, α = 0.001, explicit steps: holds at no stop, fails at all; own classes, α = 0.1: holds at every stop;",
            Of("FT-15", [.. _cells.Five(rise: stop => stop == "50 epochs" ? 0.3 : 0.01), .. _cells.Five(pretraining: PretrainingClasses.Own)]).VerdictText, StringComparison.Ordinal);
        Assert.Equal("fails (ten classes, α = 0.1: holds at no stop, fails at all; ten classes, α = 0.001, explicit steps: holds at no stop, fails at all)", Of("FT-15", _cells.Five(reach: 3)).VerdictText);
    }

    [Fact]
    public void FT_16_compares_areas_with_every_fisher_and_leaves_out_what_did_not_get_there()
    {
        // LDC: (0.005, 0.3), (0.01, 0.02), (0.5, 0.01) and none at (0.9, 0.01): 0.995·0.7 + 0.99·0.28 + 0.5·0.01, for the shift of the seeds less.
        var finding = Of("FT-16", _cells.Five());
        double landscape = 0.995 * 0.7 + 0.99 * 0.28 + 0.5 * 0.01, elastic = 0.95 * 0.6 + 0.9 * 0.35 + 0.4 * 0.035 + 0.1 * 0.005;
        Assert.All(finding.Measurements, measurement => Assert.Equal(landscape - elastic, measurement.Value, 5e-4));
        Assert.Equal(4 * 3, finding.Measurements.Count);
        Assert.StartsWith("fails (ten classes, α = 0.1: holds at no stop, fails at all;", Of("FT-16", _cells.Five((method, i) => ForgettingCells.AsPublished(method == "ldc" ? "ewc" : method == "ewc" ? "ldc" : method, i))).VerdictText, StringComparison.Ordinal);
        var without = Of("FT-16", _cells.Cell(1, ForgettingCells.AsPublished, unreached: (method, i) => (method, i) == ("ldc", 1) ? "diverged" : null), _cells.Cell(2, ForgettingCells.AsPublished), _cells.Cell(3, ForgettingCells.AsPublished, unreached: (method, i) => (method, i) == ("ldc", 1) ? "not reached" : null));
        Assert.Contains(without.Notes, note => note.StartsWith("ten classes, α = 0.1, 20 epochs: LDC: hypervolume", StringComparison.Ordinal) && note.EndsWith("; 1 of 9 runs diverged and are left out.", StringComparison.Ordinal));
        double left = 0.995 * 0.7 + 0.5 * 0.29;
        Assert.Equal((landscape + 2 * left) / 3 - elastic, At(without, "LDC minus EWC, exact Fisher").Value, 5e-4);
    }

    [Fact]
    public void FT_17_finds_the_best_number_of_modes_and_decides_nothing_at_the_edge_of_what_was_tried()
    {
        const string best = "log₁₀ of LDC's best N_c";
        var finding = Of("FT-17", _cells.Five());
        Assert.Equal((4 * Math.Log10(200) + 2) / 5, At(finding, best).Value, 1e-12);
        Assert.Equal(-0.35 - 3e-4, At(finding, "EWC: all weights minus 200").Value, 1e-9);
        Assert.Contains(finding.Notes, note => note.StartsWith("ten classes, α = 0.1: LDC's best N_c, one a seed: 100, 200, 200, 200, 200 at ε₂ ≤ 2%; 100, 200", StringComparison.Ordinal));
        Assert.Contains(finding.Notes, note => note.StartsWith("ten classes, α = 0.1, 20 epochs: as many random directions as modes, with the modes' flatness: ε₁ + ε₂ 0.81", StringComparison.Ordinal));
        var few = Of("FT-17", _cells.Five(countSum: count => 0.01 + 1.0 / count));
        Assert.Equal(3, At(few, best).Value, 1e-12);           // 1,000, all that the window has, of 2,500: there may be better ones
        Assert.Equal($"{At(few, best).Name}: in a seed the best lies at the edge of what was tried", At(few, best).NothingFollows);
        Assert.Contains(few.Notes, note => note.Contains("1000 (the edge), 1000 (the edge)", StringComparison.Ordinal));
        Assert.EndsWith("at the edge of what was tried", At(Of("FT-17", _cells.Five(countSum: count => 0.01 + 0.0001 * count)), best).NothingFollows, StringComparison.Ordinal);   // 50, the least
        var all = Of("FT-17", [.. Enumerable.Range(1, 5).Select(seed => _cells.Cell(seed, ForgettingCells.AsPublished, countSum: count => count == (seed == 1 ? 400 : 2500) ? 0.03 : 0.1, modes: 2500))]);
        Assert.True(At(all, best).IsOutside);                  // all 2,500: nothing lies beyond
        Assert.EndsWith("has no width", At(Of("FT-17", _cells.Five(countSum: count => count == 200 ? 0.03 : 0.1)), best).NothingFollows, StringComparison.Ordinal);               // the same in every seed
    }

    /// <summary>Where no run of either method reached a stop, only the point without constraints is left on both sides.</summary>
    [Fact]
    public void FT_16_does_not_compare_the_point_without_constraints_with_itself()
    {
        FinishedCell<ForgettingCell>[] cells = [.. Enumerable.Range(1, 5).Select(seed => _cells.Cell(seed, ForgettingCells.AsPublished, unreached: (method, _) => method is "ldc" or "ewc" ? "diverged" : null))];
        var finding = Of("FT-16", cells);
        Assert.Equal(double.NaN, At(finding, "LDC minus EWC, exact Fisher").Value);
        Assert.InRange(At(finding, "LDC minus EWC, empirical Fisher").Value, -1, -0.5);      // a curve against the point alone
    }

    /// <summary>A window of 200 modes has no more to leave out; of 2,500 weights there are more.</summary>
    [Fact]
    public void FT_17_does_not_compare_a_training_with_itself()
    {
        var finding = Of("FT-17", _cells.Five(modes: 200));
        Assert.Equal($"{At(finding, "LDC: 200 modes minus all").Name}: 200 are all there are, so that a training is compared with itself", At(finding, "LDC: 200 modes minus all").NothingFollows);
        Assert.Equal("", At(finding, "EWC: all weights minus 200").NothingFollows);
        Assert.Equal("", At(Of("FT-17", _cells.Five()), "LDC: 200 modes minus all").NothingFollows);
    }

    /// <summary>Of three λs the first or the last is best, for one method or the other: a better one may lie beyond.</summary>
    [Theory]
    [InlineData("ldc", 0)]
    [InlineData("ldc", 2)]
    [InlineData("ewc", 0)]
    [InlineData("ewc", 2)]
    public void FT_19_decides_nothing_where_a_strength_at_the_edge_is_best(string method, int best)
    {
        const string course = "five pairs of digits, α = 0.1";
        var cells = _cells.Five((each, i) => each == method ? (i == best ? 0.001 : 0.4, 0.001) : ForgettingCells.AsPublished(each, i), "five-tasks");
        cells[1] = _cells.Cell(2, ForgettingCells.AsPublished, "five-tasks");           // not in every seed
        var finding = Of("FT-19", cells);
        Assert.EndsWith(": in a seed the best lies at the edge of what was tried", At(finding, "LDC minus EWC, exact Fisher", course).NothingFollows, StringComparison.Ordinal);
        Assert.Equal(method == "ldc", At(finding, "LDC minus none", course).NothingFollows.Length > 0);
        Assert.Equal(Verdict.Undecided, finding.Verdict);
    }

    /// <summary>LDC and the others with the same errors in every seed.</summary>
    [Fact]
    public void A_tie_is_no_advantage()
    {
        static (double First, double Last) Same(string method, int i) => ForgettingCells.AsPublished(method == "none" ? "none" : "ldc", i);
        Assert.Equal(Verdict.Undecided, Of("FT-19", [.. Enumerable.Range(1, 3).Select(seed => _cells.Cell(seed, Same, "five-tasks", jitter: 0))]).Verdict);
        Assert.Equal(Verdict.Undecided, Of("FT-16", [.. Enumerable.Range(1, 3).Select(seed => _cells.Cell(seed, Same, jitter: 0))]).Verdict);
    }

    [Fact]
    public void FT_18_fails_where_one_exponent_matters() =>
        Assert.StartsWith("fails (ten classes, α = 0.1: holds at no stop, fails at all;", Of("FT-18", _cells.Five(psiShift: 0.1)).VerdictText, StringComparison.Ordinal);

    [Fact]
    public void FT_19_takes_each_method_at_the_strength_that_validation_chose()
    {
        const string course = "five pairs of digits, α = 0.1";
        var finding = Of("FT-19", _cells.Five(sequence: "five-tasks"));
        Assert.Equal(8, finding.Measurements.Count);
        Assert.Equal(0.015 - 0.075 - 1.5e-4, At(finding, "LDC minus EWC, exact Fisher", course).Value, 1e-9);
        Assert.Equal(0.015 - 0.455 - 1.5e-4, At(finding, "LDC minus none", course).Value, 1e-9);
        Assert.Contains("fails at all", Of("FT-19", _cells.Five((method, i) => method == "none" ? (0.01, 0) : ForgettingCells.AsPublished(method, i), "five-tasks")).VerdictText, StringComparison.Ordinal);
    }

    [Fact]
    public void One_seed_decides_nothing_and_no_cell_gives_no_finding()
    {
        Assert.All(Conclude(_cells.Cell(1, ForgettingCells.AsPublished)).Findings, finding => Assert.Equal(Verdict.Undecided, finding.Verdict));
        var failed = _cells.Cell(1, ForgettingCells.AsPublished) with { Ending = CellEnding.Failed("diverged") };
        var conclusion = Conclude(failed);
        Assert.Empty(conclusion.Findings);
        Assert.Contains("pair (01,23 of synthetic), seed 1: left out, diverged", conclusion.Notes);
    }

    [Fact]
    public void Every_method_has_as_many_strengths_over_six_decades() => Assert.All(MethodFamily.All(200), family =>
    {
        var lambdas = family.Lambdas(13);
        Assert.Equal(13, lambdas.Count);
        Assert.Equal(1e6, lambdas[^1] / lambdas[0], 1);
        Assert.Equal(family.Centre, lambdas[6], family.Centre * 1e-12);
    });

    [Fact]
    public void One_strength_for_all_stops_is_the_one_that_validation_likes_best_over_all_of_them()
    {
        RunRow Run(double lambda, string stop, double validation, string outcome = "reached") => new()
        {
            Experiment = "trade-off",
            Method = "ldc",
            Lambda = lambda,
            Count = 200,
            Psi = 0,
            Rate = 0.1,
            Stop = stop,
            Iteration = 1,
            Validation = validation,
            Test = 0,
            First = 0,
            Last = 0,
            Own = 0,
            Outcome = outcome,
        };
        RunRow[] runs = [Run(1, "½", 0.1), Run(1, "20", 0.5), Run(10, "½", 0.2), Run(10, "20", 0.3), Run(100, "½", 0), Run(100, "20", double.NaN, "diverged"), Run(100, "ε", 0)];
        Assert.Equal(10, Chosen.Lambda(runs, "ldc", ["½", "20"]));
        Assert.Equal(1, Chosen.Lambda(runs.Select(run => run with { Outcome = "diverged", Validation = double.NaN }), "ldc", ["½", "20"]));     // none reached: the weakest
        Assert.Equal(1, Chosen.Run(runs.Where(run => run.Stop == "½" && run.Lambda < 100), "ldc")!.Lambda);
        Assert.Null(Chosen.Run(runs.Where(run => run.Outcome == "diverged"), "ldc"));
    }
}
