using System.Runtime.InteropServices;
using Talweg.Data;
using Talweg.Networks;
using Talweg.Networks.Kernels;
using static TorchSharp.torch;

namespace Talweg.Landscapes;

/// <summary>The layers of any kind in front of the one that moves, by torch.</summary>
internal sealed unsafe class LayeredPrefix(NetworkWeights weights, int end, ClassBlocks blocks, LabelledSamples data) : IPanelPrefix
{
    private readonly LayeredSession _session = (LayeredSession)TorchSession.Open(weights, ScalarType.Float32);

    public void Run(int block, float* panel)
    {
        using var scope = NewDisposeScope();
        var features = Features(block).flatten(1).t().contiguous();
        MemoryMarshal.Cast<byte, float>(features.bytes).CopyTo(new(panel, checked((int)features.numel())));
    }

    /// <summary>What the moving layer takes, [64, …]: zeros go in at empty places.</summary>
    public Tensor Features(int block)
    {
        set_num_threads(1);
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var inputs = zeros(Panel.Width, data.Width);
        blocks.FillRows(block, data, MemoryMarshal.Cast<byte, float>(inputs.bytes));
        return _session.Run(_session.Layers.Shaped(inputs), 0, end).contiguous().MoveToOuterDisposeScope();
    }

    public void Dispose() => _session.Dispose();
}
