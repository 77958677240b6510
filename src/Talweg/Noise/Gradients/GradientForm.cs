using Talweg.Native;
using static TorchSharp.torch;

namespace Talweg.Noise.Gradients;

/// <summary>How one tensor's gradient is made of what a layer took in, h, and the error of what it gave, δ = ∂ℓ/∂z, sample by sample.</summary>
/// <remarks>
/// h and δ are [samples, …]; the gradient is flat, as in the weight space. All is in terms of <see cref="Rows"/>, which forms with many weights avoid
/// where they can.
/// </remarks>
internal abstract class GradientForm
{
    /// <summary>Every sample's gradient, [samples, weights].</summary>
    public abstract Tensor Rows(Tensor inputs, Tensor errors);

    /// <summary>Sums over <paramref name="count"/> groups of as many consecutive samples each, [count, weights].</summary>
    public virtual Tensor Sums(Tensor inputs, Tensor errors, int count)
    {
        var rows = Rows(inputs, errors);
        return rows.reshape(count, rows.size(0) / count, rows.size(1)).sum([1L]);
    }

    /// <summary>Adds the sum over all samples to <paramref name="sum"/>, [weights].</summary>
    public virtual void AddSum(Tensor sum, Tensor inputs, Tensor errors) => sum.add_(Sums(inputs, errors, 1).select(0, 0), HeldScalar.One);

    /// <summary>Adds Σ cₖ gₖ² over all samples, weight by weight, to <paramref name="sum"/>, [weights].</summary>
    /// <param name="sum">[weights].</param>
    /// <param name="inputs">h.</param>
    /// <param name="errors">δ.</param>
    /// <param name="coefficients">cₖ, [samples].</param>
    public virtual void AddSquares(Tensor sum, Tensor inputs, Tensor errors, Tensor coefficients) =>
        sum.add_(Rows(inputs, errors).pow(HeldScalar.Two).t().mv(coefficients), HeldScalar.One);

    /// <summary>Every sample's gradient times <paramref name="vector"/>, [samples].</summary>
    public virtual Tensor Along(Tensor inputs, Tensor errors, Tensor vector) => Rows(inputs, errors).matmul(vector);

    /// <summary>Every sample's squared norm, [samples].</summary>
    public virtual Tensor SquaredNorms(Tensor inputs, Tensor errors) => Rows(inputs, errors).pow(HeldScalar.Two).sum([1L]);

    /// <summary>Σ over positions of [samples, channels, …], [samples, channels].</summary>
    private protected static Tensor OverPositions(Tensor values) => values.dim() > 2 ? values.flatten(2).sum([2L]) : values;
}

/// <summary>What is added to a layer's outputs, a bias or a normalisation's shift: ∂ℓ/∂b = Σₓ δ(x), over the positions x of a channel.</summary>
internal sealed class AddedForm : GradientForm
{
    public override Tensor Rows(Tensor inputs, Tensor errors) => OverPositions(errors);
}

/// <summary>A normalisation's scale: ∂ℓ/∂γ = Σₓ δ(x) ẑ(x), with ẑ = (z − μ)/√(v + ε) in the place of h.</summary>
internal sealed class ScaleForm : GradientForm
{
    public override Tensor Rows(Tensor inputs, Tensor errors) => OverPositions(errors * inputs);
}

/// <summary>A dense layer's matrix: ∂ℓ/∂W = δ hᵀ.</summary>
internal sealed class DenseForm : GradientForm
{
    public override Tensor Rows(Tensor inputs, Tensor errors) => (errors.unsqueeze(2) * inputs.unsqueeze(1)).flatten(1);

    public override Tensor Sums(Tensor inputs, Tensor errors, int count) =>
        errors.reshape(count, -1, errors.size(1)).transpose(1, 2).bmm(inputs.reshape(count, -1, inputs.size(1))).flatten(1);

    public override void AddSum(Tensor sum, Tensor inputs, Tensor errors) => sum.view(errors.size(1), -1).addmm_(errors.t(), inputs);

    /// <summary>(δ hᵀ)² = δ² (h²)ᵀ, number by number.</summary>
    public override void AddSquares(Tensor sum, Tensor inputs, Tensor errors, Tensor coefficients) =>
        sum.view(errors.size(1), -1).addmm_((errors.pow(HeldScalar.Two) * coefficients.unsqueeze(1)).t(), inputs.pow(HeldScalar.Two));

    public override Tensor Along(Tensor inputs, Tensor errors, Tensor vector) => (errors * inputs.matmul(vector.view(errors.size(1), -1).t())).sum([1L]);

    /// <summary>‖δ hᵀ‖² = ‖δ‖²·‖h‖².</summary>
    public override Tensor SquaredNorms(Tensor inputs, Tensor errors) => errors.pow(HeldScalar.Two).sum([1L]) * inputs.pow(HeldScalar.Two).sum([1L]);
}
