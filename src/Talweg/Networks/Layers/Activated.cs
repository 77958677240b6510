using TorchSharp;

namespace Talweg.Networks.Layers;

/// <summary>Every number goes through an activation.</summary>
/// <param name="Activation">Which.</param>
public sealed record Activated(Activation Activation) : NetworkLayer
{
    /// <inheritdoc/>
    public override string ToString() => Activation.IsRelu() ? "relu" : "tanh";

    internal override ImageShape After(ImageShape input) => input;

    internal override torch.Tensor Run(torch.Tensor input, LayerRun run) =>
        Activation.IsRelu() ? torch.nn.functional.relu(input) : input.tanh();
}
