using Talweg.Continual;
using Talweg.Networks;
using Talweg.Tests.Networks;

namespace Talweg.Tests.Continual;

/// <summary>More samples than pass through frozen layers at once (500).</summary>
public sealed class ManyFeaturesTests
{
    [Fact]
    public void Every_sample_has_its_own_features()
    {
        const int count = 1203;
        var network = new FullyConnected([5, 4, 4, 3], activation: Activation.Tanh);
        var weights = DenseWeights.Draw(network, Initialisation.PyTorch, seed: 1);
        var samples = SmallNetworks.Clouds(count, 5, 3, seed: 1);
        var features = FrozenFeatures.Of(weights).Of(samples);
        Assert.Equal((count, 4), (features.Count, features.Width));
        Assert.Equal(samples.Labels, features.Labels);
        for (int sample = 0; sample < count; sample++)
        {
            var x = samples.Input(sample).ToArray();
            for (int unit = 0; unit < 4; unit++)
                Close.Assert(Math.Tanh(Enumerable.Range(0, 5).Sum(i => (double)weights.Matrices[0][unit * 5 + i] * x[i])), features.Input(sample)[unit], 1e-6, 1, $"unit {unit} of sample {sample}");
        }
    }
}
