using System.Globalization;
using System.Text.Json.Serialization;
using Talweg.Studies.Running;

namespace Talweg.Studies.SgdNoise;

/// <summary>Which part of the study a cell measures.</summary>
public enum NoisePart
{
    /// <summary>Minibatch ensembles, temperatures and velocities along the modes of a recorded window (FT-11 to FT-14).</summary>
    Modes,

    /// <summary>Every term of the random-landscape theory on a network small enough for minibatch Hessians (FT-11, FT-13).</summary>
    Theory,

    /// <summary>Training signal and deviation of every layer during training (MU-1).</summary>
    Layers,
}

/// <summary>One training run of the study and everything that its measurements depend on.</summary>
public sealed record NoiseCell : ICell
{
    /// <summary>What is measured.</summary>
    [JsonConverter(typeof(JsonStringEnumConverter))]
    public required NoisePart Part { get; init; }

    /// <summary>Name of the data set; its checksum is part of the cell's address.</summary>
    public required string Data { get; init; }

    /// <summary>As <c>--network</c> takes it.</summary>
    public required string Network { get; init; }

    /// <summary>The layer under study, counted from 1; 0 for all (<see cref="NoisePart.Layers"/>).</summary>
    public required int Layer { get; init; }

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

    /// <summary>T in epochs; the windows follow one another after the first epoch of zero training error. 0: nothing is recorded.</summary>
    public required int WindowEpochs { get; init; }

    /// <summary>Number of windows.</summary>
    public required int Windows { get; init; }

    /// <summary>Modes that are measured.</summary>
    public required int Modes { get; init; }

    /// <summary>Modes, spread evenly over ln rank, whose ensemble is measured outside the middle window and whose flatness is for each null surrogate.</summary>
    public required int FewModes { get; init; }

    /// <summary>Times of training, spread evenly over ln iteration, at which temperatures or signals are measured.</summary>
    public required int Times { get; init; }

    /// <inheritdoc/>
    [JsonIgnore]
    public string Label => string.Create(CultureInfo.InvariantCulture, $"{Subject}, seed {Seed}");

    /// <summary>What the cell's seeds have in common.</summary>
    [JsonIgnore]
    internal string Subject => string.Create(CultureInfo.InvariantCulture, $"{Part switch { NoisePart.Modes => "modes", NoisePart.Theory => "theory", _ => "layers" }} of {Network}, B = {BatchSize}, α = {LearningRate}");
}
