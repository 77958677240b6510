using System.Runtime.Intrinsics;
using Talweg.Data;
using Talweg.Networks;
using Talweg.Networks.Kernels;

namespace Talweg.Landscapes;

/// <summary>Everything in front of the layer that moves, and that layer's own pre-activations z₀, for one block of samples at a time.</summary>
internal sealed unsafe class DensePrefix : IDisposable
{
    private readonly DenseWeights _weights;
    private readonly int _layer;
    private readonly ThreadLocal<(AlignedBuffer A, AlignedBuffer B)> _panels;

    public DensePrefix(DenseWeights weights, int layer)
    {
        _weights = weights;
        _layer = layer;
        int widest = weights.Network.Widths.Take(layer + 1).Max();
        _panels = new(() => (new AlignedBuffer((long)widest * Panel.Width), new AlignedBuffer((long)widest * Panel.Width)), trackAllValues: true);
    }

    /// <summary>Writes h, the layer's input, and z₀ = W·h + b, both as panels.</summary>
    public void Run(ClassBlocks blocks, int block, LabelledSamples data, float* layerInput, float* preactivation)
    {
        var (panel, next) = _panels.Value;
        blocks.FillPanel(block, data, _layer == 0 ? layerInput : panel.Pointer);
        for (int layer = 0; layer < _layer; layer++)
        {
            float* output = layer == _layer - 1 ? layerInput : next.Pointer;
            Apply(layer, panel.Pointer, output);
            Activate(output, _weights.Network.OutputsOf(layer), _weights.Network.Activation);
            (panel, next) = (next, panel);
        }

        Apply(_layer, layerInput, preactivation);
    }

    public void Dispose()
    {
        foreach (var (a, b) in _panels.Values)
        {
            a.Dispose();
            b.Dispose();
        }

        _panels.Dispose();
    }

    private static void Activate(float* panel, int units, Activation activation)
    {
        for (int i = 0; i < units * Panel.Width; i += Panel.Lanes)
        {
            var z = Vector512.Load(panel + i);
            (activation == Activation.Relu ? Vector512.Max(z, Vector512<float>.Zero) : VectorMath.Tanh(z)).Store(panel + i);
        }
    }

    private void Apply(int layer, float* input, float* output)
    {
        var network = _weights.Network;
        fixed (float* matrix = _weights.Matrices[layer])
        fixed (float* bias = network.Bias ? _weights.Biases[layer] : null)
        {
            var weights = Panel.Matrix.RowMajor(matrix, network.OutputsOf(layer), network.InputsOf(layer), network.InputsOf(layer));
            Panel.Multiply(weights, bias, input, Panel.Width, output, Panel.Width);
        }
    }
}
