using System.Globalization;
using System.Text.Json.Serialization;
using Talweg.Studies.Running;

namespace Talweg.Studies.EinsteinRelation;

/// <summary>What a cell of the study does.</summary>
public enum EinsteinTask
{
    /// <summary>FT-20: SGD to a solution, then thermal motion on the same landscape from there.</summary>
    Control,

    /// <summary>FT-21 (a): full-batch gradient descent.</summary>
    Descent,

    /// <summary>FT-21 (b): with isotropic noise as strong as SGD's at the initial weights.</summary>
    ConstantNoise,

    /// <summary>FT-21 (c): with isotropic noise as strong as SGD's at every refresh.</summary>
    FollowingNoise,

    /// <summary>FT-21 (d): with noise of that strength that is spread by flatness.</summary>
    FlatnessNoise,

    /// <summary>FT-21 (e): SGD.</summary>
    Sgd,
}

/// <summary>One run of the study and everything that its measurements depend on; what a task does not use is 0.</summary>
public sealed record EinsteinCell : ICell
{
    /// <summary>What it does.</summary>
    [JsonConverter(typeof(JsonStringEnumConverter))]
    public required EinsteinTask Task { get; init; }

    /// <summary>Name of the data set; its checksum is part of the cell's address.</summary>
    public required string Data { get; init; }

    /// <summary>As <c>--network</c> takes it.</summary>
    public required string Network { get; init; }

    /// <summary>The layer under study, counted from 1.</summary>
    public required int Layer { get; init; }

    /// <summary>M, the training samples, from the first on.</summary>
    public required int Samples { get; init; }

    /// <summary>B of SGD, and of the SGD whose noise the others imitate.</summary>
    public required int BatchSize { get; init; }

    /// <summary>α of SGD and of gradient descent.</summary>
    public required double LearningRate { get; init; }

    /// <inheritdoc/>
    public required long Seed { get; init; }

    /// <summary>Control: SGD ends here at the latest.</summary>
    public int MaxEpochs { get; init; }

    /// <summary>Control: SGD's window in epochs, from zero training error on.</summary>
    public int WindowEpochs { get; init; }

    /// <summary>Control: K, the number of the Hessian's top eigenvectors in whose span thermal motion takes place.</summary>
    public int Directions { get; init; }

    /// <summary>Control: T, steps of thermal motion in the window.</summary>
    public int Steps { get; init; }

    /// <summary>Variants: updates.</summary>
    public int Updates { get; init; }

    /// <summary>Variants with noise: updates from one refresh of its strength to the next.</summary>
    public int RefreshEvery { get; init; }

    /// <summary>Flatness noise: directions a layer.</summary>
    public int NoiseDirections { get; init; }

    /// <inheritdoc/>
    [JsonIgnore]
    public string Label => string.Create(CultureInfo.InvariantCulture, $"{Name(Task)}, seed {Seed}");

    /// <summary>A task in a few words.</summary>
    public static string Name(EinsteinTask task) => task switch
    {
        EinsteinTask.Control => "thermal control",
        EinsteinTask.Descent => "gradient descent",
        EinsteinTask.ConstantNoise => "+ constant isotropic noise",
        EinsteinTask.FollowingNoise => "+ isotropic noise, SGD's strength",
        EinsteinTask.FlatnessNoise => "+ noise spread by flatness",
        _ => "SGD",
    };
}
