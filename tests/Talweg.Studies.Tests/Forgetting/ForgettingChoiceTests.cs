using Talweg.Continual;
using Talweg.Studies.Forgetting;

namespace Talweg.Studies.Tests.Forgetting;

/// <summary>What is taken from a cell's tables where validation and test, the methods, the stops and the modes all say something else.</summary>
public sealed class ForgettingChoiceTests
{
    private const string Stop = "1 epoch";

    private static readonly ForgettingCell Cell = new()
    {
        Sequence = "pair",
        Tasks = "01,23",
        Data = "synthetic",
        Network = "fc:784-50-50-10",
        Layers = [2],
        Samples = 0,
        ValidationShare = 0.2,
        BatchSize = 50,
        LearningRate = 0.1,
        Pretraining = PretrainingClasses.All,
        LaterLearningRate = 0.1,
        StopErrors = [],
        StopEpochs = [1, 20],
        SlowLearningRate = 0.001,
        SlowEpochs = [50],
        Seed = 1,
        Epochs = 20,
        WindowEpochs = 10,
        PretrainingEpochs = 30,
        Modes = 200,
        Lambda = 10,
        GridPoints = 3,
        Counts = [50],
    };

    private static RunRow Run(string experiment, string method, double lambda, int count, double validation, double first, double last, string stop = Stop, double rate = 0.1, string outcome = "reached", double psi = 0) => new()
    {
        Experiment = experiment,
        Method = method,
        Lambda = lambda,
        Count = count,
        Psi = psi,
        Rate = rate,
        Stop = stop,
        Iteration = 100,
        Validation = validation,
        Test = (first + last) / 2,
        First = first,
        Last = last,
        Own = 0.03,
        Outcome = outcome,
    };

    private static RunRow Tried(string method, double lambda, double validation, double first, double last, string stop = Stop, string outcome = "reached") =>
        Run("trade-off", method, lambda, method == "ldc" ? 200 : 0, validation, first, last, stop, outcome: outcome);

    private static MeasuredCell Measured(IEnumerable<RunRow> runs, IEnumerable<ModeRow>? modes = null, double leastFlatness = 0.5) => new()
    {
        Cell = Cell,
        Result = new() { Weights = 2500, Window = 1020, Modes = 900, LeastFlatness = leastFlatness, ZeroErrorEpoch = 3, FirstError = 0.001, OpenModes = 1 },
        Runs = [.. runs],
        Courses = [],
        Modes = [.. modes ?? []],
    };

    private static CellAtStop At(IEnumerable<RunRow> runs, IEnumerable<ModeRow>? modes = null, string stop = Stop) => Measured(runs, modes).At(Cell.Ladders[0], stop);

    private static ModeRow Mode(int rank, double? flatness, double free, double constrained, string stop = Stop, double rate = 0.1) =>
        new() { Rank = rank, Variance = 1, Flatness = flatness, Rate = rate, Stop = stop, Free = free, Constrained = constrained };

    /// <summary>Validation likes the middle λ best, both tasks' test samples the weakest, the first task's the strongest.</summary>
    private static readonly RunRow[] Disputed =
    [
        Tried("none", 0, 0.4, 0.9, 0.01),
        Tried("ldc", 0.001, 0.30, 0.10, 0.10),
        Tried("ldc", 1, 0.10, 0.50, 0.30),
        Tried("ldc", 1000, 0.20, 0.05, 0.40),
        Tried("ewc", 1, 0.25, 0.06, 0.04),
        Tried("ewc", 1000, 0.15, 0.30, 0.20),
        Tried("ewc", 1e6, 0.15, 0.01, 0.02),
    ];

    [Fact]
    public void The_strength_is_chosen_by_validation_where_test_errors_rank_otherwise()
    {
        var cell = At(Disputed);
        Assert.Equal(1, cell.Best("ldc")!.Lambda);
        Assert.Equal(0.4, cell.BestError("ldc"), 1e-12);
        Assert.Equal(1000, cell.Best("ewc")!.Lambda);          // of equals the weakest, however well the other does on test samples
        Assert.Equal(0.25, cell.BestError("ewc"), 1e-12);
        Assert.Equal(1000, Chosen.Run(Disputed.Reverse(), "ewc")!.Lambda);

        var finding = SequenceFindings.Of([new("made", [Measured(All(Disputed))])]);
        Assert.Equal(0.15, finding.Measurements.Single(m => m.Name == "made, α = 0.1, 1 epoch: LDC minus EWC, exact Fisher").Value, 1e-12);
        Assert.Equal(0.4 - 0.455, finding.Measurements.Single(m => m.Name == "made, α = 0.1, 1 epoch: LDC minus none").Value, 1e-12);
        Assert.Contains("mean error 45.5% with none, 40% with LDC, 25% with EWC, exact Fisher, ", finding.Notes[0], StringComparison.Ordinal);
        Assert.StartsWith("made, α = 0.1, 20 epochs: LDC: hypervolume 0.849; at the λ that validation chose (median 1) ε₁ 50%, ε₂ 30%.",
            PairNotes.Methods(new("made", [Measured(All(Disputed))]), Cell.Ladders[0]).First(), StringComparison.Ordinal);
    }

