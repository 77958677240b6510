using Talweg.Statistics;
using Talweg.Studies.Running;

namespace Talweg.Studies.SgdNoise;

/// <summary>A cell of <see cref="NoisePart.Layers"/>: the three regimes of the layers' training signals.</summary>
/// <remarks>
/// The regimes are split at two times. t₁: the signal, averaged over the layers, first falls below its deviation. t₂: the change point of
/// ln s against ln t after the signal's maximum (continuous two-segment fit). Early is what lies before the signal's maximum, late what
/// lies after t₂. Logarithms of s are averaged over the layers with equal weight.
/// </remarks>
internal sealed class LayerCooling
{
    private const int FewestTimes = 8;

    /// <summary>Late times in blocks, for the jackknife.</summary>
    private const int Blocks = 5;

    private readonly SignalRow[][] _times;

    public LayerCooling(NoiseCell cell, IReadOnlyList<SignalRow> rows)
    {
        Cell = cell;
        Rows = rows;
        // The initial weights come before any time of ln t.
        _times = [.. rows.Where(row => row.Iteration > 0).GroupBy(row => row.Iteration).Select(group => group.OrderBy(row => row.Layer).ToArray())];
        double[] signal = [.. _times.Select(layers => MeanLog(layers, row => row.Signal))];
        Maximum = signal.Length == 0 ? 0 : Array.IndexOf(signal, signal.Max());
        var found = FindChange(signal);
        Change = found is null ? null : Math.Exp(found.Location);
        ChangeIsAtEdge = found?.IsAtEdge == true;
        Late = Change is { } change ? [.. _times.Where(layers => layers[0].Iteration >= change)] : [];
    }

    public NoiseCell Cell { get; }

    public IReadOnlyList<SignalRow> Rows { get; }

    /// <summary>"ReLU" or "tanh".</summary>
    public string Activation => ActivationName.Of(Cell.Network);

    /// <summary>The iteration after which the signal, averaged over layers, lies below its deviation for the first time; null if it never does.</summary>
    public long? NoiseFrom => _times.FirstOrDefault(layers => MeanLogRatio(layers) < 0)?[0].Iteration;

    /// <summary>The iteration of the greatest signal.</summary>
    public long MaximumAt => _times.Length == 0 ? 0 : _times[Maximum][0].Iteration;

    /// <summary>t₂ in iterations; null where there are too few times.</summary>
    public double? Change { get; }

    /// <summary>Whether the signal is greatest at the first or the last time measured, so that it may be greater beyond.</summary>
    public bool MaximumIsAtEdge => Maximum == 0 || Maximum == _times.Length - 1;

    /// <summary>Whether t₂ lies at the edge of where it may.</summary>
    public bool ChangeIsAtEdge { get; }

    private int Maximum { get; }

    private SignalRow[][] Late { get; }

    public static LayerCooling Read(FinishedCell<NoiseCell> cell) => new(cell.Cell, RowTable.Read<SignalRow>(cell.File(LayersMeasurement.FileName)));

    /// <summary>Mean over layers and times up to the signal's maximum of ln(signal/deviation).</summary>
    public Estimate EarlyRatio => MeanRatio(_times.Take(Maximum + 1));

    /// <summary>The same over the late times.</summary>
    public Estimate LateRatio => MeanRatio(Late);

    /// <summary>Standard deviation over the layers of their late exponents in s ~ t^−κ, over their mean; of the signal or of its deviation.</summary>
    public Estimate ExponentSpread(Func<SignalRow, double> of) => Jackknife(times =>
    {
        double[] exponents = Exponents(times, of);
        double mean = exponents.Average();
        return Math.Sqrt(exponents.Average(exponent => (exponent - mean) * (exponent - mean))) / Math.Abs(mean);
    });

    /// <summary>The rate −d ln s/dt of the later half of the late times over that of the earlier half: below 1 for a decay slower than exponential.</summary>
    public Estimate RateRatio(Func<SignalRow, double> of) => Jackknife(times => Rate(times.Skip(times.Count / 2), of) / Rate(times.Take(times.Count / 2), of));

    /// <summary>The rate −d ln s/dt of the earlier half of the late times, per update: of a signal that grows it is negative, and the ratio of two such rates would not tell.</summary>
    public Estimate EarlierRate(Func<SignalRow, double> of) => Jackknife(times => Rate(times.Take(times.Count / 2), of));

    /// <summary>The same of the later half.</summary>
    public Estimate LaterRate(Func<SignalRow, double> of) => Jackknife(times => Rate(times.Skip(times.Count / 2), of));

    /// <summary>κ of each layer's late signal.</summary>
    public double[] LateExponents => Late.Length < FewestTimes ? [] : Exponents(Late, row => row.Signal);

    private static double MeanLog(SignalRow[] layers, Func<SignalRow, double> of) => layers.Average(row => Math.Log(of(row)));

    private static double MeanLogRatio(SignalRow[] layers) => layers.Average(row => Math.Log(row.Signal / row.Deviation));

    private static Estimate MeanRatio(IEnumerable<SignalRow[]> times)
    {
        double[] ratios = [.. times.Select(MeanLogRatio)];
        return ratios.Length == 0 || !ratios.All(double.IsFinite) ? new(double.NaN, null, "") : MeanEstimate.Of(ratios, "times");
    }

    private static double[] Exponents(IReadOnlyList<SignalRow[]> times, Func<SignalRow, double> of) => [.. Enumerable.Range(0, times[0].Length).Select(layer =>
        -StraightLine.Fit([.. times.Select(layers => Math.Log(layers[layer].Iteration))], [.. times.Select(layers => Math.Log(of(layers[layer])))]).Slope)];

    private static double Rate(IEnumerable<SignalRow[]> times, Func<SignalRow, double> of)
    {
        var points = times.Select(layers => ((double)layers[0].Iteration, MeanLog(layers, of))).ToArray();
        return -StraightLine.Fit([.. points.Select(p => p.Item1)], [.. points.Select(p => p.Item2)]).Slope;
    }

    private Estimate Jackknife(Func<IReadOnlyList<SignalRow[]>, double> statistic)
    {
        if (Late.Length < FewestTimes)
            return new(double.NaN, null, "");
        SignalRow[][][] blocks = [.. Late.Chunk((Late.Length + Blocks - 1) / Blocks)];
        double Of(IEnumerable<SignalRow[][]> kept) => statistic([.. kept.SelectMany(block => block)]);
        bool defined = blocks.All(left => double.IsFinite(Of(blocks.Where(block => block != left))));
        return defined ? BlockJackknife.Of(blocks, Of).ToEstimate("blocks of late times") : new(Of(blocks), null, "");
    }

    private ChangePoint? FindChange(double[] signal)
    {
        double[] times = [.. _times.Skip(Maximum).Select(layers => Math.Log(layers[0].Iteration))];
        return times.Length < FewestTimes ? null : ChangePoint.Find(times, signal.AsSpan(Maximum));
    }
}
