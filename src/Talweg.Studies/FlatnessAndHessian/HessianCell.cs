using System.Globalization;
using System.Text.Json.Serialization;
using Talweg.Studies.Running;

namespace Talweg.Studies.FlatnessAndHessian;

/// <summary>One trained network and everything that its measurements depend on.</summary>
public sealed record HessianCell : ICell
{
    /// <summary>Name of the data set; its checksum is part of the cell's address.</summary>
    public required string Data { get; init; }

    /// <summary>As <c>--network</c> takes it.</summary>
    public required string Network { get; init; }

    /// <summary>The layer under study, counted from 1.</summary>
    public required int Layer { get; init; }

    /// <summary>M, the training samples, from the first on; 0 for all.</summary>
    public required int Samples { get; init; }

    /// <summary>B.</summary>
    public required int BatchSize { get; init; }

    /// <summary>α.</summary>
    public required double LearningRate { get; init; }

    /// <inheritdoc/>
    public required long Seed { get; init; }

    /// <summary>Training ends here at the latest.</summary>
    public required int MaxEpochs { get; init; }

    /// <summary>The window in epochs, from zero training error on.</summary>
    public required int WindowEpochs { get; init; }

    /// <summary>Principal modes that are measured, at most; 0 for all.</summary>
    public required int Modes { get; init; }

    /// <summary>Eigenvectors of the Hessian from either end.</summary>
    public required int Eigenpairs { get; init; }

    /// <summary>Random directions, and as many again within the span of vanishing curvature.</summary>
    public required int RandomDirections { get; init; }

    /// <inheritdoc/>
    [JsonIgnore]
    public string Label => string.Create(CultureInfo.InvariantCulture, $"{Activation}, seed {Seed}");

    /// <summary>"ReLU" or "tanh".</summary>
    [JsonIgnore]
    public string Activation => ActivationName.Of(Network);
}
