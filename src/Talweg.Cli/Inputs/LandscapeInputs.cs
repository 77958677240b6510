using System.Globalization;
using Talweg.Data;
using Talweg.Landscapes;
using Talweg.Networks;

namespace Talweg.Cli.Inputs;

/// <summary>What a measure of a landscape is given, read and checked.</summary>
internal sealed record LandscapeInputs
{
    /// <summary>The weights' file, for messages.</summary>
    public required string WeightsPath { get; init; }

    /// <summary>w₀ and the weights that stay.</summary>
    public required DenseWeights Weights { get; init; }

    /// <summary>The weights that move.</summary>
    public required WeightSpace Space { get; init; }

    /// <summary>[K, N].</summary>
    public required Directions Directions { get; init; }

    /// <summary>What the loss is a mean over.</summary>
    public required LabelledSamples Samples { get; init; }

    /// <summary>Of a sample's loss.</summary>
    public required LandscapePrecision Precision { get; init; }

    /// <summary>The landscape, to be disposed.</summary>
    public Landscape Open()
    {
        var landscape = Landscape.Of(Weights, Samples, Space, Precision);
        if (landscape.Path != "fused")
            TorchSetup.Prepare(threads: 1);                    // directions already take a thread each
        return landscape;
    }

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
