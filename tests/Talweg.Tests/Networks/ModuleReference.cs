using Talweg.Data;
using Talweg.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace Talweg.Tests.Networks;

/// <summary>Gradients of a network of layers by plain autograd through TorchSharp's own modules, in double precision.</summary>
internal sealed class ModuleReference : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly nn.Module<Tensor, Tensor> _module;
    private readonly Tensor _inputs;
    private readonly Tensor _labels;
    private readonly Tensor[] _trained;
    private readonly int[] _places;

    public ModuleReference(LayeredNetwork network, NetworkWeights weights, LabelledSamples samples)
        : this(TorchModules.Of(network, weights), network, network.Input.Channels, network.Input.Rows, network.Input.Columns, samples)
    {
    }

    /// <param name="module">In double precision and evaluation mode, with the network's trained tensors in the same order; disposed with this.</param>
    /// <param name="network">Whose weight spaces gradients are by.</param>
    /// <param name="channels">Of a sample.</param>
    /// <param name="rows">Likewise.</param>
    /// <param name="columns">Likewise.</param>
    /// <param name="samples">The samples.</param>
    public ModuleReference(nn.Module<Tensor, Tensor> module, Network network, int channels, int rows, int columns, LabelledSamples samples)
    {
        _module = module;
        _inputs = tensor(samples.Inputs, dtype: ScalarType.Float64).reshape(samples.Count, channels, rows, columns);
        _labels = tensor(samples.Labels.Select(label => (long)label).ToArray());
        _trained = [.. module.parameters()];
        _places = [.. Enumerable.Range(0, network.Tensors.Count).Where(i => network.Tensors[i].IsTrained)];
        Assert.Equal(_places.Select(i => (long)network.Tensors[i].Length), _trained.Select(tensor => tensor.numel()));
    }

    /// <summary>Gradient [N] of the mean loss over the samples named, each as often as it is named.</summary>
    public double[] Gradient(WeightSpace space, ReadOnlySpan<int> batch)
    {
        using var scope = NewDisposeScope();
        var rows = tensor(batch.ToArray().Select(sample => (long)sample).ToArray());
        var loss = nn.functional.cross_entropy(_module.call(_inputs.index_select(0, rows)), _labels.index_select(0, rows));
        Tensor[] parameters = [.. space.Segments.Select(segment => _trained[Array.IndexOf(_places, segment.Tensor)])];
        return cat([.. autograd.grad([loss], parameters).Select(part => part.flatten())]).data<double>().ToArray();
    }

    public void Dispose()
    {
        _module.Dispose();
        _scope.Dispose();
    }
}
