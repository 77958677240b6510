namespace Talweg.Trajectories;

/// <summary>Why a sketch of the principal modes ended.</summary>
public enum SketchEnding
{
    /// <summary>Every mode asked for has a residual within the tolerance, or no variance.</summary>
    Converged,

    /// <summary>The passes allowed were used up; the residuals say how far each mode got.</summary>
    PassLimit,
}

/// <summary>What a sketch of the principal modes cost, and how well it found them.</summary>
/// <remarks>
/// Block Krylov iteration with full reorthogonalisation on A, the smaller of the covariance (1/T) XᵀX [N, N] and the Gram matrix (1/T) XXᵀ
/// [T, T] of the centred window X, from a random start: Musco and Musco, Advances in Neural Information Processing Systems 28 (2015); the
/// variances are Rayleigh quotients on the space spanned. A is never formed: a product with a block of vectors is one pass over the window.
/// </remarks>
public sealed record PcaSketch
{
    /// <summary>Products with A, each one pass over the window; one more took the mean and, on the Gram side, another the directions.</summary>
    public required int Passes { get; init; }

    /// <summary>Vectors spanned in the end.</summary>
    public required int BasisSize { get; init; }

    /// <summary>
    /// ‖Ax − σᵢ²x‖ of each mode's unit vector x, in squared weights, with Ax as it was computed. An eigenvalue of A lies within it of σᵢ²,
    /// and σᵢ² is never larger than the true i-th variance.
    /// </summary>
    public required double[] Residuals { get; init; }

    /// <summary>Why it ended.</summary>
    public required SketchEnding Ending { get; init; }
}
