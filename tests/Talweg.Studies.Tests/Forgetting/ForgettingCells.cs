using Talweg.Continual;
using Talweg.Studies.Forgetting;
using Talweg.Studies.Running;

namespace Talweg.Studies.Tests.Forgetting;

/// <summary>Cells with tables made by hand, as if they had been measured, in folders below a root.</summary>
internal sealed class ForgettingCells(string root)
{
    /// <summary>Errors (ε₁, ε₂) of a method at its λ number i, of 3.</summary>
    public delegate (double First, double Last) Errors(string method, int i);

    public static (double First, double Last) AsPublished(string method, int i) => method switch
    {
        "none" => (0.9, 0.01),
        "ldc" => i == 1 ? (0.01, 0.02) : i == 0 ? (0.5, 0.01) : (0.005, 0.3),
        _ => i == 1 ? (0.1, 0.05) : i == 0 ? (0.6, 0.015) : (0.05, 0.4),
    };

    /// <summary>One seed's tables.</summary>
    public FinishedCell<ForgettingCell> Cell(int seed, Errors errors, string sequence = "pair", Func<int, double>? countSum = null, double psiShift = 0, Func<string, double>? rise = null, double reach = 0.5,
        Func<string, int, string?>? unreached = null, PretrainingClasses pretraining = PretrainingClasses.All, int modes = 1000, double jitter = 1e-4)
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
            Pretraining = pretraining,
            LaterLearningRate = 0.1,
            StopErrors = [0.02],
            StopEpochs = [1, 20],
            SlowLearningRate = 0.001,
            SlowEpochs = [50],
            Seed = seed,
            Epochs = 20,
            WindowEpochs = 10,
            PretrainingEpochs = 30,
            Modes = 200,
            Lambda = 10,
            GridPoints = 3,
            Counts = [50, 200],
        };
        string folder = Directory.CreateDirectory(Path.Combine(root, $"{sequence}-{seed}-{Guid.NewGuid()}")).FullName;
        jitter *= seed;   // so that there is an interval
        countSum ??= count => count == (seed == 1 ? 100 : 200) ? 0.03 : 0.1;
        rise ??= _ => 0.01;
        var runs = new List<RunRow>();
        var rows = new List<ModeRow>();
        foreach (var ladder in cell.Ladders)
        {
            foreach (string stop in ladder.Stops)
            {
                RunRow Run(string experiment, string method, double lambda, int count, (double First, double Last) e, double psi = 0, string outcome = "reached") => new()
                {
                    Experiment = experiment,
                    Method = method,
                    Lambda = lambda,
                    Count = count,
                    Psi = psi,
                    Rate = ladder.LearningRate,
                    Stop = stop,
                    Iteration = 100,
                    Validation = (e.First + e.Last) / 2,
                    Test = (e.First + e.Last) / 2,
                    First = e.First,
                    Last = e.Last,
                    Own = 0.01,
                    Outcome = outcome,
                };
                runs.Add(Run("trade-off", "none", 0, 0, Shifted(errors("none", 0), 2 * jitter)));
                foreach (var family in MethodFamily.On(ladder, cell))
                {
                    runs.AddRange(family.Lambdas(3).Select((lambda, i) => unreached?.Invoke(family.Name, i) is { } outcome
                        ? Run("trade-off", family.Name, lambda, 200, (double.NaN, double.NaN), outcome: outcome)
                        : Run("trade-off", family.Name, lambda, family.Name == "ldc" ? 200 : 0, Shifted(errors(family.Name, i), family.Name == "ldc" ? jitter : 2 * jitter))));
                }

                foreach (int count in (int[])[50, 100, 200, 400, modes])
                    runs.Add(Run("count", "ldc", 1, count, (countSum(count) + jitter * (count == 200 ? 2 : 1), 0)));
                foreach (int count in (int[])[50, 100, 200, 400, 2500])
                    runs.Add(Run("count", "ewc", 1e3, count, ((count == 2500 ? 0.15 : 0.5) + jitter * (count == 200 ? 2 : 1), 0)));
                runs.Add(Run("random", "ldc", 1, 200, (0.8, 0.01)));
                foreach (double psi in (double[])[0, 2, 3, 4, 5])
                    runs.Add(Run("psi", "ldc", 10, 200, (0.001 + rise(stop) + jitter + (psi == 2 ? psiShift : 0) + psi * jitter, 0.011 + jitter * (psi == 0 ? 2 : 1)), psi));

                // F = 0.5 for all, ξ = 0.004, but for mode 7, whose side is open; a tenth of the modes go ten times as far.
                rows.AddRange(Enumerable.Range(1, 200).Select(i => new ModeRow
                {
                    Rank = i,
                    Variance = 1.0 / i,
                    Flatness = i == 7 ? null : 0.5,
                    Rate = ladder.LearningRate,
                    Stop = stop,
                    Free = 0.04 + jitter,
                    Constrained = 0.004 * reach * (i > 175 ? 10 : 1) + jitter * 1e-3,
                }));
            }
        }

        RowTable.Write(Path.Combine(folder, CellMeasurement.RunsFile), runs);
        new CellResult { Weights = 2500, Window = 1020, Modes = modes, LeastFlatness = 0.5, ZeroErrorEpoch = seed == 3 ? null : 3, FirstError = 0.001, OpenModes = 1 }.Write(Path.Combine(folder, CellResult.FileName));
        CourseRow Course(double lambda, long t, double first, double second) => new() { Lambda = lambda, Rate = 0.1, Iteration = t, First = first, Second = second };
        RowTable.Write(Path.Combine(folder, CellMeasurement.CoursesFile), [Course(0, 0, 0.001, 1), Course(0, 100, 0.901, 0.01), Course(10, 0, 0.001, 1), Course(10, 64, 0.004, 0.015), Course(10, 100, 0.01, 0.011)]);
        RowTable.Write(Path.Combine(folder, CellMeasurement.ModesFile), rows);
        return new(cell, folder, CellEnding.Measured());
    }

    private static (double First, double Last) Shifted((double First, double Last) e, double shift) => (e.First + shift, e.Last);

    public FinishedCell<ForgettingCell>[] Five(Errors? errors = null, string sequence = "pair", Func<int, double>? countSum = null, double psiShift = 0, Func<string, double>? rise = null, double reach = 0.5,
        PretrainingClasses pretraining = PretrainingClasses.All, int modes = 1000) =>
        [.. Enumerable.Range(1, 5).Select(seed => Cell(seed, errors ?? AsPublished, sequence, countSum, psiShift, rise, reach, null, pretraining, modes))];
}
