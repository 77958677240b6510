namespace Talweg.Trajectories;

/// <summary>Which matrix a principal component analysis diagonalised. Both give the same modes.</summary>
public enum PcaMethod
{
    /// <summary>The covariance of the weights, [N, N]; cheaper when a window has at least as many iterations as weights.</summary>
    Covariance,

    /// <summary>The scalar products of the iterations, [T, T]; cheaper when it has fewer.</summary>
    Gram,
}
