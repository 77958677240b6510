using System.Globalization;
using System.Text.Json.Serialization;
using Talweg.Studies.Running;
using Talweg.Training;

namespace Talweg.Studies.InverseVarianceFlatness;

/// <summary>One training run of the study and everything that its measurements depend on.</summary>
public sealed record VarianceFlatnessCell : ICell
{
    /// <summary>Name of the data set; its checksum is part of the cell's address.</summary>
    public required string Data { get; init; }

    /// <summary>As <c>--network</c> takes it.</summary>
    public required string Network { get; init; }

    /// <summary>The layer under study, counted from 1.</summary>
    public required int Layer { get; init; }

    /// <summary>Training samples used, from the first on; 0 for all.</summary>
    public required int Samples { get; init; }

    /// <summary>B.</summary>
    public required int BatchSize { get; init; }

    /// <summary>α.</summary>
    public required double LearningRate { get; init; }

    /// <inheritdoc/>
    public required long Seed { get; init; }

    /// <summary>Whether inputs have mean 0 and deviation 1 over the training set, instead of [0, 1].</summary>
    public required bool Standardised { get; init; }

    /// <summary>How minibatches are drawn.</summary>
    [JsonConverter(typeof(JsonStringEnumConverter))]
    public required Drawing Drawing { get; init; }

    /// <summary>Training ends here at the latest.</summary>
    public required int MaxEpochs { get; init; }

    /// <summary>T in epochs; three windows follow one another after the first epoch of zero training error.</summary>
    public required int WindowEpochs { get; init; }

    /// <summary>Modes whose flatness is measured in the middle window.</summary>
    public required int Modes { get; init; }

    /// <summary>Modes, spread evenly over ln rank from 2 to 200, whose flatness is measured for each null surrogate.</summary>
    public required int NullModes { get; init; }

    /// <summary>Training samples whose margins are followed along mode 1.</summary>
    public required int MarginSamples { get; init; }

    /// <summary>Whether the recorded weights stay on disk; no part of the cell's identity.</summary>
    [JsonIgnore]
    public bool KeepTrajectory { get; init; }

    /// <summary>Whether scaling or drawing differ from the papers'.</summary>
    [JsonIgnore]
    public bool IsVariant => Standardised || Drawing != Drawing.WithoutReplacement;

    /// <inheritdoc/>
    [JsonIgnore]
    public string Label => string.Create(
        CultureInfo.InvariantCulture,
        $"B = {BatchSize}, α = {LearningRate}{(Standardised ? ", standardised inputs" : "")}{(Drawing == Drawing.WithReplacement ? ", with replacement" : "")}, seed {Seed}");
}
