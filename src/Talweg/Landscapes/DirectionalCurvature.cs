using Talweg.Data;
using Talweg.Networks;
using static TorchSharp.torch;

namespace Talweg.Landscapes;

/// <summary>Curvature pᵢᵀH pᵢ of the mean loss along many directions at once, exact and in double precision; H as <see cref="HessianOperator"/> has it.</summary>
/// <remarks>
/// <para>
/// For a dense network it takes no product with the Hessian. With a dot for the derivative along p, p̂ = softmax, δ = ∂ℓ/∂z the errors that a backward pass leaves and
/// Ẇ = P, ḃ = q within the space, only forward tangents are needed:
/// </para>
/// <code>
/// ż = W·ḣ + P·h + q,   ḣ′ = φ′(z) ż,   pᵀHp = ⟨ Σₙ p̂ₙ (ẏₙ − Σₘ p̂ₘ ẏₘ)² + Σ over hidden units φ″(z) (∂ℓ/∂h) ż² + 2 Σ over layers δᵀ·P·ḣ ⟩.
/// </code>
/// <para>
/// The first term is Gauss and Newton's; the second is 0 for ReLU, whose kinks are not in it, as autograd has it; the third is there only if
/// several layers move. So one layer's matrix of a ReLU network has no negative curvature. Tangents of 128 directions and a few dozen samples are one matrix product.
/// </para>
/// <para>
/// Where there is a direction to every 16 weights of one layer's matrix, up to 8192 of them, the layer's <see cref="HessianMatrix"/> is written out instead: all 2,500
/// directions of 2,500 weights then cost no more than 160.
/// </para>
/// <para>
/// Cost a sample and direction: that of the network from the first layer that moves, and as much again for each layer that moves, in multiplications. Memory: 64 MiB for
/// directions in the order that products need (more directions take further passes over the samples; one alone that is longer, 8·N bytes), and some 8 MiB a
/// thread. Samples are spread over threads: same bits on the same number of threads. Other networks take a product with the Hessian each.
/// </para>
/// </remarks>
public static class DirectionalCurvature
{
    private const long BatchBytes = 64L << 20;

    /// <summary>pᵢᵀH pᵢ of every direction, [K], in nats per squared weight.</summary>
    /// <param name="weights">w₀ and all weights that do not move.</param>
    /// <param name="samples">What the loss is a mean over.</param>
    /// <param name="space">The weights that directions move.</param>
    /// <param name="directions">[K, N].</param>
    /// <param name="work">Threads, progress (a unit a chunk of samples), cancellation.</param>
    /// <exception cref="ArgumentException">Network, samples, weight space and directions do not fit together.</exception>
    public static double[] Along(NetworkWeights weights, LabelledSamples samples, WeightSpace space, Directions directions, WorkOptions? work = null)
    {
        NetworkFit.Require(weights, samples, space);
        Require(directions, space.Dimension);
        if (weights is DenseWeights && IsCheaperWrittenOut(space, directions.Count))
            return HessianMatrix.Of(weights, samples, space, work).CurvatureAlong(directions);
        work ??= WorkOptions.Default;
        if (weights is not DenseWeights dense)
        {
            using var hessian = HessianOperator.Of(weights, samples, space, work.Threads);
            return Along(hessian, directions, work);
        }

        using var pass = new DensePass(dense, ScalarType.Float64);
        int batch = (int)Math.Clamp(BatchBytes / (sizeof(double) * (long)space.Dimension), 1, directions.Count);
        double[] curvatures = new double[directions.Count];
        for (int first = 0; first < directions.Count; first += batch)
        {
            var tangents = new DenseTangents(pass, dense.Network, space, directions, first, Math.Min(batch, directions.Count - first));
            tangents.Curvatures(samples, work).CopyTo(curvatures, first);
        }

        return curvatures;
    }

    /// <summary>pᵢᵀ(H pᵢ) of every direction, [K], by one product each: for any matrix that is known by its products.</summary>
    /// <param name="hessian">H.</param>
    /// <param name="directions">[K, N].</param>
    /// <param name="work">Progress (a unit a product) and cancellation; threads are the operator's own affair.</param>
    /// <exception cref="ArgumentException">The directions have another number of weights.</exception>
    /// <exception cref="ArithmeticException">A product is not finite.</exception>
    public static double[] Along(ISymmetricOperator hessian, Directions directions, WorkOptions? work = null)
    {
        ArgumentNullException.ThrowIfNull(hessian);
        Require(directions, hessian.Dimension);
        var products = new CountedProducts(hessian, "curvature", directions.Count, work ?? WorkOptions.Default);
        return [.. Enumerable.Range(0, directions.Count).Select(i => OrthonormalBasis.Dot(directions[i], products.Times(directions[i].ToArray())))];
    }

    /// <summary>One layer's Hessian costs M·N²/2 at the processor's best rate, tangents 2·M·N a direction and, measured, ten times that in moving them about.</summary>
    private static bool IsCheaperWrittenOut(WeightSpace space, int count) =>
        space.Segments is [{ IsBias: false }] && space.Dimension <= Math.Min(16L * count, HessianMatrix.LargestDimension);

    private static void Require(Directions directions, int dimension)
    {
        ArgumentNullException.ThrowIfNull(directions);
        if (directions.Dimension != dimension)
            throw new ArgumentException($"The Hessian is {dimension} × {dimension}, but the directions have {directions.Dimension} numbers.", nameof(directions));
    }
}
