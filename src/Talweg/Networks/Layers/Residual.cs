using Talweg.Native;
using TorchSharp;

namespace Talweg.Networks.Layers;

/// <summary>branch(h) + shortcut(h), the identity where there is no shortcut (He et al., arXiv:1512.03385).</summary>
/// <param name="Branch">The layers of the branch, at least one.</param>
/// <param name="Shortcut">The layers of the shortcut; none for the identity.</param>
public sealed record Residual(IReadOnlyList<NetworkLayer> Branch, IReadOnlyList<NetworkLayer> Shortcut) : NetworkLayer
{
    /// <inheritdoc/>
    public override string ToString() => $"res({string.Join('/', Branch)}{(Shortcut.Count == 0 ? "" : "|" + string.Join('/', Shortcut))})";

    internal override ImageShape After(ImageShape input)
    {
        var branch = Branch.Aggregate(input, (shape, layer) => layer.After(shape));
        var shortcut = Shortcut.Aggregate(input, (shape, layer) => layer.After(shape));
        return branch == shortcut ? branch : throw new ArgumentException($"The branch of {this} ends with {branch}, but its shortcut with {shortcut}.", nameof(input));
    }

    internal override IEnumerable<LayerTensor> Tensors(ImageShape input) =>
        [.. Chain(Branch, input, "branch"), .. Chain(Shortcut, input, "shortcut")];

    internal override IEnumerable<PlacedLayer> Leaves(ImageShape input) => [.. Leaves(Branch, input), .. Leaves(Shortcut, input)];

    internal override torch.Tensor Run(torch.Tensor input, LayerRun run)
    {
        var branch = Branch.Aggregate(input, (values, layer) => layer.Run(values, run));
        return branch.add(Shortcut.Aggregate(input, (values, layer) => layer.Run(values, run)), HeldScalar.One);
    }

    private static IEnumerable<PlacedLayer> Leaves(IReadOnlyList<NetworkLayer> layers, ImageShape shape)
    {
        foreach (var layer in layers)
        {
            foreach (var leaf in layer.Leaves(shape))
                yield return leaf;
            shape = layer.After(shape);
        }
    }

    private static IEnumerable<LayerTensor> Chain(IReadOnlyList<NetworkLayer> layers, ImageShape shape, string side)
    {
        for (int i = 0; i < layers.Count; i++)
        {
            foreach (var tensor in layers[i].Tensors(shape))
                yield return tensor with { Name = $"{layers[i].Name ?? $"{side}.{i}"}.{tensor.Name}" };
            shape = layers[i].After(shape);
        }
    }
}
