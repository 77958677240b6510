using Talweg.Statistics;
using Talweg.Studies.Running;

namespace Talweg.Studies.FlatnessAndHessian;

/// <summary>A cell with what it found, read back from its folder, and the numbers that follow from it.</summary>
internal sealed record MeasuredCell(HessianCell Cell, CellResult Result, IReadOnlyList<DirectionRow> Rows)
{
    /// <summary>The claims are about modes 2 to 200.</summary>
    private const int FirstMode = 2, LastMode = 200;

    /// <summary>Of the Hessian's largest eigenvalue: what is below it in magnitude may be rounding.</summary>
    public const double Rounding = 1e-12;

    public static MeasuredCell Read(FinishedCell<HessianCell> cell) =>
        new(cell.Cell, CellResult.Read(cell.File(CellResult.FileName)), RowTable.Read<DirectionRow>(cell.File(CellResult.DirectionsFile)));

    public IReadOnlyList<DirectionRow> Of(string kind) => [.. Rows.Where(row => row.Kind == kind)];

    /// <summary>SGD's modes from the second on.</summary>
    public IReadOnlyList<DirectionRow> Modes => [.. Of(DirectionRow.Mode).Where(row => row.Rank >= FirstMode)];

    /// <summary>Modes 2 to 200.</summary>
    public IReadOnlyList<DirectionRow> FewModes => [.. Modes.Where(row => row.Rank <= LastMode)];

    /// <summary>Whether a curvature is negative by more than rounding.</summary>
    public bool IsNegative(DirectionRow row) => row.Curvature < -Rounding * Result.Spectrum[0];

    /// <summary>Whether the Hessian alone would call the direction open: a parabola of that curvature reaches the level only beyond the search, or never.</summary>
    public bool IsFlat(DirectionRow row) => row.Curvature <= Result.Vanishing;

    /// <summary>F on a parabola of this curvature around L₀: 2√(2(e − 1)L₀/λ).</summary>
    public double Parabola(DirectionRow row) => Parabola(row.Curvature);

    /// <inheritdoc cref="Parabola(DirectionRow)"/>
    public double Parabola(double curvature) => 2 * Math.Sqrt(2 * (Math.E - 1) * Result.Loss / curvature);

    /// <summary>F where not L but ln L is a parabola of this curvature at its minimum, as FT-6 finds: √(8L₀/λ), 1/√(e − 1) = 0.763 of the above.</summary>
    public double LogParabola(DirectionRow row) => LogParabola(row.Curvature);

    /// <inheritdoc cref="LogParabola(DirectionRow)"/>
    public double LogParabola(double curvature) => Math.Sqrt(8 * Result.Loss / curvature);

    /// <summary>F on a parabola with the slope g at w₀, where L need not be at its minimum: 2√(g² + 2λ(e − 1)L₀)/λ.</summary>
    public double ParabolaWithSlope(DirectionRow row) =>
        2 * Math.Sqrt(row.Slope * row.Slope + 2 * row.Curvature * (Math.E - 1) * Result.Loss) / row.Curvature;

    /// <summary>Spearman's ρ of F and pᵀHp over the directions where F is defined.</summary>
    public static Estimate Rank(IReadOnlyList<DirectionRow> rows)
    {
        DirectionRow[] defined = [.. rows.Where(row => row.Flatness is not null)];
        if (defined.Length < 3)
            return new(double.NaN, null, "");
        var rank = Correlation.Spearman([.. defined.Select(row => row.Flatness!.Value)], [.. defined.Select(row => row.Curvature)]);
        return new(rank.Coefficient, rank.Interval, $"{rank.Count} directions");
    }

    /// <summary>1 − Σ (ln F − ln F_H)²/Σ (ln F − mean)² over directions with both: nothing is fitted, so it may be negative.</summary>
    public static double Explained(IReadOnlyList<DirectionRow> rows, Func<DirectionRow, double> prediction)
    {
        (double Found, double Predicted)[] logs = [.. Pairs(rows, prediction)];
        if (logs.Length < 3)
            return double.NaN;
        double mean = logs.Average(pair => pair.Found);
        return 1 - logs.Sum(pair => Math.Pow(pair.Found - pair.Predicted, 2)) / logs.Sum(pair => Math.Pow(pair.Found - mean, 2));
    }

    /// <summary>The median of F/F_H over directions with both.</summary>
    public static double MedianRatio(IReadOnlyList<DirectionRow> rows, Func<DirectionRow, double> prediction)
    {
        double[] ratios = [.. Pairs(rows, prediction).Select(pair => Math.Exp(pair.Found - pair.Predicted)).Order()];
        return ratios.Length == 0 ? double.NaN : (ratios[(ratios.Length - 1) / 2] + ratios[ratios.Length / 2]) / 2;
    }

    private static IEnumerable<(double Found, double Predicted)> Pairs(IReadOnlyList<DirectionRow> rows, Func<DirectionRow, double> prediction) =>
        rows.Where(row => row.Flatness is not null && row.Curvature > 0).Select(row => (Math.Log(row.Flatness!.Value), Math.Log(prediction(row))));
}
