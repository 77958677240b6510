using Talweg.Continual;

namespace Talweg.Studies.Forgetting;

/// <summary>What a cell found at one stop of its last task, and the numbers that follow from it. NaN where the stop was not reached.</summary>
internal sealed class CellAtStop
{
    private readonly MeasuredCell _cell;
    private readonly string _stop;
    private readonly IReadOnlyList<RunRow> _runs;

    public CellAtStop(MeasuredCell cell, Ladder ladder, string stop)
    {
        (_cell, Ladder, _stop) = (cell, ladder, stop);
        _runs = [.. cell.Runs.Where(run => run.Rate == ladder.LearningRate && run.Stop == stop)];
    }

    public Ladder Ladder { get; }

    public ForgettingCell Cell => _cell.Cell;

    /// <summary>Without any method.</summary>
    public RunRow Free => _runs.Single(run => run.Experiment == "trade-off" && run.Method == MethodFamily.None);

    /// <summary>With the papers' λ and N_c, and flatness measured.</summary>
    public RunRow Constrained => _runs.Single(run => run.Experiment == "psi" && run.Psi == 0);

    /// <summary>ε₁ after the first task.</summary>
    public double FirstError => _cell.Result.FirstError;

    /// <summary>A method's runs at all λs, the weakest first.</summary>
    public IEnumerable<RunRow> Tried(string method) => _runs.Where(run => run.Experiment == "trade-off" && run.Method == method).OrderBy(run => run.Lambda);

    /// <summary>Those that reached the stop.</summary>
    public IEnumerable<RunRow> TradeOff(string method) => Tried(method).Where(run => run.Reached);

    /// <summary>The run at the λ that validation chose; null where none reached the stop.</summary>
    public RunRow? Best(string method) => Chosen.Run(_runs, method);

    /// <summary>Whether that λ is the weakest or the strongest that was tried, so that a better one may lie beyond.</summary>
    public bool BestIsAtEdge(string method) => Best(method) is { } best && Tried(method).Select(run => run.Lambda).ToArray() is var tried && (best.Lambda == tried[0] || best.Lambda == tried[^1]);

    /// <summary>The mean error over all tasks at the λ that validation chose.</summary>
    public double BestError(string method) => Best(method)?.Test ?? double.NaN;

    /// <summary>The area that a method's curve (ε₁, ε₂) over λ dominates, the point without any method included, which is every method's at λ = 0.</summary>
    public double Volume(string method) => Free.Reached ? Hypervolume.Of(TradeOff(method).Append(Free).Select(run => (run.First, run.Last))) : double.NaN;

    /// <summary>ε₁ + ε₂ against N_c, ascending in N_c; at the λ that validation chose for the ladder.</summary>
    public IReadOnlyList<RunRow> Counts(string method) => [.. _runs.Where(run => run.Experiment == "count" && run.Method == method && run.Reached).OrderBy(run => run.Count)];

    /// <summary>ε₁ + ε₂ with so many constraints.</summary>
    public double Sum(string method, int count) => Counts(method).FirstOrDefault(run => run.Count == count) is { } run ? Sum(run) : double.NaN;

    /// <summary>ε₁ + ε₂ with all modes there are, or all weights.</summary>
    public double SumOfAll(string method) => Sum(method, All(method));

    /// <summary>All modes there are, or all weights.</summary>
    public int All(string method) => _cell.All(method);

    /// <summary>LDC's N_c with the least ε₁ + ε₂; null where none reached the stop.</summary>
    public int? BestCount => Counts(MethodFamily.Landscape).MinBy(Sum)?.Count;

    /// <summary>
    /// Whether the best N_c lies at the edge of what was tried, where a better one may lie beyond: the least, or all modes of a window that has fewer than there are weights.
    /// </summary>
    public bool BestCountIsAtEdge => Counts(MethodFamily.Landscape) is { Count: > 0 } counts
        && (BestCount == counts[0].Count || (BestCount == counts[^1].Count && counts[^1].Count < _cell.Result.Weights));

    /// <summary>The run with the N_c that validation chose, from as many for every method.</summary>
    public RunRow? Tuned(string method) => Counts(method).OrderBy(run => run.Validation).ThenBy(run => run.Count).FirstOrDefault();

    /// <summary>ε₁ + ε₂ with flatness estimated by ψ; 0: measured.</summary>
    public double Psi(double psi) => Sum(_runs.Single(run => run.Experiment == "psi" && run.Psi == psi));

    /// <summary>Whether that training diverged.</summary>
    public bool PsiDiverged(double psi) => _runs.Single(run => run.Experiment == "psi" && run.Psi == psi).Outcome == "diverged";

    /// <summary>ε₁ + ε₂ with as many random directions as modes.</summary>
    public double RandomSum => Sum(_runs.Single(run => run.Experiment == "random"));

    /// <summary>A share of qᵢ/ξᵢ over the constrained modes that have a flatness: 0.5 the median, 1 the largest.</summary>
    public double Reach(Func<ModeRow, double> displacement, double share)
    {
        double[] reaches = [.. _cell.Modes.Where(mode => mode.Rate == Ladder.LearningRate && mode.Stop == _stop && mode.Flatness is not null)
            .Select(mode => displacement(mode) / (ModeDisplacements.ThresholdShare * mode.Flatness!.Value))];
        return reaches.Length == 0 || reaches.Any(double.IsNaN) ? double.NaN : MathNet.Numerics.Statistics.Statistics.Quantile(reaches, share);
    }

    /// <summary>ε₁ + ε₂; NaN where the stop was not reached.</summary>
    public static double Sum(RunRow run) => run.First + run.Last;
}
