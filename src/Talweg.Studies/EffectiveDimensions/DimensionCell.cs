using System.Globalization;
using System.Text.Json.Serialization;
using Talweg.Studies.Running;

namespace Talweg.Studies.EffectiveDimensions;

/// <summary>One training run of the study and everything that its measurements depend on.</summary>
public sealed record DimensionCell : ICell
{
    /// <summary>Name of the data set; its checksum is part of the cell's address.</summary>
    public required string Data { get; init; }

    /// <summary>W: units of both hidden layers; the layer under study has N = W² weights.</summary>
    public required int Width { get; init; }

    /// <summary>Training samples used, from the first on; 0 for all.</summary>
    public required int Samples { get; init; }

    /// <summary>B.</summary>
    public required int BatchSize { get; init; }

    /// <summary>α.</summary>
    public required double LearningRate { get; init; }

    /// <inheritdoc/>
    public required long Seed { get; init; }

    /// <summary>Training ends here at the latest.</summary>
    public required int MaxEpochs { get; init; }

    /// <summary>The window in epochs; it follows the first epoch of zero training error.</summary>
    public required int WindowEpochs { get; init; }

    /// <summary>Every so many iterations are recorded; a divisor of those an epoch has.</summary>
    public required int RecordEvery { get; init; }

    /// <summary>Ranks up to this are all measured; beyond, they are sampled.</summary>
    public required int AllModes { get; init; }

    /// <summary>Ranks sampled beyond, evenly over ln rank; as many in all for each null surrogate.</summary>
    public required int SampledModes { get; init; }

    /// <inheritdoc/>
    [JsonIgnore]
    public string Label => string.Create(CultureInfo.InvariantCulture, $"width {Width}, seed {Seed}");
}
