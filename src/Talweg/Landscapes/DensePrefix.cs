using System.Runtime.Intrinsics;
using Talweg.Data;
using Talweg.Networks;
using Talweg.Networks.Kernels;

namespace Talweg.Landscapes;

/// <summary>The dense layers in front of the one that moves.</summary>
internal sealed unsafe class DensePrefix : IPanelPrefix
{
    private readonly DenseWeights _weights;
    private readonly int _layer;
    private readonly ClassBlocks _blocks;
    private readonly LabelledSamples _data;
    private readonly ThreadLocal<(AlignedBuffer A, AlignedBuffer B)> _panels;

    public DensePrefix(DenseWeights weights, int layer, ClassBlocks blocks, LabelledSamples data)
    {
        _weights = weights;
        _layer = layer;
        _blocks = blocks;
        _data = data;
        int widest = weights.Network.Widths.Take(layer + 1).Max();
        _panels = new(() => (new AlignedBuffer((long)widest * Panel.Width), new AlignedBuffer((long)widest * Panel.Width)), trackAllValues: true);
    }

    public void Run(int block, float* panel)
    {
        if (_layer == 0)
        {
            _blocks.FillPanel(block, _data, panel);
            return;
        }

        var (input, next) = _panels.Value;
        _blocks.FillPanel(block, _data, input.Pointer);
        for (int layer = 0; layer < _layer; layer++)
        {
            float* output = layer == _layer - 1 ? panel : next.Pointer;
            Apply(layer, input.Pointer, output);
            Activate(output, _weights.Network.OutputsOf(layer), _weights.Network.Activation);
            (input, next) = (next, input);
        }
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
            (activation.IsRelu() ? Vector512.Max(z, Vector512<float>.Zero) : VectorMath.Tanh(z)).Store(panel + i);
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
