using TorchSharp;

namespace Talweg.Networks.Layers;

/// <summary>A convolution with square kernels: z_o(x) = Σ_i Σ_k W_oi(k) h_i(s·x + k − p) + b_o.</summary>
/// <param name="Outputs">Channels that it gives.</param>
/// <param name="Kernel">Rows and columns of a kernel.</param>
/// <param name="Stride">s.</param>
/// <param name="Padding">p: so many zeros around the image.</param>
/// <param name="Bias">Whether it adds a bias.</param>
public sealed record Convolution(int Outputs, int Kernel, int Stride, int Padding, bool Bias) : NetworkLayer
{
    /// <inheritdoc/>
    public override string ToString() =>
        $"conv{Outputs}k{Kernel}{(Stride == 1 ? "" : $"s{Stride}")}{(Padding == 0 ? "" : $"p{Padding}")}{(Bias ? "b" : "")}";

    internal override ImageShape After(ImageShape input) => Windows.After(this, input, Kernel, Stride, Padding) with { Channels = Outputs };

    internal override IEnumerable<LayerTensor> Tensors(ImageShape input)
    {
        yield return new("weight", [Outputs, input.Channels, Kernel, Kernel], TensorRole.Weight);
        if (Bias)
            yield return new("bias", [Outputs], TensorRole.Bias);
    }

    internal override torch.Tensor Run(torch.Tensor input, LayerRun run)
    {
        var kernel = run.Take();
        return run.Seen(input, torch.nn.functional.conv2d(input, kernel, Bias ? run.Take() : null, [Stride, Stride], [Padding, Padding]));
    }
}
