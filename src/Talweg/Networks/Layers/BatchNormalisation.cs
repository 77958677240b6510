using TorchSharp;

namespace Talweg.Networks.Layers;

/// <summary>γ (z − μ)/√(v + 10⁻⁵) + β for every channel (Ioffe and Szegedy, arXiv:1502.03167): μ and v are the running ones in evaluation, the block's own in training.</summary>
/// <remarks>In training mode a pass also moves the running statistics by a tenth towards the block's, as PyTorch does by default.</remarks>
public sealed record BatchNormalisation : NetworkLayer
{
    internal const double Epsilon = 1e-5;

    private const double Momentum = 0.1;

    /// <inheritdoc/>
    public override string ToString() => "bn";

    internal override ImageShape After(ImageShape input) => input;

    internal override IEnumerable<LayerTensor> Tensors(ImageShape input) =>
    [
        new("weight", [input.Channels], TensorRole.Scale),
        new("bias", [input.Channels], TensorRole.Shift),
        new("running_mean", [input.Channels], TensorRole.RunningMean),
        new("running_var", [input.Channels], TensorRole.RunningVariance),
    ];

    internal override torch.Tensor Run(torch.Tensor input, LayerRun run)
    {
        int place = run.Next;
        torch.Tensor scale = run.Take(), shift = run.Take(), mean = run.Take(), variance = run.Take();
        return run.Normalised(place, input, torch.nn.functional.batch_norm(input, mean, variance, scale, shift, run.Normalisation == Normalisation.Training, Momentum, Epsilon));
    }

    /// <summary>ẑ = (z − μ)/√(v + 10⁻⁵) by the running statistics: what γ multiplies in evaluation.</summary>
    internal static torch.Tensor Standardised(torch.Tensor input, torch.Tensor mean, torch.Tensor variance) =>
        torch.nn.functional.batch_norm(input, mean, variance, training: false, momentum: Momentum, eps: Epsilon);
}
