using Talweg.Continual;
using Talweg.Landscapes;
using Talweg.Networks;
using Talweg.Noise;
using Talweg.Statistics;
using Talweg.Studies.Forgetting;
using Talweg.Studies.Running;
using Talweg.Training;

namespace Talweg.Studies.Tests.Forgetting;

/// <summary>Every number that two small cells leave, counted again from the weights by plain loops.</summary>
public sealed class ForgettingMeasurementTests(ForgettingMeasurementTests.Cells cells) : IClassFixture<ForgettingMeasurementTests.Cells>
{
    /// <summary>Moments at which an error is looked for: each a fifth above the one before, rounded up, or one further.</summary>
    private static readonly long[] Moments = [0, 1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 18, 22, 27, 33, 40, 48];

    private static readonly (string Name, double Centre, Func<double, IContinualMethod> At)[] Families =
    [
        ("ldc", 1, lambda => new LandscapeConstraints { Lambda = lambda, Modes = 5 }),
        ("ewc", 1e3, lambda => new ElasticWeights { Lambda = lambda, Fisher = FisherKind.Exact }),
        ("ewc-empirical", 1e5, lambda => new ElasticWeights { Lambda = lambda, Fisher = FisherKind.Empirical }),
        ("ewc-minibatch", 5e6, lambda => new ElasticWeights { Lambda = lambda, Fisher = FisherKind.Minibatch }),
        ("si", 0.1, lambda => new SynapticIntelligence { Lambda = lambda }),
        ("l2", 0.1, lambda => new OldWeights { Lambda = lambda }),
        ("replay", 0.03, lambda => new Replay { Lambda = lambda }),
    ];

    private static readonly Course Fast = new(0.1, null, 2, ["ε₂ ≤ 40%", "ε₂ ≤ 10%", "ε₂ ≤ 0%", "½ epoch", "2 epochs"]);

    private static readonly Course Slow = new(0.2, PenaltyStep.Explicit, 3, ["1 epoch", "3 epochs"]);

    /// <summary>How later tasks are learned, written out.</summary>
    private sealed record Course(double Rate, PenaltyStep? Step, int Epochs, string[] Stops);

    private static double Bound(string stop) => stop switch { "ε₂ ≤ 40%" => 0.4, "ε₂ ≤ 10%" => 0.1, "ε₂ ≤ 0%" => 0, _ => double.NaN };

    private static double EpochsOf(string stop) => stop switch { "½ epoch" => 0.5, "1 epoch" => 1, "2 epochs" => 2, "3 epochs" => 3, _ => double.NaN };

    /// <summary>One of the trainings of the later tasks.</summary>
    private sealed record Training(string Experiment, string Method, double Lambda, int Count, double Psi, IContinualMethod How, IMemory Memory);

    [Fact]
    public void Both_cells_are_measured()
    {
        Assert.Equal("learned 63 times", cells.Pair.Ending.Verdict);
        Assert.Equal("learned 20 times", cells.Chain.Ending.Verdict);
    }

    [Fact]
    public void Validation_samples_are_neither_learned_nor_tested_on()
    {
        foreach (var (samples, task) in cells.Pair.Samples.Zip(cells.Pair.Stage.Tasks.Tasks))
        {
            Assert.Equal(task.Train.Count, samples.Train.Inputs.Count);
            Assert.Equal(Math.Round(0.3 * (samples.Train.Inputs.Count + samples.Validation.Inputs.Count)), samples.Validation.Inputs.Count);
            Assert.Equal(task.Test.Count, samples.Test.Inputs.Count);
            var validation = task.Validation!;
            Assert.Equal(samples.Validation.Inputs.Count, validation.Count);
            // The task has them in another order: each is one of those put aside, with its label, and none is there twice.
            int[] found = [.. Enumerable.Range(0, validation.Count).Select(k => Place(samples.Validation, validation.Input(k).ToArray()))];
            Assert.Equal(Enumerable.Range(0, validation.Count), found.Order());
            Assert.Equal(found.Select(place => samples.Validation.Labels[place]), validation.Labels);
            for (int k = 0; k < validation.Count; k++)
            {
                Assert.Equal(-1, Place(samples.Train, validation.Input(k).ToArray()));
                Assert.Equal(-1, Place(samples.Test, validation.Input(k).ToArray()));
            }
        }

        // The task's are behind the first layer in single precision: sums of 784 products err by 1e-6, and no two images come as near.
        static int Place(TaskSamples.Set set, float[] input) =>
            set.Inputs.Select((known, place) => (known, place)).Where(one => one.known.Zip(input).All(x => Math.Abs(x.First - x.Second) < 1e-4)).Select(one => one.place).DefaultIfEmpty(-1).Single();
    }

