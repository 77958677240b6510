using TorchSharp;

namespace Talweg.Networks.Layers;

/// <summary>The largest number of every window.</summary>
/// <param name="Size">Rows and columns of a window.</param>
/// <param name="Stride">From one window to the next.</param>
/// <param name="Padding">So many rows and columns of −∞ around the image, at most half a window.</param>
public sealed record MaxPooling(int Size, int Stride, int Padding) : NetworkLayer
{
    /// <inheritdoc/>
    public override string ToString() => $"pool{Size}{(Stride == Size ? "" : $"s{Stride}")}{(Padding == 0 ? "" : $"p{Padding}")}";

    internal override ImageShape After(ImageShape input) => Windows.After(this, input, Size, Stride, Padding);

    internal override torch.Tensor Run(torch.Tensor input, LayerRun run) =>
        torch.nn.functional.max_pool2d(input, [Size, Size], [Stride, Stride], [Padding, Padding]);
}

/// <summary>The mean of every channel.</summary>
public sealed record AveragePooling : NetworkLayer
{
    /// <inheritdoc/>
    public override string ToString() => "avg";

    internal override ImageShape After(ImageShape input) => new(input.Channels, 1, 1);

    internal override torch.Tensor Run(torch.Tensor input, LayerRun run) => input.mean([2L, 3L]);
}
