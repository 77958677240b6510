using TorchSharp;

namespace Talweg.Networks.Layers;

/// <summary>z = W·h + b over all numbers of a sample, flattened as PyTorch flattens them.</summary>
/// <param name="Outputs">Width.</param>
/// <param name="Bias">Whether it adds a bias.</param>
public sealed record Dense(int Outputs, bool Bias) : NetworkLayer
{
    /// <inheritdoc/>
    public override string ToString() => $"dense{Outputs}{(Bias ? "b" : "")}";

    internal override ImageShape After(ImageShape input) => new(Outputs, 1, 1);

    internal override IEnumerable<LayerTensor> Tensors(ImageShape input)
    {
        yield return new("weight", [Outputs, input.Length], TensorRole.Weight);
        if (Bias)
            yield return new("bias", [Outputs], TensorRole.Bias);
    }

    internal override torch.Tensor Run(torch.Tensor input, LayerRun run)
    {
        var flat = input.dim() > 2 ? input.flatten(1) : input;
        return run.Seen(flat, torch.nn.functional.linear(flat, run.Take(), Bias ? run.Take() : null));
    }
}