    [Fact]
    public void Every_training_of_the_pair_is_in_the_table_with_its_errors_at_every_stop() => EveryRow(cells.Pair, PairOf);

    [Fact]
    public void Every_training_of_a_chain_of_three_is_in_the_table_with_its_errors_at_every_stop() => EveryRow(cells.Chain, (again, course, _) => TradeOff(again, course, 2));

    [Fact]
    public void Trainings_that_diverge_are_so_at_every_stop_also_at_those_that_they_passed()
    {
        var again = cells.Pair;
        RunRow[] diverged = [.. Runs(again).Where(run => run is { Rate: 0.2, Experiment: "trade-off", Method: "ldc", Lambda: > 100 })];
        Assert.Equal(["1 epoch", "3 epochs"], diverged.Select(run => run.Stop));
        Assert.All(diverged, run => Assert.Equal("diverged", run.Outcome));
        var (weights, ended) = again.Learn(new NoMethod(), Families[0].At(diverged[0].Lambda).Remember(null, again.First, WorkOptions.Default), 0.2, PenaltyStep.Explicit, 3);
        Assert.True(ended && weights.Count > PerEpoch(again) + 1, $"{weights.Count} iterations were too few to pass a stop");
    }

    [Fact]
    public void Every_task_is_trained_with_random_numbers_of_its_own()
    {
        var again = cells.Pair;
        var task = again.Stage.Tasks.Tasks[1];
        using var folder = new TemporaryFolder();
        NetworkWeights Train(string seed) => Trainer.Run(
            new()
            {
                Network = again.Stage.Start.Network,
                BatchSize = 10,
                LearningRate = 0.1,
                Seed = RandomStream.DeriveSeed(7, seed),
                MaxEpochs = 2,
                ExtraEpochs = null,
                TrainedLayers = again.Stage.TrainedLayers,
                Recording = Recording.None,
            },
            new(task.Train, task.Test),
            folder.File(seed),
            interventions: new() { Start = again.First.Weights }).Weights;
        var (weights, _) = again.Learn(new NoMethod(), null, 0.1, null, 2);
        Assert.Equal(Train("task 2").Tensors, weights[^1].Tensors);
        Assert.NotEqual(Train("task 1").Tensors, weights[^1].Tensors);
    }

    [Fact]
    public void The_cell_says_what_was_learned_first()
    {
        var again = cells.Pair;
        var result = CellResult.Read(again.File(CellResult.FileName));
        int perEpoch = again.Samples[0].Train.Inputs.Count / 10;
        var (variances, _) = Plain.Modes(Rows(again));
        Assert.Equal(12 * 8, result.Weights);
        Assert.Equal(3 * perEpoch, result.Window);
        Assert.Equal(variances.Count(v => v > 1e-14 * variances[0]), result.Modes);
        int? zero = Enumerable.Range(1, 6).Cast<int?>().FirstOrDefault(epoch => again.Samples[0].Train.Error(again.OnFirst[epoch!.Value * perEpoch]).High == 0);
        Assert.Equal(zero, result.ZeroErrorEpoch);
        Within(again.Samples[0].Test.Error(again.OnFirst[^1]), result.FirstError);
        double?[] widths = Widths(again);
        Assert.Equal(widths.Count(width => width is null), result.OpenModes);
        Assert.Equal(1, widths.Min()!.Value / result.LeastFlatness, 5e-4);

        var chain = CellResult.Read(cells.Chain.File(CellResult.FileName));
        Assert.Equal((96, 5), (chain.Weights, chain.Modes));
    }

