using Talweg.Data;
using Talweg.Networks;

namespace Talweg.Tests.Networks;

/// <summary>A network of layers, or a module, with weights and data: see <see cref="LayeredNetworks"/>.</summary>
internal sealed record LayeredCase(string Name, LayeredNetwork Network, NetworkWeights Weights, LabelledSamples Samples);

/// <summary>The one list of small networks that are not fully connected: convolutions, strides, padding, biases, tanh, residual blocks, batch normalisation.</summary>
internal static class LayeredNetworks
{
    private static readonly (string Text, int Samples)[] Cases =
    [
        ("net:1x6x6/conv3k3p1/relu/pool2/dense4", 37),
        ("net:2x7x5/conv5k3b/tanh/pool2s1/dense6b/tanh/dense3b", 29),
        ("net:1x8x8/conv4k3p1/relu/pool2/conv6k3p1/relu/pool2/dense5", 53),
        ("net:3x6x6/conv4k3p1b/relu/res(conv4k3p1b/relu/conv4k3p1b)/relu/avg/dense3b", 41),
        ("net:2x6x6/conv4k3p1/bn/relu/res(conv6k3s2p1/bn/relu/conv6k3p1/bn|conv6k1s2/bn)/relu/avg/dense4", 31),
        ("net:1x5x5/dense7/bn/tanh/dense3", 33),
    ];

    public static TheoryData<string> Names => [.. Cases.Select(one => one.Text)];

    /// <summary>Every network with each of its layers alone, with all of them, and with the last in front of the first; with biases where there are any.</summary>
    public static TheoryData<string, string, bool> Spaces
    {
        get
        {
            var spaces = new TheoryData<string, string, bool>();
            foreach (var (text, _) in Cases)
            {
                var network = Network.Parse(text);
                for (int layer = 1; layer <= network.Layers; layer++)
                    spaces.Add(text, $"{layer}", false);
                spaces.Add(text, "all", false);
                if (network.HasBiases)
                    spaces.Add(text, "all", true);
                if (network.Layers > 1)
                    spaces.Add(text, $"{network.Layers},1", network.HasBiases);
            }

            return spaces;
        }
    }

    /// <summary>The network with drawn weights, running statistics that are not the first ones, and a noisy cloud of images for each class.</summary>
    public static LayeredCase Get(string text)
    {
        var network = (LayeredNetwork)Network.Parse(text);
        var weights = NetworkWeights.Draw(network, Initialisation.PyTorch, seed: 11);
        for (int i = 0; i < network.Tensors.Count; i++)
        {
            var role = network.Tensors[i].Role;
            for (int k = 0; k < weights.Tensors[i].Length; k++)
            {
                if (role is TensorRole.Scale or TensorRole.RunningVariance)
                    weights.Tensors[i][k] = 0.7f + 0.1f * (k % 5);
                if (role is TensorRole.Shift or TensorRole.RunningMean)
                    weights.Tensors[i][k] = 0.05f * (k % 7 - 3);
            }
        }

        int count = Cases.Single(one => one.Text == text).Samples;
        return new(text, network, weights, SmallNetworks.Clouds(count, network.Inputs, network.Outputs, seed: 4));
    }
}
