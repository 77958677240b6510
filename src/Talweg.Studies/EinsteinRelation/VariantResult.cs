using Talweg.Studies.Running;
using Talweg.Training;

namespace Talweg.Studies.EinsteinRelation;

/// <summary>What a variant of the noise led to.</summary>
public sealed record VariantResult
{
    /// <summary>Its file in the cell's folder.</summary>
    public const string FileName = "variant.json";

    /// <summary>Updates an epoch: 1 with full batches.</summary>
    public required int UpdatesPerEpoch { get; init; }

    /// <summary>Losses and errors as they were taken; the same updates for every variant.</summary>
    public required IReadOnlyList<EpochRecord> Curve { get; init; }

    /// <summary>The first update at which zero training error was seen; null if it was not.</summary>
    public required long? ZeroErrorUpdate { get; init; }

    /// <summary>Geometric mean of F at the end along fixed random directions of the layer under study; NaN if all sides are open.</summary>
    public required double RandomFlatness { get; init; }

    /// <summary>The same along the top eigenvectors of the Hessian there.</summary>
    public required double SharpFlatness { get; init; }

    /// <summary>Directions left out of these means, a side being open.</summary>
    public required int OpenDirections { get; init; }

    /// <summary>The last record.</summary>
    internal EpochRecord Last => Curve[^1];

    /// <summary>Writes it as JSON.</summary>
    public void Write(string path) => ResultFile.Write(path, this);

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static VariantResult Read(string path) => ResultFile.Read<VariantResult>(path, "a variant's result");
}
