using Talweg.Storage;

namespace Talweg.Studies.EinsteinRelation;

/// <summary>One row a mode of a window, in order of variance; or a direction that was fixed before.</summary>
public sealed record MotionTable
{
    /// <summary>Thermal motion's modes.</summary>
    public const string ThermalFile = "thermal-modes.parquet";

    /// <summary>Thermal motion along the directions that span its plane, which were fixed before it began.</summary>
    public const string DirectionsFile = "thermal-directions.parquet";

    /// <summary>SGD's modes.</summary>
    public const string SgdFile = "sgd-modes.parquet";

    /// <summary>σ²ᵢ.</summary>
    public required double[] Variance { get; init; }

    /// <summary>Fᵢ at level e of the whole loss, along the mode from the window's last weights; null where a side is open.</summary>
    public required double?[] Flatness { get; init; }

    /// <summary>Relaxation times in the window, T·8αL₀/Fᵢ²; null where F is, and for SGD.</summary>
    public required double?[] Relaxations { get; init; }

    /// <summary>Number of modes.</summary>
    public int Count => Variance.Length;

    /// <summary>Indices of the modes that relax at least ten times within the window, so that their variance is that of equilibrium.</summary>
    public int[] Relaxed => [.. Enumerable.Range(0, Count).Where(mode => Relaxations[mode] >= Rules.RelaxationsNeeded)];

    /// <summary>Writes the table as Parquet.</summary>
    public void Write(string path) => ParquetTable.Write(path, [
        new Column("rank", [.. Enumerable.Range(1, Count)]),
        new Column("variance", Variance),
        new Column("flatness", Flatness),
        new Column("relaxation_times", Relaxations),
    ]);

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static MotionTable Read(string path)
    {
        var table = ParquetTable.Read(path);
        return new() { Variance = table.Doubles("variance"), Flatness = table.NullableDoubles("flatness"), Relaxations = table.NullableDoubles("relaxation_times") };
    }
}
