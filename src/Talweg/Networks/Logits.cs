using Talweg.Data;
using Talweg.Native;
using static TorchSharp.torch;

namespace Talweg.Networks;

/// <summary>A network's plain forward pass, in double precision: for a few samples, where speed does not matter.</summary>
public static class Logits
{
    /// <summary>The outputs before softmax, [samples, classes] row-major.</summary>
    public static double[] Of(DenseWeights weights, LabelledSamples samples)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(samples);
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var network = weights.Network;
        float[] inputs = new float[checked(samples.Count * samples.Width)];
        samples.Read(0, samples.Count, inputs);
        var h = tensor(inputs, samples.Count, samples.Width).to(ScalarType.Float64);
        for (int layer = 0; layer < network.Layers; layer++)
        {
            if (layer > 0)
                h = network.Activation.IsRelu() ? nn.functional.relu(h) : h.tanh();
            h = h.matmul(tensor(weights.Matrices[layer], network.OutputsOf(layer), network.InputsOf(layer)).to(ScalarType.Float64).t());
            if (network.Bias)
                h = h.add(tensor(weights.Biases[layer]).to(ScalarType.Float64), HeldScalar.One);
        }

        return h.contiguous().data<double>().ToArray();
    }
}
