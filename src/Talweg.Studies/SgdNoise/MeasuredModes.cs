using Talweg.Studies.Running;

namespace Talweg.Studies.SgdNoise;

/// <summary>A cell of <see cref="NoisePart.Modes"/> with its tables, read back from its folder.</summary>
internal sealed record MeasuredModes
{
    public required NoiseCell Cell { get; init; }

    /// <summary>One table a window, in order of time.</summary>
    public required IReadOnlyList<IReadOnlyList<MotionRow>> Motion { get; init; }

    public required IReadOnlyList<IReadOnlyList<EnsembleRow>> Ensembles { get; init; }

    public required IReadOnlyList<TemperatureRow> Temperatures { get; init; }

    public required IReadOnlyList<TemperatureRow> TemperatureProfiles { get; init; }

    public required IReadOnlyList<TemperatureRow> OverTraining { get; init; }

    public required IReadOnlyList<SurrogateRow> Nulls { get; init; }

    public required IReadOnlyList<ProfileRow> MinibatchProfiles { get; init; }

    public required IReadOnlyList<ValleyRow> Valleys { get; init; }

    /// <summary>The window that findings speak of, unless they say otherwise.</summary>
    public int Middle => Motion.Count / 2;

    /// <summary>The middle window's ensembles of modes 2 to 200.</summary>
    public IEnumerable<EnsembleRow> Diffusive => Ensembles[Middle].Where(row => row.Rank is >= 2 and <= 200);

    /// <summary>⟨v²⟩ of the middle window's modes, by rank.</summary>
    public IReadOnlyDictionary<int, double> MeanSquareVelocity =>
        Motion[Middle].ToDictionary(row => row.Rank, row => row.VelocityVariance + row.MeanVelocity * row.MeanVelocity);

    public static MeasuredModes Read(FinishedCell<NoiseCell> cell) => new()
    {
        Cell = cell.Cell,
        Motion = [.. Enumerable.Range(0, cell.Cell.Windows).Select(window => RowTable.Read<MotionRow>(cell.File(ModesMeasurement.MotionFile(window))))],
        Ensembles = [.. Enumerable.Range(0, cell.Cell.Windows).Select(window => RowTable.Read<EnsembleRow>(cell.File(ModesMeasurement.EnsembleFile(window))))],
        Temperatures = RowTable.Read<TemperatureRow>(cell.File("temperatures.parquet")),
        TemperatureProfiles = RowTable.Read<TemperatureRow>(cell.File("temperature-profiles.parquet")),
        OverTraining = RowTable.Read<TemperatureRow>(cell.File("temperatures-over-training.parquet")),
        Nulls = RowTable.Read<SurrogateRow>(cell.File("nulls.parquet")),
        Valleys = RowTable.Read<ValleyRow>(cell.File("minibatch-valleys.parquet")),
        MinibatchProfiles = RowTable.Read<ProfileRow>(cell.File("minibatch-profiles.parquet")),
    };
}
