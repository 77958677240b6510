using TorchSharp;

namespace Talweg.Networks.Layers;

/// <summary>One layer of a <see cref="LayeredNetwork"/>: what it makes of a shape, which tensors it has, and how it runs.</summary>
public abstract record NetworkLayer
{
    private protected NetworkLayer()
    {
    }

    /// <summary>What PyTorch's names of its tensors begin with; null: its place in the network.</summary>
    public string? Name { get; init; }

    /// <summary>The shape of its outputs.</summary>
    /// <exception cref="ArgumentException">It cannot take such inputs.</exception>
    internal abstract ImageShape After(ImageShape input);

    /// <summary>Its tensors, in the order in which <see cref="Run"/> takes them.</summary>
    internal virtual IEnumerable<LayerTensor> Tensors(ImageShape input) => [];

    /// <summary>Its outputs, [samples, channels, rows, columns] or [samples, numbers].</summary>
    internal abstract torch.Tensor Run(torch.Tensor input, LayerRun run);
}

/// <summary>A tensor as its layer knows it.</summary>
/// <param name="Name">Within the layer.</param>
/// <param name="Shape">As in PyTorch.</param>
/// <param name="Role">What it does.</param>
internal sealed record LayerTensor(string Name, int[] Shape, TensorRole Role);

/// <summary>Sees a weight layer at work, and may put another pre-activation in its place.</summary>
/// <param name="layer">The weight layer, counted from 0.</param>
/// <param name="input">What the layer took.</param>
/// <param name="preactivation">What it gave.</param>
/// <returns>What runs on: <paramref name="preactivation"/> as a rule.</returns>
internal delegate torch.Tensor LayerTap(int layer, torch.Tensor input, torch.Tensor preactivation);

/// <summary>A pass through layers: whose tensors come next, and how normalisations run.</summary>
internal sealed class LayerRun(IReadOnlyList<torch.Tensor> parameters, int firstTensor, int firstLayer, Normalisation normalisation, LayerTap? tap)
{
    private int _tensor = firstTensor;
    private int _layer = firstLayer;

    public Normalisation Normalisation => normalisation;

    /// <summary>The next tensor, in the order of <see cref="Network.Tensors"/>.</summary>
    public torch.Tensor Take() => parameters[_tensor++];

    /// <summary>To be called by every weight layer once, with what it took and gave.</summary>
    public torch.Tensor Seen(torch.Tensor input, torch.Tensor preactivation)
    {
        int layer = _layer++;
        return tap is null ? preactivation : tap(layer, input, preactivation);
    }
}