    [Fact]
    public void Modes_have_their_variance_flatness_and_displacements_at_every_stop()
    {
        var again = cells.Pair;
        var (variances, directions) = Plain.Modes(Rows(again));
        double?[] widths = Widths(again);
        var rows = RowTable.Read<ModeRow>(again.File(CellMeasurement.ModesFile));
        Assert.Equal(5 * 7, rows.Count);
        int moved = 0;
        foreach (var course in (Course[])[Fast, Slow])
        {
            var free = again.Learn(new NoMethod(), null, course.Rate, course.Step, course.Epochs);
            var held = again.Learn(new NoMethod(), Constraints(again, 0.5, 5), course.Rate, course.Step, course.Epochs);
            foreach (string stop in course.Stops)
            {
                ModeRow[] at = [.. rows.Where(row => row.Rate == course.Rate && row.Stop == stop)];
                Assert.Equal([1, 2, 3, 4, 5], at.Select(row => row.Rank));
                foreach (var row in at)
                {
                    double[] p = directions[row.Rank - 1];
                    Assert.Equal(1, row.Variance / variances[row.Rank - 1], 1e-8);
                    Assert.Equal(widths[row.Rank - 1] is null, row.Flatness is null);
                    if (row.Flatness is { } flatness)
                        Assert.Equal(1, flatness / widths[row.Rank - 1]!.Value, 5e-4);       // each side is found to 1e-4, by losses in single precision
                    Along(free, course, stop, "none", 0, p, row.Free);
                    Along(held, course, stop, "ldc", 0.5, p, row.Constrained);
                }
            }
        }

        Assert.True(moved >= 40, $"only {moved} displacements were taken");

        void Along((IReadOnlyList<NetworkWeights> Weights, bool Diverged) run, Course course, string stop, string method, double lambda, double[] p, double found)
        {
            var row = Runs(again).Single(row => row.Rate == course.Rate && row.Stop == stop && row.Method == method && row.Lambda == lambda && row.Psi == 0 && row.Experiment == (method == "none" ? "trade-off" : "psi"));
            if (row.Outcome != "reached")
            {
                Assert.Equal(double.NaN, found);
                return;
            }

            float[] from = ((DenseWeights)again.First.Weights).Matrices[0], to = ((DenseWeights)run.Weights[(int)row.Iteration]).Matrices[0];
            double q = Math.Abs(p.Select((x, k) => x * ((double)to[k] - from[k])).Sum());
            Assert.Equal(q, found, 1e-7);
            moved++;
        }
    }

    [Fact]
    public void Errors_on_the_way_are_those_of_the_weights_there()
    {
        var again = cells.Pair;
        var rows = RowTable.Read<CourseRow>(again.File(CellMeasurement.CoursesFile));
        int seen = 0;
        foreach (var course in (Course[])[Fast, Slow])
        {
            foreach (double lambda in (double[])[0, 0.5])
            {
                var (weights, _) = again.Learn(new NoMethod(), lambda == 0 ? null : Constraints(again, lambda, 5), course.Rate, course.Step, course.Epochs);
                CourseRow[] at = [.. rows.Where(row => row.Rate == course.Rate && row.Lambda == lambda)];
                Assert.Equal(Looked(again, course, follows: true).Where(moment => moment < weights.Count), at.Select(row => row.Iteration));
                foreach (var row in at)
                {
                    Within(again.Samples[0].Test.Error(weights[(int)row.Iteration]), row.First);
                    Within(again.Samples[1].Test.Error(weights[(int)row.Iteration]), row.Second);
                }

                seen += at.Length;
            }
        }

        Assert.Equal(rows.Count, seen);
    }

    private static IReadOnlyList<RunRow> Runs(LearnedAgain again) => RowTable.Read<RunRow>(again.File(CellMeasurement.RunsFile));

    private static int PerEpoch(LearnedAgain again) => again.Samples[^1].Train.Inputs.Count / 10;

    /// <summary>The trained matrix after every iteration of the window.</summary>
    private static float[][] Rows(LearnedAgain again) => [.. again.OnFirst.TakeLast(3 * (again.Samples[0].Train.Inputs.Count / 10)).Select(weights => ((DenseWeights)weights).Matrices[0])];

    /// <summary>F of the first five modes.</summary>
    private static double?[] Widths(LearnedAgain again)
    {
        double norm = Math.Sqrt(((DenseWeights)again.First.Weights).Matrices[0].Sum(w => (double)w * w));
        return [.. Plain.Modes(Rows(again)).Directions.Take(5).Select(p => Plain.Width(t => again.Samples[0].Train.Loss(again.First.Weights, p, t), 10 * norm))];
    }

