using Talweg.Networks;
using Talweg.Networks.Layers;

namespace Talweg.Landscapes;

/// <summary>The dense layers with which a network of layers ends, as a fully connected network.</summary>
internal static class DenseHead
{
    /// <summary>The parts from <paramref name="first"/> on, if they are dense layers with one and the same activation between them; else null.</summary>
    /// <param name="weights">Of a network of layers.</param>
    /// <param name="network">That network.</param>
    /// <param name="first">The place of a dense layer.</param>
    /// <param name="activation">What the activations must be; null for any.</param>
    public static DenseWeights? Of(NetworkWeights weights, LayeredNetwork network, int first, Activation? activation = null)
    {
        var widths = new List<int> { network.Shapes[first].Length };
        var tensors = new List<(float[] Matrix, float[]? Bias)>();
        for (int i = first; i < network.Structure.Count; i++)
        {
            bool isDense = (i - first) % 2 == 0;
            if (isDense && network.Structure[i] is Dense dense)
            {
                int tensor = network.FirstTensorOf(i);
                widths.Add(dense.Outputs);
                tensors.Add((weights.Tensors[tensor], dense.Bias ? weights.Tensors[tensor + 1] : null));
            }
            else if (!isDense && network.Structure[i] is Activated between && (activation ?? between.Activation) == between.Activation)
            {
                activation = between.Activation;
            }
            else
            {
                return null;
            }
        }

        bool bias = tensors.Exists(layer => layer.Bias is not null);
        var head = new FullyConnected(widths, bias, activation ?? Activation.Relu);
        return DenseWeights.Of(head, [.. tensors.Select(layer => layer.Matrix)], bias ? [.. tensors.Select((layer, i) => layer.Bias ?? new float[head.OutputsOf(i)])] : []);
    }
}