    [Fact]
    public void One_strength_for_all_stops_has_the_least_sum_of_validation_errors_and_not_of_test_errors()
    {
        RunRow[] runs = [.. Disputed, .. Disputed.Select(run => run with { Stop = "20 epochs", Validation = run.Lambda == 1000 ? 0.05 : 0.2 }), Tried("ldc", 0.001, 0, 0, 0, "ε₂ ≤ 1%")];
        Assert.Equal(1000, Chosen.Lambda(runs, "ldc", ["1 epoch", "20 epochs"]));      // 0.25, against 0.50 and 0.30
        Assert.Equal(1, Chosen.Lambda(runs, "ldc", ["1 epoch"]));
        Assert.Equal(1000, Chosen.Lambda([.. runs, Run("count", "ldc", 0.001, 200, -9, 0, 0)], "ldc", ["1 epoch", "20 epochs"]));
    }

    [Fact]
    public void The_number_of_constraints_is_tuned_by_validation_and_the_best_one_found_by_test_errors()
    {
        RunRow[] counts =
        [
            Run("count", "ldc", 1, 900, 0.20, 0.01, 0.05), Run("count", "ldc", 1, 50, 0.11, 0.30, 0.10), Run("count", "ldc", 1, 200, 0.11, 0.20, 0.15), Run("count", "ldc", 1, 400, 0.30, 0.02, 0.01),
            Run("count", "ewc", 1, 2500, 0.20, 0.07, 0.01), Run("count", "ewc", 1, 200, 0.10, 0.40, 0.02), Run("count", "ewc", 1, 900, 0.30, 0.0, 0.0),
            Run("count", "ldc", 1, 100, 0.01, double.NaN, double.NaN, outcome: "diverged"),
        ];
        var cell = At(counts);
        Assert.Equal(50, cell.Tuned("ldc")!.Count);            // of equals the fewest
        Assert.Equal(200, cell.Tuned("ewc")!.Count);
        Assert.Equal(400, cell.BestCount);
        Assert.False(cell.BestCountIsAtEdge);
        Assert.Equal([50, 200, 400, 900], cell.Counts("ldc").Select(run => run.Count));
        Assert.Equal(0.35, cell.Sum("ldc", 200), 1e-12);
        Assert.Equal(0.06, cell.SumOfAll("ldc"), 1e-12);       // all 900 modes that there are
        Assert.Equal(0.08, cell.SumOfAll("ewc"), 1e-12);       // all 2,500 weights
        Assert.Equal(50, At(counts.Where(run => run.Count < 100).Append(Run("count", "ldc", 1, 200, 0, 0.2, 0.2))).BestCount);   // of equals the fewest
    }

    [Fact]
    public void What_diverged_or_was_not_reached_is_no_point_of_the_curve_whatever_its_errors()
    {
        // None alone: (1 − 0.9)(1 − 0.01); then the corner (0.5, 0.3) adds 0.4·0.7.
        RunRow[] runs = [Tried("none", 0, 0.4, 0.9, 0.01), Tried("ldc", 0.001, 0, 0, 0, outcome: "diverged"), Tried("ldc", 1, 0.1, 0.5, 0.3), Tried("ldc", 1000, 0, 0, 0.1, outcome: "not reached")];
        Assert.Equal(0.1 * 0.99 + 0.4 * 0.7, At(runs).Volume("ldc"), 1e-12);
        Assert.Equal(0.1 * 0.99, At(runs).Volume("ewc"), 1e-12);
        Assert.Equal(double.NaN, At(runs.Select(run => run with { Outcome = run.Method == "none" ? "not reached" : run.Outcome })).Volume("ldc"));
        Assert.Equal(1, At(runs).Best("ldc")!.Lambda);
        Assert.EndsWith("; 1 of 3 runs diverged and are left out.", PairNotes.Methods(new("made", [Measured(All(runs))]), Cell.Ladders[0]).First(), StringComparison.Ordinal);
        Assert.Equal(1, At([.. runs.Select(run => run with { Stop = "20 epochs" }), Tried("ldc", 1, 0, 0, 0)], stop: Stop).Best("ldc")!.Lambda);
    }

