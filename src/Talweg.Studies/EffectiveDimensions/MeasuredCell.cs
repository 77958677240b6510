using Talweg.Landscapes;
using Talweg.Studies.Running;
using Talweg.Trajectories;

namespace Talweg.Studies.EffectiveDimensions;

/// <summary>A cell with its tables, read back from its folder, and the dimensions that follow from them.</summary>
internal sealed record MeasuredCell
{
    public required DimensionCell Cell { get; init; }

    public required CellResult Result { get; init; }

    public required IReadOnlyList<ModeRow> Modes { get; init; }

    public required ILookup<string, SurrogateRow> Nulls { get; init; }

    public int Weights => Cell.Width * Cell.Width;

    /// <summary>D_s where it is known: not where the last mode with a direction is sharp and weights are left that have none.</summary>
    public double EffectiveValue => IsBounded ? Effective.Value : double.NaN;

    /// <summary>Whether the last mode measured is flat, or no further ones exist.</summary>
    public bool IsBounded => !Effective.GoesOn || Effective.Modes == Weights;

    /// <summary>D_s over the modes that have a direction.</summary>
    public EffectiveDimension Effective => EffectiveOf(Modes, row => row.Rank, row => row.Measured, row => row.Flatness);

    public int Learning(double fraction) => ExplainedVariance.Modes([.. Modes.Select(row => row.Variance)], fraction);

    /// <summary>D_s along a surrogate's modes around the real w₀.</summary>
    public EffectiveDimension EffectiveOfNull(string surrogate) => EffectiveOf([.. Nulls[surrogate]], row => row.Rank, row => row.Measured, row => row.Flatness);

    /// <summary>D_L without the drift mode, as the published 35 modes were counted.</summary>
    public int LearningWithoutFirst(double fraction) => ExplainedVariance.ModesWithoutFirst([.. Modes.Select(row => row.Variance)], fraction);

    public int LearningOfNull(string surrogate, double fraction) => ExplainedVariance.Modes([.. Nulls[surrogate].Select(row => row.Variance)], fraction);

    public static MeasuredCell Read(FinishedCell<DimensionCell> cell) => new()
    {
        Cell = cell.Cell,
        Result = CellResult.Read(cell.File(CellResult.FileName)),
        Modes = RowTable.Read<ModeRow>(cell.File(CellMeasurement.ModesFile)),
        Nulls = RowTable.Read<SurrogateRow>(cell.File(CellMeasurement.NullsFile)).ToLookup(row => row.Surrogate),
    };

    /// <summary>Counted up to the last rank measured, which is that of the last mode with a direction.</summary>
    private EffectiveDimension EffectiveOf<TRow>(IReadOnlyList<TRow> rows, Func<TRow, int> rank, Func<TRow, int> isMeasured, Func<TRow, double?> flatness)
    {
        TRow[] measured = [.. rows.Where(row => isMeasured(row) == 1)];
        if (measured.Length == 0)
            throw new InputException(Cell.Label, "modes", "none that has a direction", "at least one: where nothing moves there is no D_s; remove the cell's folder to measure it anew");
        int[] ranks = [.. measured.Select(rank)];
        return EffectiveDimension.Of(ranks, [.. measured.Select(flatness)], Result.Norm, ranks[^1]);
    }
}
