using Talweg.Data;
using Talweg.Networks;

namespace Talweg.Landscapes;

/// <summary>Whether network, samples and weight space belong together.</summary>
internal static class NetworkFit
{
    /// <exception cref="ArgumentException">They do not.</exception>
    public static void Require(NetworkWeights weights, LabelledSamples samples, WeightSpace space)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(space);
        if (!weights.Network.Equals(space.Network))
            throw new ArgumentException($"The weight space belongs to {space.Network}, but the weights to {weights.Network}.", nameof(space));
        Require(weights, samples);
    }

    /// <exception cref="ArgumentException">They do not.</exception>
    public static void Require(NetworkWeights weights, LabelledSamples samples)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(samples);
        var network = weights.Network;
        if (samples.Width != network.Inputs || samples.Classes > network.Outputs)
            throw new ArgumentException($"{network} takes {network.Inputs} inputs and {network.Outputs} classes, but the samples have {samples.Width} and {samples.Classes}.", nameof(samples));
    }
}
