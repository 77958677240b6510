using Talweg.Continual;
using Talweg.Landscapes;
using Talweg.Statistics;
using Talweg.Studies.Running;

namespace Talweg.Studies.Forgetting;

/// <summary>Measures one cell: all methods at all λs, and for the pair what Figure 4 of the papers shows.</summary>
internal sealed class CellMeasurement(ForgettingCell cell, CellContext context, TaskSequence tasks)
{
    public const string RunsFile = "runs.parquet";
    public const string CoursesFile = "courses.parquet";
    public const string ModesFile = "modes.parquet";

    private readonly List<RunRow> _runs = [];
    private readonly List<CourseRow> _courses = [];
    private readonly List<ModeRow> _modes = [];
    private int _trainings;

    private bool IsPair => cell.Sequence == SequenceCase.Pair;

    public CellEnding Run()
    {
        using var lab = SequenceLab.Open(cell, context, tasks, out string verdict);
        if (lab is null)
            return CellEnding.Failed(verdict);
        foreach (var ladder in cell.Ladders)
        {
            var free = Learn(lab, ladder, Row("trade-off", MethodFamily.None, 0), new NoMethod(), follow: IsPair);
            if (free.Rows.All(row => row.Outcome == "diverged"))
                return CellEnding.Failed($"the later tasks diverged at {ladder.Name}, without any constraint");
            Measure(lab, ladder, free);
        }

        Write(lab);
        return CellEnding.Measured($"learned {_trainings} times");
    }

    private void Measure(SequenceLab lab, Ladder ladder, LearnedRun free)
    {
        TradeOff(lab, ladder);
        if (!IsPair)
            return;
        Counts(lab, ladder);
        var constrained = Exponents(lab, ladder);
        _courses.AddRange([.. free.Course, .. constrained.Course]);
        _modes.AddRange(Displacements(lab, ladder, free, constrained));
    }

    private void Write(SequenceLab lab)
    {
        RowTable.Write(context.File(RunsFile), _runs);
        if (IsPair)
        {
            RowTable.Write(context.File(CoursesFile), _courses);
            RowTable.Write(context.File(ModesFile), _modes);
        }

        new CellResult
        {
            Weights = lab.Stage.Space.Dimension,
            Window = lab.Window,
            Modes = lab.Modes.Directions.Count,
            ZeroErrorEpoch = lab.FirstRun.ZeroErrorEpoch,
            FirstError = lab.Test(0, lab.First.Weights).Error,
            OpenModes = lab.Modes.First(cell.Modes).Flatness!.Count(flatness => flatness is null),
            LeastFlatness = lab.Modes.First(cell.Modes).Flatness!.Min() ?? double.NaN,
        }.Write(context.File(CellResult.FileName));
    }

    private LearnedRun Learn(SequenceLab lab, Ladder ladder, RunRow row, IContinualMethod method, IMemory? memory = null, bool follow = false)
    {
        context.Cancellation.ThrowIfCancellationRequested();
        var learned = lab.Learn(row, ladder, method, memory, follow);
        _trainings++;
        _runs.AddRange(learned.Rows);
        return learned;
    }

    /// <summary>FT-16, FT-19: every method at every λ.</summary>
    private void TradeOff(SequenceLab lab, Ladder ladder)
    {
        var families = MethodFamily.On(ladder, cell);
        int total = families.Count * cell.GridPoints, done = 0;
        foreach (var family in families)
        {
            foreach (double lambda in family.Lambdas(cell.GridPoints))
            {
                context.Progress.Report(new($"learning by every method, {ladder.Name}", done++, total, family.Name));
                Learn(lab, ladder, Row("trade-off", family.Name, lambda, family.Name == MethodFamily.Landscape ? cell.Modes : 0), family.At(lambda));
            }
        }
    }

