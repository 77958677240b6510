using Talweg.Data;
using Talweg.Networks;

namespace Talweg.Landscapes;

/// <summary>Whether network, samples and weight space belong together, and a module is a function of weights and samples: asked before a measure's first number.</summary>
internal static class NetworkFit
{
    /// <exception cref="ArgumentException">They do not.</exception>
    /// <exception cref="InputException">The module is no such function.</exception>
    public static void Require(NetworkWeights weights, LabelledSamples samples, WeightSpace space, Normalisation normalisation = Normalisation.Evaluation)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(space);
        if (!weights.Network.Equals(space.Network))
            throw new ArgumentException($"The weight space belongs to {space.Network}, but the weights to {weights.Network}.", nameof(space));
        Require(weights, samples, normalisation);
    }

    /// <exception cref="ArgumentException">They do not.</exception>
    /// <exception cref="InputException">The module is no such function.</exception>
    public static void Require(NetworkWeights weights, LabelledSamples samples, Normalisation normalisation = Normalisation.Evaluation)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(samples);
        var network = weights.Network;
        if (samples.Width != network.Inputs || samples.Classes > network.Outputs)
            throw new ArgumentException($"{network} takes {network.Inputs} inputs and {network.Outputs} classes, but the samples have {samples.Width} and {samples.Classes}.", nameof(samples));
        ModuleExamination.Require(weights, samples, normalisation);
    }
}
