using System.Globalization;
using Talweg.Landscapes;

namespace Talweg.Studies.EinsteinRelation;

/// <summary>A Hessian's top eigenpairs, and why a cell cannot go on from them.</summary>
internal static class TopEigenpairs
{
    private const int Attempts = 3;

    /// <summary>Searches for them, and where the product limit comes first, again with four times the products, up to 16 times.</summary>
    public static Eigenpairs Find(ISymmetricOperator hessian, int count, LanczosOptions options, WorkOptions work)
    {
        var found = Lanczos.Top(hessian, count, options, work);
        for (int attempt = 1; attempt < Attempts && found.Ending != LanczosEnding.Converged; attempt++)
            found = Lanczos.Top(hessian, count, options with { ProductLimit = 4 * found.Products }, work);
        return found;
    }

    /// <summary>Why they are no eigenpairs yet; null if they are.</summary>
    public static string? NotConverged(Eigenpairs found) => found.Ending == LanczosEnding.Converged ? null : string.Create(
        CultureInfo.InvariantCulture,
        $"the Hessian's {found.Values.Length} top eigenpairs did not converge within {found.Products} products; the largest residual left is {found.Residuals.Max():G3}");

    /// <summary>Why no temperature belongs to their span, ‖∇L‖²/Σλₖ: not converged, or the sum is not positive; null if one does.</summary>
    public static string? NoTemperature(Eigenpairs found) =>
        NotConverged(found) ?? (found.Values.Sum() > 0 ? null : string.Create(
            CultureInfo.InvariantCulture,
            $"the Hessian's {found.Values.Length} top eigenvalues at the solution sum to {found.Values.Sum():G3}, and no temperature balances a drift where the sum is not above 0"));
}