    private static LandscapeMemory Constraints(LearnedAgain again, double lambda, int modes) => new LandscapeConstraints { Lambda = lambda, Modes = modes }.Constrain(again.Modes, again.Stage.Space);

    private static IEnumerable<long> Looked(LearnedAgain again, Course course, bool follows)
    {
        int perEpoch = PerEpoch(again);
        return Moments.Concat(follows ? Enumerable.Range(1, course.Epochs).Select(epoch => (long)epoch * perEpoch) : []).Where(moment => moment <= course.Epochs * perEpoch).Distinct().Order();
    }

    private static void EveryRow(LearnedAgain again, Func<LearnedAgain, Course, IReadOnlyList<RunRow>, IEnumerable<Training>> trainings)
    {
        var runs = Runs(again);
        int next = 0;
        foreach (var course in (Course[])[Fast, Slow])
        {
            foreach (var training in trainings(again, course, [.. runs.Where(run => run.Rate == course.Rate)]))
            {
                var (weights, diverged) = again.Learn(training.How, training.Memory, course.Rate, course.Step, course.Epochs);
                bool follows = training.Method == "none" || training is { Experiment: "psi", Psi: 0 };
                var looked = Looked(again, course, follows && again.Samples.Count == 2).Where(moment => moment > 0 && moment < weights.Count).ToDictionary(moment => moment, moment => again.Samples[^1].Test.Error(weights[(int)moment]));
                foreach (string stop in course.Stops)
                    Row(again, course, training, stop, weights, diverged, looked, runs[next++]);
            }
        }

        Assert.Equal(runs.Count, next);
    }

    private static void Row(LearnedAgain again, Course course, Training training, string stop, IReadOnlyList<NetworkWeights> weights, bool diverged, IReadOnlyDictionary<long, (double Low, double High)> looked, RunRow row)
    {
        Assert.Equal((training.Experiment, training.Method, training.Count, training.Psi, course.Rate, stop), (row.Experiment, row.Method, row.Count, row.Psi, row.Rate, row.Stop));
        Assert.Equal(training.Lambda, row.Lambda, 1e-12 * training.Lambda);
        int last = again.Samples.Count - 1;
        if (row.Outcome != "reached")
        {
            Assert.Equal(diverged ? "diverged" : "not reached", row.Outcome);
            Assert.Equal(0, row.Iteration);
            Assert.All((double[])[row.Validation, row.Test, row.First, row.Last, row.Own], value => Assert.Equal(double.NaN, value));
            Assert.True(diverged || looked.Values.All(error => error.High > Bound(stop)), $"{training} reached {stop}");
            return;
        }

        Assert.False(diverged, $"{training} diverged");
        if (stop.StartsWith('ε'))
        {
            Assert.True(looked[row.Iteration].Low <= Bound(stop));
            Assert.All(looked.Where(at => at.Key < row.Iteration), at => Assert.True(at.Value.High > Bound(stop)));
        }
        else
        {
            Assert.Equal((long)Math.Round(EpochsOf(stop) * PerEpoch(again)), row.Iteration);
        }

        var there = weights[(int)row.Iteration];
        Within(again.Samples.Select(task => task.Validation.Error(there)), row.Validation);
        Within(again.Samples.Select(task => task.Test.Error(there)), row.Test);
        Within(again.Samples[0].Test.Error(there), row.First);
        Within(again.Samples[last].Test.Error(there), row.Last);
        Within(again.Samples.Select(task => task.Test.Error(there, task.Classes)), row.Own);
    }

    private static void Within((double Low, double High) error, double found) => Assert.InRange(found, error.Low - 1e-12, error.High + 1e-12);

    private static void Within(IEnumerable<(double Low, double High)> errors, double found)
    {
        (double Low, double High)[] all = [.. errors];
        Within((all.Average(error => error.Low), all.Average(error => error.High)), found);
    }

