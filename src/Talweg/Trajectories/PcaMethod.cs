namespace Talweg.Trajectories;

/// <summary>How a principal component analysis was done.</summary>
public enum PcaMethod
{
    /// <summary>The covariance of the weights, [N, N], diagonalised; cheaper when a window has at least as many iterations as weights.</summary>
    Covariance,

    /// <summary>The scalar products of the iterations, [T, T], diagonalised; cheaper when it has fewer. The same modes.</summary>
    Gram,

    /// <summary>The leading modes by block Krylov iteration on the smaller of the two matrices, which is never formed: see <see cref="PcaSketch"/>.</summary>
    Sketch,
}
