using Talweg.Continual;
using Talweg.Studies.Running;

namespace Talweg.Studies.Forgetting;

/// <summary>A cell with its tables, read back from its folder, and the numbers that follow from them.</summary>
internal sealed record MeasuredCell
{
    public required ForgettingCell Cell { get; init; }

    public required CellResult Result { get; init; }

    public required IReadOnlyList<RunRow> Runs { get; init; }

    /// <summary>Of the pair; else none.</summary>
    public required IReadOnlyList<CourseRow> Courses { get; init; }

    /// <summary>Of the pair; else none.</summary>
    public required IReadOnlyList<ModeRow> Modes { get; init; }

    public static MeasuredCell Read(FinishedCell<ForgettingCell> cell)
    {
        bool isPair = cell.Cell.Sequence == SequenceCase.Pair;
        return new()
        {
            Cell = cell.Cell,
            Result = CellResult.Read(cell.File(CellResult.FileName)),
            Runs = RowTable.Read<RunRow>(cell.File(CellMeasurement.RunsFile)),
            Courses = isPair ? RowTable.Read<CourseRow>(cell.File(CellMeasurement.CoursesFile)) : [],
            Modes = isPair ? RowTable.Read<ModeRow>(cell.File(CellMeasurement.ModesFile)) : [],
        };
    }

    /// <summary>A method's runs at all λs that did not diverge, the weakest first.</summary>
    public IEnumerable<RunRow> TradeOff(string method) => Runs.Where(run => run.Experiment == "trade-off" && run.Method == method && run.Diverged == 0).OrderBy(run => run.Lambda);

    /// <summary>The run at the λ that validation chose.</summary>
    public RunRow Best(string method) => Chosen.Run(Runs, method);

    /// <summary>The area that a method's curve (ε₁, ε₂) over λ dominates, the point without any method included, which is every method's at λ = 0.</summary>
    public double Volume(string method) =>
        Hypervolume.Of(TradeOff(method).Append(Best(MethodFamily.None)).Select(run => (run.First, run.Last)));

    /// <summary>ε₁ + ε₂ against N_c, ascending in N_c; at the λ that validation chose.</summary>
    public IReadOnlyList<RunRow> Counts(string method) =>
        [.. Runs.Where(run => run.Experiment == "count" && run.Method == method).Append(Whole(method)).DistinctBy(run => run.Count).OrderBy(run => run.Count)];

    /// <summary>The run at the λ and then the N_c that validation chose, each from as many.</summary>
    public RunRow Tuned(string method) => Counts(method).OrderBy(run => run.Validation).ThenBy(run => run.Count).First();

    /// <summary>ε₁ + ε₂ with flatness estimated by ψ; 0: measured.</summary>
    public double Psi(double psi) => Sum(Runs.Single(run => run.Experiment == "psi" && run.Psi == psi));

    /// <summary>ε₁ + ε₂ with as many random directions as modes.</summary>
    public double RandomSum => Sum(Runs.Single(run => run.Experiment == "random"));

    /// <summary>ε₁ of a time course at its end, minus that at its beginning.</summary>
    public double Rise(double lambda) => Course(lambda) is [var first, .., var last] ? last.First - first.First : double.NaN;

    /// <summary>ε₂ at the end of a time course.</summary>
    public double Learned(double lambda) => Course(lambda) is [.., var last] ? last.Second : double.NaN;

    /// <summary>A time course, in order.</summary>
    public IReadOnlyList<CourseRow> Course(double lambda) => [.. Courses.Where(row => row.Lambda == lambda).OrderBy(row => row.Iteration)];

    /// <summary>Median of qᵢ/ξᵢ over the first modes that have a flatness.</summary>
    public double Reach(Func<ModeRow, double> displacement, int modes) =>
        MathNet.Numerics.Statistics.Statistics.Median(Modes.Take(modes).Where(mode => mode.Flatness is not null).Select(mode => displacement(mode) / (ModeDisplacements.ThresholdShare * mode.Flatness!.Value)));

    /// <summary>ε₁ + ε₂.</summary>
    public static double Sum(RunRow run) => run.First + run.Last;

    /// <summary>The run with all constraints that the trade-off has: N_c modes of LDC, all weights of EWC.</summary>
    private RunRow Whole(string method) => Best(method) is var best && method == MethodFamily.Elastic ? best with { Count = Result.Weights } : best;
}
