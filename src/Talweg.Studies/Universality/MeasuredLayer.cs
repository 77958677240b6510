using Talweg.Statistics;
using Talweg.Studies.Running;

namespace Talweg.Studies.Universality;

/// <summary>One layer of one cell with what was found, read back from the cell's folder.</summary>
internal sealed record MeasuredLayer(UniversalityCell Cell, CellResult Result, LayerResult Layer, IReadOnlyList<LayerModeRow> Modes, IReadOnlyList<LayerNullRow> Nulls)
{
    /// <summary>Modes below this number have no correlation and no law.</summary>
    private const int FewestModes = 10;

    /// <summary>"four hidden layers, layer 2 (50×50)".</summary>
    public string Name => $"{Cell.Definition.Label}, layer {Layer.Layer} ({string.Join('×', Layer.Shape)})";

    /// <summary>Modes from rank 2 on with a flatness and a variance.</summary>
    public IReadOnlyList<LayerModeRow> Points => [.. Modes.Where(mode => mode is { Rank: >= 2, Flatness: not null, Variance: > 0 })];

    /// <summary>Modes whose flatness was looked for and not found.</summary>
    public int LeftOut => Modes.Count(mode => mode is { Rank: >= 2, OpenSides: > 0 });

    /// <summary>Spearman's correlation of σ²ᵢ and Fᵢ, with Fisher's interval over modes.</summary>
    public Estimate RankCorrelation => Spearman([.. Points.Select(mode => mode.Variance)], [.. Points.Select(mode => mode.Flatness!.Value)]);

    /// <summary>The same with the next window's variances along the same modes.</summary>
    public double HeldOut => Spearman([.. Points.Select(mode => mode.HeldOutVariance)], [.. Points.Select(mode => mode.Flatness!.Value)]).Value;

    /// <summary>σ² ~ F^−ψ by least squares in logarithms; null with too few modes.</summary>
    public PowerLawFit? Law => Points.Count < FewestModes ? null : PowerLaw.LeastSquares([.. Points.Select(mode => mode.Flatness!.Value)], [.. Points.Select(mode => mode.Variance)]);

    /// <summary>The surrogate's correlation.</summary>
    public Estimate Null(string surrogate)
    {
        var rows = Nulls.Where(row => row.Surrogate == surrogate && row is { Flatness: not null, Variance: > 0 }).ToArray();
        return Spearman([.. rows.Select(row => row.Variance)], [.. rows.Select(row => row.Flatness!.Value)], fewest: 4);
    }

    public static IEnumerable<MeasuredLayer> Read(FinishedCell<UniversalityCell> cell)
    {
        var result = CellResult.Read(cell.File("result.json"));
        return result.Layers.Select(layer => new MeasuredLayer(
            cell.Cell,
            result,
            layer,
            RowTable.Read<LayerModeRow>(cell.File(CellMeasurement.ModesFile(layer.Layer))),
            RowTable.Read<LayerNullRow>(cell.File(CellMeasurement.NullsFile(layer.Layer)))));
    }

    private static Estimate Spearman(double[] variances, double[] flatness, int fewest = FewestModes) =>
        variances.Length < fewest || flatness.Distinct().Count() < 2 || variances.Distinct().Count() < 2
            ? new(double.NaN, null, "")
            : Correlation.Spearman(variances, flatness).ToEstimate("modes");
}
