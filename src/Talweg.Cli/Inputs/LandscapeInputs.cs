using System.Globalization;
using Talweg.Cli.Rendering;
using Talweg.Data;
using Talweg.Landscapes;
using Talweg.Networks;

namespace Talweg.Cli.Inputs;

/// <summary>What a measure of a landscape is given, read and checked.</summary>
internal sealed record LandscapeInputs : IDisposable
{
    /// <summary>The weights' file, or the model's, for messages.</summary>
    public required string WeightsPath { get; init; }

    /// <summary>w₀ and the weights that stay.</summary>
    public required NetworkWeights Weights { get; init; }

    /// <summary>The weights that move.</summary>
    public required WeightSpace Space { get; init; }

    /// <summary>[K, N].</summary>
    public required Directions Directions { get; init; }

    /// <summary>What the loss is a mean over.</summary>
    public required LabelledSamples Samples { get; init; }

    /// <summary>Where the samples are from.</summary>
    public required DataNote Data { get; init; }

    /// <summary>Of a sample's loss.</summary>
    public required LandscapePrecision Precision { get; init; }

    /// <summary>How batch normalisation runs.</summary>
    public required Normalisation Normalisation { get; init; }

    /// <summary>The landscape, to be disposed.</summary>
    public Landscape Open()
    {
        if (Weights is not DenseWeights)
            TorchSetup.Prepare(threads: 1);                    // directions already take a thread each
        var landscape = Landscape.Of(Weights, Samples, Space, Precision, normalisation: Normalisation);
        if (landscape.Path != "fused")
            TorchSetup.Prepare(threads: 1);
        return landscape;
    }

    /// <summary>Frees a TorchScript file's module.</summary>
    public void Dispose() => (Weights.Network as IDisposable)?.Dispose();

    /// <summary>Refuses weights at which the loss is not a number.</summary>
    public void RequireFiniteLoss(Landscape landscape)
    {
        if (!double.IsFinite(landscape.LossAtOrigin))
            throw new InputException(WeightsPath, "loss at these weights", landscape.LossAtOrigin.ToString(CultureInfo.InvariantCulture), "a number, of which slopes can be taken");
    }

    /// <summary>Refuses weights whose loss no multiple of bounds a valley.</summary>
    public void RequirePositiveLoss(Landscape landscape)
    {
        if (!(landscape.LossAtOrigin > 0 && double.IsFinite(landscape.LossAtOrigin)))
            throw new InputException(WeightsPath, "loss at these weights", landscape.LossAtOrigin.ToString(CultureInfo.InvariantCulture), "a positive number, of which a multiple bounds the valley");
    }
}
