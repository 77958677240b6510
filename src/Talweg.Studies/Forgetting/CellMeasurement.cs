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

    public CellEnding Run()
    {
        using var lab = SequenceLab.Open(cell, context, tasks, out string verdict);
        if (lab is null)
            return CellEnding.Failed(verdict);
        Measure(lab);
        return CellEnding.Measured($"learned {_runs.Count} times");
    }

    private void Measure(SequenceLab lab)
    {
        TradeOff(lab);
        if (cell.Sequence == SequenceCase.Pair)
        {
            Counts(lab);
            Exponents(lab);
            Courses(lab);
        }

        RowTable.Write(context.File(RunsFile), _runs);
        new CellResult
        {
            Weights = lab.Stage.Space.Dimension,
            Window = lab.Window,
            ZeroErrorEpoch = lab.FirstRun.ZeroErrorEpoch,
            FirstError = lab.Test(0, lab.First.Weights).Error,
            OpenModes = lab.Modes.First(cell.Modes).Flatness!.Count(flatness => flatness is null),
        }.Write(context.File(CellResult.FileName));
    }

    /// <summary>FT-16, FT-19: every method at every λ, and none.</summary>
    private void TradeOff(SequenceLab lab)
    {
        var families = MethodFamily.All(cell.Modes);
        _runs.Add(lab.Learn(Row("trade-off", MethodFamily.None, 0), new NoMethod()));
        int total = families.Count * cell.GridPoints;
        foreach (var family in families)
        {
            foreach (double lambda in family.Lambdas(cell.GridPoints))
            {
                context.Cancellation.ThrowIfCancellationRequested();
                context.Progress.Report(new("learning by every method", _runs.Count - 1, total, family.Name));
                _runs.Add(lab.Learn(Row("trade-off", family.Name, lambda, family.Name == MethodFamily.Landscape ? cell.Modes : 0), family.At(lambda)));
            }
        }
    }

    /// <summary>FT-17: the number of constraints, each method at the λ that validation chose; and as many random directions.</summary>
    private void Counts(SequenceLab lab)
    {
        double landscape = Chosen.Lambda(_runs, MethodFamily.Landscape), elastic = Chosen.Lambda(_runs, MethodFamily.Elastic);
        foreach (int count in cell.Counts)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            context.Progress.Report(new("number of constraints", cell.Counts.ToList().IndexOf(count), cell.Counts.Count));
            if (count <= lab.Modes.Directions.Count)
                _runs.Add(lab.Learn(Row("count", MethodFamily.Landscape, landscape, count), new LandscapeConstraints { Lambda = landscape, Modes = count }));
            if (count < lab.Stage.Space.Dimension)
                _runs.Add(lab.Learn(Row("count", MethodFamily.Elastic, elastic, count), new ElasticWeights { Lambda = elastic, Weights = count }));
        }

        var random = lab.Modes.First(cell.Modes) with { Directions = RandomDirections(lab.Stage.Space.Dimension) };
        var method = new LandscapeConstraints { Lambda = landscape, Modes = cell.Modes };
        _runs.Add(lab.Learn(Row("random", MethodFamily.Landscape, landscape, cell.Modes), method, method.Constrain(random, lab.Stage.Space)));
    }

    /// <summary>FT-18: flatness measured, and estimated from variances with several exponents.</summary>
    private void Exponents(SequenceLab lab)
    {
        var measured = new LandscapeConstraints { Lambda = cell.Lambda, Modes = cell.Modes };
        _runs.Add(lab.Learn(Row("psi", MethodFamily.Landscape, cell.Lambda, cell.Modes), measured));
        foreach (double psi in (double[])[2, 3, 4, 5])
        {
            context.Cancellation.ThrowIfCancellationRequested();
            _runs.Add(lab.Learn(Row("psi", MethodFamily.Landscape, cell.Lambda, cell.Modes) with { Psi = psi }, measured with { Flatness = FlatnessSource.Matched, Psi = psi }));
        }
    }

    /// <summary>FT-15: time courses and displacements without constraints, and with the papers' λ.</summary>
    private void Courses(SequenceLab lab)
    {
        var rows = new List<CourseRow>();
        var modes = lab.Modes.First(cell.Modes);
        double[] Follow(IContinualMethod method, double lambda)
        {
            var followed = lab.Follow(method);
            rows.AddRange(followed?.Course.Select(point => new CourseRow { Lambda = lambda, Iteration = point.Iteration, First = point.Errors[0], Second = point.Errors[1] }) ?? []);
            return followed is null
                ? [.. Enumerable.Repeat(double.NaN, modes.Directions.Count)]
                : [.. ModeDisplacements.Of(modes.Directions, modes.Flatness!, [.. modes.Centre], lab.Stage.Space.Flatten(followed.Value.Weights)).Displacements];
        }

        double[] free = Follow(new NoMethod(), 0);
        double[] constrained = Follow(new LandscapeConstraints { Lambda = cell.Lambda, Modes = cell.Modes }, cell.Lambda);
        RowTable.Write(context.File(CoursesFile), rows);
        RowTable.Write(context.File(ModesFile), [.. free.Select((q, i) => new ModeRow
        {
            Rank = i + 1,
            Variance = modes.Variances[i],
            Flatness = modes.Flatness![i],
            Free = q,
            Constrained = constrained[i],
        })]);
    }

    /// <summary>As many random directions as modes, orthonormal.</summary>
    private Directions RandomDirections(int dimension)
    {
        var random = new RandomStream(cell.Seed, "random directions");
        int count = Math.Min(cell.Modes, dimension);
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
        Validation = 1,
        Test = 1,
        First = 1,
        Last = 1,
        Own = 1,
        Diverged = 0,
    };
}
