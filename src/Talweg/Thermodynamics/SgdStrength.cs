using Talweg.Data;
using Talweg.Networks;
using Talweg.Noise;
using Talweg.Training;

namespace Talweg.Thermodynamics;

/// <summary>How strongly SGD of given batch size and learning rate shakes the weights: the measure that other noises are matched to.</summary>
/// <param name="Samples">What SGD would learn.</param>
/// <param name="BatchSize">B.</param>
/// <param name="LearningRate">α.</param>
/// <param name="Threads">At most this many threads measure it.</param>
public sealed record SgdStrength(LabelledSamples Samples, int BatchSize, double LearningRate, int Threads = 1)
{
    /// <summary>⟨‖ξ‖²⟩ of one update: α² tr D/B · (M − B)/(M − 1) over all weights, minibatches drawn without replacement.</summary>
    /// <remarks>D is the covariance of a sample's gradient at <paramref name="weights"/>: Xiong et al., Eq. 19.</remarks>
    /// <exception cref="ArgumentException">Network and samples do not fit together, or the network is not fully connected.</exception>
    public double TotalVariance(NetworkWeights weights)
    {
        using var gradients = SampleGradients.Of(Dense(weights), Samples, WeightSpace.All(weights.Network), threads: Threads);
        return LearningRate * LearningRate * DiffusionMatrix.Of(gradients).OfBatch(BatchSize, Drawing.WithoutReplacement).Trace;
    }

    /// <summary>The weights of a fully connected network, which is what noises are measured on.</summary>
    /// <exception cref="ArgumentException">The network is another.</exception>
    internal static DenseWeights Dense(NetworkWeights weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        return weights as DenseWeights ?? throw new ArgumentException($"SGD's noise is measured on fully connected networks, but this is {weights.Network}.", nameof(weights));
    }
}
