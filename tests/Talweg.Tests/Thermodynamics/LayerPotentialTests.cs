using Talweg.Data;
using Talweg.Networks;
using Talweg.Tests.Networks;
using Talweg.Thermodynamics;
using static TorchSharp.torch;

namespace Talweg.Tests.Thermodynamics;

public sealed class LayerPotentialTests
{
    public static TheoryData<string, int> Layers =>
        [.. SmallNetworks.Names.SelectMany(row => Enumerable.Range(1, FullyConnected.Parse(row.Data).Layers).Select(layer => (row.Data, layer)))];

    [Theory, MemberData(nameof(Layers))]
    public void Loss_and_gradient_are_those_of_autograd(string name, int layer)
    {
        var network = SmallNetworks.Get(name);
        var space = WeightSpace.Of(network.Network, layer);
        using var potential = LayerPotential.Of(network.Weights, network.Samples, space);
        double[] direction = SmallNetwork.RandomDirection(space.Dimension, 2);
        float[] start = space.Flatten(network.Weights);
        foreach (double t in new[] { 0, 0.7, 40.0 })   // far out some samples are wrong by tens of nats
        {
            double[] weights = [.. start.Select((w, i) => (double)(float)(w + t * direction[i]))];
            double[] gradient = new double[weights.Length];
            gradient[0] = double.NaN;                  // whatever was there before
            double loss = potential.Gradient(weights, gradient);

            using var reference = new TorchReference(space.With(network.Weights, [.. weights.Select(w => (float)w)]), network.Samples);
            Close.Assert(reference.Loss(), loss, 2e-6, 1e-6);
            double[] expected = Gradient(reference, network.Samples, layer - 1);
            double largest = expected.Max(Math.Abs);
            // Single precision: a hundred terms of either sign, each rounded at 6e-8.
            for (int i = 0; i < expected.Length; i++)
                Close.Assert(expected[i], gradient[i], 5e-6, largest, $"component {i} at {t}");
        }
    }

    [Fact]
    public void A_tiny_loss_keeps_its_relative_precision()
    {
        var network = FullyConnected.Of(4, 3, 2);
        var weights = DenseWeights.Of(network, [[3, 0, 0, 0, 0, 3, 0, 0, 0, 0, 1, 1], [5, -5, 0, -5, 5, 0]]);
        var samples = new LabelledSamples([1, 0, 0, 0, 0, 1, 0, 0], [0, 1], 4, 2);
        var space = WeightSpace.Of(network, 2);
        using var potential = LayerPotential.Of(weights, samples, space);
        double[] gradient = new double[6];
        // Margins are 30: the loss is ln(1 + e⁻³⁰), and the input 3 of either sample moves its two logits apart.
        Close.Assert(Math.Exp(-30), potential.Gradient([.. space.Flatten(weights).Select(w => (double)w)], gradient), 1e-6);
        double slope = 1.5 * Math.Exp(-30);
        double[] expected = [-slope, slope, 0, slope, -slope, 0];
        for (int i = 0; i < 6; i++)
            Close.Assert(expected[i], gradient[i], 1e-6, slope);
    }

    [Fact]
    public void The_same_weights_give_the_same_bits_and_others_do_not_matter()
    {
        var network = SmallNetworks.Get("fc:5-13-9-3");
        var space = WeightSpace.Of(network.Network, 2);
        using var potential = LayerPotential.Of(network.Weights, network.Samples, space);
        double[] weights = [.. space.Flatten(network.Weights).Select(w => (double)w)];
        double[] first = new double[weights.Length];
        double[] other = new double[weights.Length];
        double[] again = new double[weights.Length];
        double loss = potential.Gradient(weights, first);
        Assert.NotEqual(loss, potential.Gradient([.. weights.Select(w => 2 * w)], other));
        Assert.Equal(loss, potential.Gradient(weights, again));
        Assert.Equal(first, again);
        Assert.NotEqual(first, other);
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        var network = SmallNetworks.Get("fc:17-21-4,bias");
        var space = WeightSpace.Of(network.Network, 1);
        Assert.Contains("one layer's matrix, but the weight space has 2 parts", Assert.Throws<ArgumentException>(() => LayerPotential.Of(network.Weights, network.Samples, WeightSpace.Of(network.Network, 1, 2))).Message);
        Assert.Contains("one layer's matrix", Assert.Throws<ArgumentException>(() => LayerPotential.Of(network.Weights, network.Samples, WeightSpace.Of(network.Network, [1], withBiases: true))).Message);
        Assert.Contains("belongs to fc:17-4", Assert.Throws<ArgumentException>(() => LayerPotential.Of(network.Weights, network.Samples, WeightSpace.Of(FullyConnected.Of(17, 4), 1))).Message);
        Assert.Contains("takes 17 inputs and 4 classes, but the samples have 5 and 4", Assert.Throws<ArgumentException>(() => LayerPotential.Of(network.Weights, SmallNetworks.Clouds(9, 5, 4, 1), space)).Message);
        var potential = LayerPotential.Of(network.Weights, network.Samples, space);
        Assert.Equal(17 * 21, potential.Dimension);
        Assert.Contains("has 357 weights, but there are 3, and room for 357", Assert.Throws<ArgumentException>(() => potential.Gradient([1, 2, 3], new double[357])).Message);
        Assert.Contains("room for 356", Assert.Throws<ArgumentException>(() => potential.Gradient(new double[357], new double[356])).Message);
        potential.Dispose();
        potential.Dispose();
        Assert.Throws<ObjectDisposedException>(() => potential.Gradient(new double[357], new double[357]));
    }

    private static double[] Gradient(TorchReference reference, LabelledSamples samples, int layer)
    {
        using var scope = NewDisposeScope();
        var loss = nn.functional.cross_entropy(reference.Logits(), tensor(samples.Labels.Select(label => (long)label).ToArray()));
        return autograd.grad([loss], [reference.Matrices[layer]])[0].reshape(-1).data<double>().ToArray();
    }
}