    [Fact]
    public void Reaches_are_shares_of_the_modes_at_one_stop_that_have_a_flatness()
    {
        // q/ξ = 1 … 11 with constraints, in another order, and 100 times that without; ξ = 0.008 F, F = 1 … 11.
        int[] order = [3, 11, 1, 7, 5, 9, 2, 10, 4, 8, 6];
        var modes = order.Select((reach, i) => Mode(i + 1, i + 1, 0.8 * reach * (i + 1), 0.008 * reach * (i + 1))).ToList();
        modes.Add(Mode(12, null, 99, 99));
        modes.AddRange(Enumerable.Range(1, 11).SelectMany(i => (ModeRow[])[Mode(i, 1, 50, 50, "20 epochs"), Mode(i, 1, 60, 60, rate: 0.001)]));
        var cell = At([], modes);
        Assert.Equal(6, cell.Reach(mode => mode.Constrained, 0.5), 1e-9);
        Assert.Equal(11, cell.Reach(mode => mode.Constrained, 1), 1e-9);
        // Hyndman and Fan's definition 8: order statistic 0.9·(11 + 1/3) + 1/3 = 10 + 8/15, between the tenth and the eleventh.
        Assert.Equal(10 + 8.0 / 15, cell.Reach(mode => mode.Constrained, 0.9), 1e-9);
        Assert.Equal(600, cell.Reach(mode => mode.Free, 0.5), 1e-9);
        Assert.Equal(double.NaN, At([], [Mode(1, null, 1, 1)]).Reach(mode => mode.Free, 0.5));
        Assert.Equal(double.NaN, At([], [.. modes, Mode(13, 1, 1, double.NaN)]).Reach(mode => mode.Constrained, 0.5));
    }

    [Fact]
    public void What_is_written_beside_the_pair_is_of_the_last_stop_and_of_every_seed()
    {
        double[] psis = [0, 2, 3, 4, 5];
        RunRow[] Of(double shift) =>
        [
            .. All(Disputed).Select(run => run with { Own = run.Method == "none" ? 0.0221 + shift : 0.5 }),
            .. from stop in (string[])["1 epoch", "20 epochs"] from psi in psis select Run("psi", "ldc", 10, 200, 0.9, psi / 100 + shift, 0.01, stop, psi: psi, outcome: psi == 5 && shift > 0 ? "diverged" : "reached") with { Own = 0.0432 + shift },
        ];
        var reading = new Reading("made", [Measured(Of(0), leastFlatness: 0.4), Measured(Of(0.02), leastFlatness: 0.2), Measured(Of(0.01), leastFlatness: 0.3)]);
        Assert.Equal("made: the steepest mode has F = 0.200 to 0.400: steps along the gradient of the penalty itself are stable only for λ < F²/α, 0.400 at α = 0.1, 40.0 at α = 0.001, explicit steps; "
            + "followed implicitly the same minimum is reached at any λ.", PairNotes.Stability(reading));
        Assert.Equal("made, α = 0.1, 20 epochs: if only a task's own classes compete, the mean error of both tasks is 3.21% without constraints and 5.32% with them.", PairNotes.OwnClasses(reading));
        var fast = new Reading("made", [.. reading.Cells.Select(cell => cell with { Runs = [.. cell.Runs, .. cell.Runs.Where(run => run.Experiment == "psi" && run.Stop == "20 epochs").Select(run => run with { Rate = 0.001, Stop = "50 epochs", Outcome = "reached" })] })]);
        Assert.Equal("made, α = 0.1: with ψ = 5 2 of 3 trainings diverged: the least flatness is so small that these steps do not bear λ = 10.", Assert.Single(PairNotes.Exponents(fast)));
        Assert.Equal(0.02 + 0.01 + 0.01, CellAverage(fast, cell => cell.Psi(2)), 1e-12);
    }

    private static double CellAverage(Reading reading, Func<CellAtStop, double> value) => reading.At(reading.Cell.Ladders[0], "20 epochs").Average(value);

    /// <summary>The same at all stops of both ladders, of every method.</summary>
    private static IEnumerable<RunRow> All(IReadOnlyList<RunRow> runs)
    {
        string[] others = ["ewc-empirical", "ewc-minibatch", "si", "l2", "replay"];
        RunRow[] each = [.. runs, .. others.Select(method => Tried(method, 1, 0.5, 0.5, 0.5))];
        return [.. each, .. each.Select(run => run with { Stop = "20 epochs" }), .. each.Select(run => run with { Stop = "50 epochs", Rate = 0.001 })];
    }
}
