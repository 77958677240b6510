namespace Talweg.Landscapes;

/// <summary>Why a search for eigenpairs ended.</summary>
public enum LanczosEnding
{
    /// <summary>All pairs meet the tolerance, and a fresh start beside them found none nearer the spectrum's end.</summary>
    Converged,

    /// <summary>The product limit came first: residuals tell how far the pairs got, and copies of degenerate eigenvalues may be missing. Raise the limit.</summary>
    ProductLimit,
}
