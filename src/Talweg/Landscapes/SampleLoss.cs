using Talweg.Native;
using static TorchSharp.torch;

namespace Talweg.Landscapes;

/// <summary>Cross entropy sample by sample in torch, with the relative precision that small losses need.</summary>
internal static class SampleLoss
{
    /// <summary>
    /// ℓ = m + log1p(Σ_{n≠k} exp(yₙ − y_k − m) + (e^−m − 1)), m being the largest margin yₙ − y_k or 0 if none is above it, and its rate
    /// ℓ′ = Σ_{n≠k} softmaxₙ·(y′ₙ − y′_k).
    /// </summary>
    /// <param name="logits">y, [displacements, samples, classes].</param>
    /// <param name="rates">y′, likewise; null if no slopes are wanted.</param>
    /// <param name="labels">k, [samples].</param>
    /// <returns>[displacements, samples] each.</returns>
    public static (Tensor Losses, Tensor? Slopes) Of(Tensor logits, Tensor? rates, ReadOnlySpan<int> labels)
    {
        var own = tensor(labels.ToArray(), dtype: ScalarType.Int64).reshape(1, labels.Length, 1).expand(logits.shape[0], labels.Length, 1);
        var isOwn = zeros_like(logits, dtype: ScalarType.Bool).scatter(2, own, ones_like(own, dtype: ScalarType.Bool));
        var margins = (logits - logits.gather(2, own)).masked_fill(isOwn, HeldScalar.NegativeInfinity);
        var largest = margins.amax([2L], keepdim: true).clamp(min: HeldScalar.Zero);
        var exponentials = (margins - largest).exp();
        var sum = exponentials.sum(2);
        var scaledOne = (-largest).exp().squeeze(2);
        var losses = largest.squeeze(2).add(sum.add(scaledOne.sub(HeldScalar.One), HeldScalar.One).log1p(), HeldScalar.One);
        if (rates is null)
            return (losses, null);
        var slopes = (exponentials * (rates - rates.gather(2, own))).sum(2) / sum.add(scaledOne, HeldScalar.One);
        return (losses, slopes);
    }
}
