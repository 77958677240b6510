using Talweg.Storage;

namespace Talweg.Studies.InverseVarianceFlatness;

/// <summary>One row a mode of one window, in order of variance. Numbers that were not measured for a mode are null.</summary>
public sealed record ModeTable
{
    /// <summary>σ²ᵢ, all min(T, N) of them.</summary>
    public required double[] Variance { get; init; }

    /// <summary>Variance along the same directions in the next window.</summary>
    public required double?[] HeldOutVariance { get; init; }

    /// <summary>Fᵢ at level e; null also where a side is open.</summary>
    public required double?[] Flatness { get; init; }

    /// <summary>How many sides were not found: open within the search's reach, or not settled.</summary>
    public required double?[] OpenSides { get; init; }

    /// <summary>F̂ᵢ of the fitted parabola.</summary>
    public required double?[] FitFlatness { get; init; }

    /// <summary>R² of that fit of ln L.</summary>
    public required double?[] FitRSquared { get; init; }

    /// <summary>Fᵢ at level 2.</summary>
    public required double?[] FlatnessAtLevel2 { get; init; }

    /// <summary>Fᵢ around the window's mean weights instead of its last.</summary>
    public required double?[] FlatnessAroundMean { get; init; }

    /// <summary>s = |θ(T) − θ(0)|/(√12 σ).</summary>
    public required double?[] Straightness { get; init; }

    /// <summary>Lag-1 correlation of epoch displacements.</summary>
    public required double?[] Persistence { get; init; }

    /// <summary>τᵢ = σ²ᵢ/Δᵥ,ᵢ in iterations.</summary>
    public required double?[] CorrelationTime { get; init; }

    /// <summary>Straightness along the same direction in the next window.</summary>
    public required double?[] HeldOutStraightness { get; init; }

    /// <summary>Persistence along the same direction in the next window.</summary>
    public required double?[] HeldOutPersistence { get; init; }

    /// <summary>Number of modes.</summary>
    public int Count => Variance.Length;

    /// <summary>Writes the table as Parquet.</summary>
    public void Write(string path) => ParquetTable.Write(path, [
        new Column("rank", [.. Enumerable.Range(1, Count)]),
        new Column("variance", Variance),
        new Column("held_out_variance", HeldOutVariance),
        new Column("flatness", Flatness),
        new Column("open_sides", OpenSides),
        new Column("fit_flatness", FitFlatness),
        new Column("fit_r2", FitRSquared),
        new Column("flatness_level_2", FlatnessAtLevel2),
        new Column("flatness_around_mean", FlatnessAroundMean),
        new Column("straightness", Straightness),
        new Column("persistence", Persistence),
        new Column("correlation_time", CorrelationTime),
        new Column("held_out_straightness", HeldOutStraightness),
        new Column("held_out_persistence", HeldOutPersistence),
    ]);

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static ModeTable Read(string path)
    {
        var table = ParquetTable.Read(path);
        return new()
        {
            Variance = table.Doubles("variance"),
            HeldOutVariance = table.NullableDoubles("held_out_variance"),
            Flatness = table.NullableDoubles("flatness"),
            OpenSides = table.NullableDoubles("open_sides"),
            FitFlatness = table.NullableDoubles("fit_flatness"),
            FitRSquared = table.NullableDoubles("fit_r2"),
            FlatnessAtLevel2 = table.NullableDoubles("flatness_level_2"),
            FlatnessAroundMean = table.NullableDoubles("flatness_around_mean"),
            Straightness = table.NullableDoubles("straightness"),
            Persistence = table.NullableDoubles("persistence"),
            CorrelationTime = table.NullableDoubles("correlation_time"),
            HeldOutStraightness = table.NullableDoubles("held_out_straightness"),
            HeldOutPersistence = table.NullableDoubles("held_out_persistence"),
        };
    }
}
