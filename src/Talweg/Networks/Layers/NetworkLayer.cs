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

    /// <summary>Itself, or what a block is made of, each with what flows into it, in the order of their tensors.</summary>
    internal virtual IEnumerable<PlacedLayer> Leaves(ImageShape input) => [new(this, input)];

    /// <summary>Its outputs, [samples, channels, rows, columns] or [samples, numbers].</summary>
    internal abstract torch.Tensor Run(torch.Tensor input, LayerRun run);
}

/// <summary>A tensor as its layer knows it.</summary>
/// <param name="Name">Within the layer.</param>
/// <param name="Shape">As in PyTorch.</param>
/// <param name="Role">What it does.</param>
internal sealed record LayerTensor(string Name, int[] Shape, TensorRole Role);

/// <summary>A layer that is no block, and what flows into it.</summary>
internal readonly record struct PlacedLayer(NetworkLayer Layer, ImageShape Input);

/// <summary>Sees a weight layer at work, and may put another pre-activation in its place.</summary>
/// <param name="layer">The weight layer, counted from 0.</param>
/// <param name="input">What the layer took.</param>
/// <param name="preactivation">What it gave.</param>
/// <returns>What runs on: <paramref name="preactivation"/> as a rule.</returns>
internal delegate torch.Tensor LayerTap(int layer, torch.Tensor input, torch.Tensor preactivation);

/// <summary>Sees a normalisation at work, and may put other outputs in its place.</summary>
/// <param name="scale">The place of its γ among the network's tensors; β, running mean and running variance follow.</param>
/// <param name="input">What it took.</param>
/// <param name="output">What it gave.</param>
/// <returns>What runs on: <paramref name="output"/> as a rule.</returns>
internal delegate torch.Tensor NormalisationTap(int scale, torch.Tensor input, torch.Tensor output);

/// <summary>A pass through layers: whose tensors come next, and how normalisations run.</summary>
internal sealed class LayerRun(
    IReadOnlyList<torch.Tensor> parameters, int firstTensor, int firstLayer, Normalisation normalisation, LayerTap? tap, NormalisationTap? normalisationTap = null)
{
    private int _tensor = firstTensor;
    private int _layer = firstLayer;

    public Normalisation Normalisation => normalisation;

    /// <summary>The place of the tensor that <see cref="Take"/> gives next.</summary>
    public int Next => _tensor;

    /// <summary>The next tensor, in the order of <see cref="Network.Tensors"/>.</summary>
    public torch.Tensor Take() => parameters[_tensor++];

    /// <summary>To be called by every weight layer once, with what it took and gave.</summary>
    public torch.Tensor Seen(torch.Tensor input, torch.Tensor preactivation)
    {
        int layer = _layer++;
        return tap is null ? preactivation : tap(layer, input, preactivation);
    }

    /// <summary>To be called by every normalisation once, with the place of its scale, and what it took and gave.</summary>
    public torch.Tensor Normalised(int scale, torch.Tensor input, torch.Tensor output) => normalisationTap is null ? output : normalisationTap(scale, input, output);
}
