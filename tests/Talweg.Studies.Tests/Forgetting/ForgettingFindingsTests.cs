using Talweg.Studies.Findings;
using Talweg.Studies.Forgetting;
using Talweg.Studies.Running;

namespace Talweg.Studies.Tests.Forgetting;

/// <summary>Verdicts from tables made by hand.</summary>
public sealed class ForgettingFindingsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ForgettingStudy _study = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Errors (ε₁, ε₂) of a method at its λ number i, of 3.</summary>
    private delegate (double First, double Last) Errors(string method, int i);

    private static (double First, double Last) AsPublished(string method, int i) => method switch
    {
        "none" => (0.9, 0.01),
        "ldc" => i == 1 ? (0.01, 0.02) : i == 0 ? (0.5, 0.01) : (0.005, 0.3),
        _ => i == 1 ? (0.1, 0.05) : i == 0 ? (0.6, 0.015) : (0.05, 0.4),
    };

    private Conclusion Conclude(params FinishedCell<ForgettingCell>[] cells) => _study.Conclude(Parameters.Resolve(_study, "quick", []), new("synthetic", "c0ffee", false), cells);

    private FinishedCell<ForgettingCell> Cell(int seed, Errors errors, string sequence = "pair", Func<int, double>? countSum = null, double psiShift = 0, double rise = 0.01, double reach = 0.5, int diverged = -1)
    {
        var cell = new ForgettingCell
        {
            Sequence = sequence,
            Tasks = sequence == "pair" ? "01,23" : "01,23,45,67,89",
            Data = "synthetic",
            Network = "fc:784-50-50-10",
            Layers = [2],
            Samples = 0,
            ValidationShare = 0.2,
            BatchSize = 50,
            LearningRate = 0.1,
            Seed = seed,
            Epochs = 20,
            WindowEpochs = 10,
            PretrainingEpochs = 30,
            Modes = 200,
            Lambda = 10,
            GridPoints = 3,
            Counts = [50, 200, 1000],
        };
        string folder = Directory.CreateDirectory(_folder.File($"{sequence}-{seed}-{Guid.NewGuid()}")).FullName;
        RunRow Run(string experiment, string method, double lambda, int count, (double First, double Last) e, double psi = 0, int fell = 0) => new()
        {
            Experiment = experiment,
            Method = method,
            Lambda = lambda,
            Count = count,
            Psi = psi,
            Validation = fell == 1 ? 1 : (e.First + e.Last) / 2,
            Test = (e.First + e.Last) / 2,
            First = e.First,
            Last = e.Last,
            Own = 0.01,
            Diverged = fell,
        };
        countSum ??= count => count == 200 ? 0.03 : 0.1;
        double jitter = 1e-4 * seed;   // so that there is an interval
        var runs = new List<RunRow> { Run("trade-off", "none", 0, 0, errors("none", 0)) };
        foreach (var family in MethodFamily.All(200))
            runs.AddRange(family.Lambdas(3).Select((lambda, i) => i == diverged && family.Name == "ldc" ? Run("trade-off", family.Name, lambda, 200, (1, 1), fell: 1) : Run("trade-off", family.Name, lambda, family.Name == "ldc" ? 200 : 0, Shifted(errors(family.Name, i), jitter))));
        foreach (int count in cell.Counts)
            runs.AddRange([Run("count", "ldc", 1, count, (countSum(count) + jitter, 0)), Run("count", "ewc", 1e3, count, (0.5 + jitter, 0))]);
        runs.Add(Run("random", "ldc", 1, 200, (0.8, 0.01)));
        foreach (double psi in (double[])[0, 2, 3, 4, 5])
            runs.Add(Run("psi", "ldc", 10, 200, (0.03 + (psi == 2 ? psiShift + jitter : 0), 0), psi));
        RowTable.Write(Path.Combine(folder, CellMeasurement.RunsFile), runs);
        new CellResult { Weights = 2500, Window = 1020, ZeroErrorEpoch = seed == 3 ? null : 3, FirstError = 0.001, OpenModes = 1 }.Write(Path.Combine(folder, CellResult.FileName));
        CourseRow Course(double lambda, long t, double first, double second) => new() { Lambda = lambda, Iteration = t, First = first, Second = second };
        RowTable.Write(Path.Combine(folder, CellMeasurement.CoursesFile),
            [Course(0, 0, 0.001, 1), Course(0, 100, 0.901 + jitter, 0.01), Course(10, 0, 0.001, 1), Course(10, 64, 0.004, 0.015), Course(10, 100, 0.001 + rise + jitter, 0.011 + jitter)]);
        // F = 0.5 for all, ξ = 0.004, but for mode 7, whose side is open.
        RowTable.Write(Path.Combine(folder, CellMeasurement.ModesFile), [.. Enumerable.Range(1, 200).Select(i => new ModeRow
        {
            Rank = i, Variance = 1.0 / i, Flatness = i == 7 ? null : 0.5, Free = 0.04 + jitter, Constrained = 0.004 * reach + jitter * 1e-3,
        })]);
        return new(cell, folder, CellEnding.Measured());
    }

    private static (double First, double Last) Shifted((double First, double Last) e, double shift) => (e.First + shift, e.Last);

    private Finding Of(string id, params FinishedCell<ForgettingCell>[] cells) => Conclude(cells).Findings.Single(finding => finding.Id == id);

    private FinishedCell<ForgettingCell>[] Three(Errors? errors = null, string sequence = "pair", Func<int, double>? countSum = null, double psiShift = 0, double rise = 0.01, double reach = 0.5) =>
        [.. Enumerable.Range(1, 3).Select(seed => Cell(seed, errors ?? AsPublished, sequence, countSum, psiShift, rise, reach))];

    [Fact]
    public void Everything_as_published_holds()
    {
        var conclusion = Conclude([.. Three(), .. Three(sequence: "five-tasks")]);
        Assert.Equal(["FT-15", "FT-16", "FT-17", "FT-18", "FT-19"], conclusion.Findings.Select(finding => finding.Id));
        Assert.All(conclusion.Findings, finding => Assert.Equal("holds", finding.VerdictText));
        Assert.Equal(7, conclusion.Figures.Count);
        Assert.All(conclusion.Figures, figure => figure.Save(_folder.Path));
        Assert.Contains("task 1's error is 90% without constraints, 1.02% with LDC and 10.0% with EWC", conclusion.Headline, StringComparison.Ordinal);
        Assert.Contains(conclusion.Notes, note => note.StartsWith("pair (01,23 of synthetic), seed 3: the first task's training error never reached zero within 20 epochs", StringComparison.Ordinal));
        Assert.Contains(conclusion.Notes, note => note.EndsWith("1 of its modes have an open side and are not constrained.", StringComparison.Ordinal));
    }

    [Fact]
    public void FT_15_takes_rises_and_reaches_from_the_tables()
    {
        var finding = Of("FT-15", Three());
        Assert.Equal(0.9002, finding.Measurements[0].Value, 1e-9);     // 0.9 and the mean shift of the seeds
        Assert.Equal(0.0102, finding.Measurements[1].Value, 1e-9);
        Assert.Equal(0.0012, finding.Measurements[2].Value, 1e-9);
        Assert.Equal(0.0402 / 0.004, finding.Measurements[3].Value, 1e-9);
        Assert.Equal(0.5, finding.Measurements[4].Value, 1e-3);
        Assert.Contains(finding.Notes, note => note.Contains("stable only for λ < F²/α = 2.50, so that the papers' λ would make the weights diverge", StringComparison.Ordinal));
        Assert.Contains(finding.Notes, note => note.StartsWith("With constraints ε₂ first falls to 2% after 64 iterations (of the moments looked at), when ε₁ is 0.400%", StringComparison.Ordinal));
        Assert.Equal("fails (rise of ε₁ with λ = 10, N_c = 200 lies outside its band)", Of("FT-15", Three(rise: 0.3)).VerdictText);
        Assert.Equal("fails (q/ξ with λ = 10, N_c = 200, modes 1 to 200 lies outside its band)", Of("FT-15", Three(reach: 3)).VerdictText);
    }

    [Fact]
    public void FT_16_compares_areas_with_every_fisher_and_leaves_out_what_diverged()
    {
        // LDC: (0.005, 0.3), (0.01, 0.02), (0.5, 0.01) and none at (0.9, 0.01): 0.995·0.7 + 0.99·0.28 + 0.5·0.01, for the shift of the seeds less.
        var finding = Of("FT-16", Three());
        double landscape = 0.995 * 0.7 + 0.99 * 0.28 + 0.5 * 0.01, elastic = 0.95 * 0.6 + 0.9 * 0.35 + 0.4 * 0.035 + 0.1 * 0.005;
        Assert.All(finding.Measurements, measurement => Assert.Equal(landscape - elastic, measurement.Value, 3e-4));
        Assert.Equal(3, finding.Measurements.Count);
        Assert.Equal("fails (LDC minus EWC, exact Fisher lies outside its band)", Of("FT-16", Three((method, i) => AsPublished(method == "ldc" ? "ewc" : method == "ewc" ? "ldc" : method, i))).VerdictText);
        var without = Of("FT-16", Cell(1, AsPublished, diverged: 1), Cell(2, AsPublished), Cell(3, AsPublished));
        Assert.Contains(without.Notes, note => note.StartsWith("LDC: hypervolume", StringComparison.Ordinal) && note.EndsWith("; 1 of 9 runs diverged and are left out.", StringComparison.Ordinal));
    }

    [Fact]
    public void FT_17_finds_the_best_number_of_modes()
    {
        Assert.Equal(Math.Log10(200), Of("FT-17", Three()).Measurements[0].Value, 1e-12);
        var more = Of("FT-17", Three(countSum: count => 1.0 / count));
        Assert.Equal(3, more.Measurements[0].Value, 1e-12);            // 1,000
        Assert.Equal("fails (log₁₀ of LDC's best N_c lies outside its band)", more.VerdictText);
        Assert.Contains(more.Notes, note => note.StartsWith("As many random directions as modes, with the modes' flatness: ε₁ + ε₂ 0.81", StringComparison.Ordinal));
    }

    [Fact]
    public void FT_18_fails_where_one_exponent_matters() =>
        Assert.Equal("fails (ψ = 2 lies outside its band)", Of("FT-18", Three(psiShift: 0.1)).VerdictText);

    [Fact]
    public void FT_19_takes_each_method_at_the_strength_that_validation_chose()
    {
        var finding = Of("FT-19", Three(sequence: "five-tasks"));
        Assert.Equal(["five pairs of digits: LDC minus EWC, exact Fisher", "five pairs of digits: LDC minus none"], finding.Measurements.Select(measurement => measurement.Name));
        Assert.Equal(0.015 - 0.075, finding.Measurements[0].Value, 1e-9);
        Assert.Equal(0.0151 - 0.455, finding.Measurements[1].Value, 1e-9);
        Assert.Equal("fails (five pairs of digits: LDC minus none lies outside its band)", Of("FT-19", Three((method, i) => method == "none" ? (0.01, 0) : AsPublished(method, i), "five-tasks")).VerdictText);
    }

    [Fact]
    public void One_seed_decides_nothing_and_no_cell_gives_no_finding()
    {
        Assert.All(Conclude(Cell(1, AsPublished)).Findings, finding => Assert.StartsWith("undecided (no interval for ", finding.VerdictText, StringComparison.Ordinal));
        var failed = Cell(1, AsPublished) with { Ending = CellEnding.Failed("diverged") };
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
}