    private static IEnumerable<Training> TradeOff(LearnedAgain again, Course course, int points)
    {
        yield return new("trade-off", "none", 0, 0, 0, new NoMethod(), null!);
        int families = course == Fast ? 7 : again.Samples.Count == 2 ? 4 : 2;
        foreach (var (name, centre, at) in Families.Take(families))
        {
            foreach (double lambda in points == 2 ? [1e-3 * centre, 1e3 * centre] : (double[])[1e-3 * centre, centre, 1e3 * centre])
                yield return new("trade-off", name, lambda, name == "ldc" ? 5 : 0, 0, at(lambda), name == "ldc" ? Constraints(again, lambda, 5) : at(lambda).Remember(null, again.First, WorkOptions.Default)!);
        }
    }

    private static IEnumerable<Training> PairOf(LearnedAgain again, Course course, IReadOnlyList<RunRow> runs)
    {
        foreach (var training in TradeOff(again, course, 3))
            yield return training;
        double landscape = Chosen(course, runs, "ldc"), elastic = Chosen(course, runs, "ewc");
        int all = CellResult.Read(again.File(CellResult.FileName)).Modes;
        foreach (int count in (int[])[2, 5, 9, all])
            yield return new("count", "ldc", landscape, count, 0, new NoMethod(), Constraints(again, landscape, count));
        foreach (int count in (int[])[2, 5, 9, 96])
            yield return new("count", "ewc", elastic, count, 0, new NoMethod(), new ElasticWeights { Lambda = elastic, Weights = count }.Remember(null, again.First, WorkOptions.Default)!);
        yield return new("random", "ldc", landscape, 5, 0, new NoMethod(), Random(again, landscape));
        yield return new("psi", "ldc", 0.5, 5, 0, new NoMethod(), Constraints(again, 0.5, 5));
        foreach (double psi in (double[])[2, 3, 4, 5])
            yield return new("psi", "ldc", 0.5, 5, psi, new NoMethod(), new LandscapeConstraints { Lambda = 0.5, Modes = 5, Flatness = FlatnessSource.Matched, Psi = psi }.Constrain(again.Modes, again.Stage.Space));
    }

    /// <summary>The λ with the least sum of validation errors over the stops after epochs, of those that reached all of them; the table's errors are held against the weights' elsewhere.</summary>
    private static double Chosen(Course course, IReadOnlyList<RunRow> runs, string method)
    {
        string[] stops = [.. course.Stops.Where(stop => !stop.StartsWith('ε'))];
        var (best, least) = (double.NaN, double.PositiveInfinity);
        foreach (double lambda in runs.Where(run => run.Experiment == "trade-off" && run.Method == method).Select(run => run.Lambda).Distinct().Order())
        {
            double sum = stops.Sum(stop => runs.Single(run => run.Experiment == "trade-off" && run.Method == method && run.Lambda == lambda && run.Stop == stop).Validation);
            if (sum < least)
                (best, least) = (lambda, sum);
        }

        return best;
    }

    /// <summary>Five random directions made orthogonal one after the other, with the modes' flatness.</summary>
    private static LandscapeMemory Random(LearnedAgain again, double lambda)
    {
        var random = new RandomStream(7, "random directions");
        List<double[]> made = [];
        for (int i = 0; i < 5; i++)
        {
            double[] v = [.. Enumerable.Range(0, 96).Select(_ => random.NextNormal())];
            foreach (double[] before in made)
            {
                double along = v.Zip(before, (a, b) => a * b).Sum();
                v = [.. v.Zip(before, (a, b) => a - along * b)];
            }

            double norm = Math.Sqrt(v.Sum(x => x * x));
            made.Add([.. v.Select(x => x / norm)]);
        }

        var flatness = RowTable.Read<ModeRow>(again.File(CellMeasurement.ModesFile)).Take(5).Select(row => row.Flatness).ToList();
        return LandscapeMemory.Of(again.Stage.Space, ((DenseWeights)again.First.Weights).Matrices[0], Directions.Of([.. made.SelectMany(v => v)], 96), flatness, lambda);
    }

    /// <summary>Two tasks and three, learned by all methods in a moment.</summary>
    public sealed class Cells : IDisposable
    {
        internal LearnedAgain Pair { get; } = new("pair", "01,23", 3, 2, 9, 4000);

        internal LearnedAgain Chain { get; } = new("five-tasks", "01,23,45", 2);

        public void Dispose()
        {
            Pair.Dispose();
            Chain.Dispose();
        }
    }
}