    /// <summary>FT-17: the number of constraints, each method at one λ for all stops, chosen by validation; and as many random directions.</summary>
    private void Counts(SequenceLab lab, Ladder ladder)
    {
        RunRow[] here = [.. _runs.Where(run => run.Rate == ladder.LearningRate)];
        string[] stops = [.. ladder.Epochs.Select(Ladder.EpochName)];
        double landscape = Chosen.Lambda(here, MethodFamily.Landscape, stops), elastic = Chosen.Lambda(here, MethodFamily.Elastic, stops);
        int all = lab.Modes.Directions.Count, weights = lab.Stage.Space.Dimension;
        int[] counts = [.. cell.Counts.Append(cell.Modes).Append(all).Where(count => count <= all).Distinct().Order()];
        foreach (int count in counts)
        {
            context.Progress.Report(new($"number of constraints, {ladder.Name}", Array.IndexOf(counts, count), counts.Length));
            Learn(lab, ladder, Row("count", MethodFamily.Landscape, landscape, count), new LandscapeConstraints { Lambda = landscape, Modes = count });
        }

        foreach (int count in cell.Counts.Append(cell.Modes).Append(weights).Where(count => count <= weights).Distinct().Order())
            Learn(lab, ladder, Row("count", MethodFamily.Elastic, elastic, count), new ElasticWeights { Lambda = elastic, Weights = count });
        var random = lab.Modes.First(cell.Modes) with { Directions = RandomDirections(weights, Math.Min(cell.Modes, all)) };
        var method = new LandscapeConstraints { Lambda = landscape, Modes = cell.Modes };
        Learn(lab, ladder, Row("random", MethodFamily.Landscape, landscape, cell.Modes), method, method.Constrain(random, lab.Stage.Space));
    }

    /// <summary>FT-18: flatness measured, and estimated from variances with several exponents. With measured flatness it is the training of FT-15 too.</summary>
    private LearnedRun Exponents(SequenceLab lab, Ladder ladder)
    {
        var measured = new LandscapeConstraints { Lambda = cell.Lambda, Modes = cell.Modes };
        var followed = Learn(lab, ladder, Row("psi", MethodFamily.Landscape, cell.Lambda, cell.Modes), measured, follow: true);
        foreach (double psi in (double[])[2, 3, 4, 5])
            Learn(lab, ladder, Row("psi", MethodFamily.Landscape, cell.Lambda, cell.Modes) with { Psi = psi }, measured with { Flatness = FlatnessSource.Matched, Psi = psi });
        return followed;
    }

    /// <summary>FT-15: how far the weights are along the modes at every stop, without constraints and with the papers' λ.</summary>
    private IEnumerable<ModeRow> Displacements(SequenceLab lab, Ladder ladder, LearnedRun free, LearnedRun constrained)
    {
        var modes = lab.Modes.First(cell.Modes);
        return ladder.Stops.SelectMany((stop, at) => free.Displacements[at].Select((q, i) => new ModeRow
        {
            Rate = ladder.LearningRate,
            Stop = stop,
            Rank = i + 1,
            Variance = modes.Variances[i],
            Flatness = modes.Flatness![i],
            Free = q,
            Constrained = constrained.Displacements[at][i],
        }));
    }

    /// <summary>As many random directions as modes, orthonormal.</summary>
    private Directions RandomDirections(int dimension, int count)
    {
        var random = new RandomStream(cell.Seed, "random directions");
        var matrix = MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.Dense(dimension, count, (_, _) => random.NextNormal());
        return Directions.Of(matrix.QR(MathNet.Numerics.LinearAlgebra.Factorization.QRMethod.Thin).Q.ToColumnMajorArray(), dimension);
    }

    private static RunRow Row(string experiment, string method, double lambda, int count = 0) => new()
    {
        Experiment = experiment,
        Method = method,
        Lambda = lambda,
        Count = count,
        Psi = 0,
        Rate = 0,
        Stop = "",
        Iteration = 0,
        Validation = double.NaN,
        Test = double.NaN,
        First = double.NaN,
        Last = double.NaN,
        Own = double.NaN,
        Outcome = "",
    };
}
