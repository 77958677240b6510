using System.Globalization;
using System.Runtime.InteropServices;
using Talweg.Benchmarks.MainJob;
using Talweg.Landscapes;

namespace Talweg.Benchmarks.Curvature;

/// <summary>How many products Lanczos takes for the 50 largest eigenpairs, over those of ARPACK (scipy's eigsh) on the same dense matrix.</summary>
/// <remarks>
/// ARPACK takes a pair for good at |bound| ≤ tol·|λᵢ|, Talweg at tol·‖A‖. So it is asked twice: with the same tol, and with tol·λ₁/λ₅₀, at which its last
/// pair, the hardest, meets what Talweg's does. It starts from the same random numbers each time and keeps its default of 2k + 1 vectors.
/// </remarks>
internal sealed class LanczosAgainstArpack : IBenchmark
{
    private const int Count = 50;

    private const double Tolerance = 1e-8;

    /// <summary>Of the largest: eigenvalues err by the square of residuals of 1e-8.</summary>
    private const double ValueTolerance = 1e-10;

    public string Name => "lanczos-products";

    public string Compares => $"products for the {Count} largest eigenpairs of the middle layer's Hessian, over those of ARPACK";

    private static Bar Needed => Bar.Below(1.3);

    public IEnumerable<Measurement> Run(Workplace workplace)
    {
        if (Arpack.Missing() is { } missing)
        {
            yield return Measurement.Skipped(Name, "times the products", Needed, missing);
            yield break;
        }

        Workplace.Say("  writing the matrix out");
        var matrix = HessianMatrix.Of(workplace.Trained, workplace.Data.Train, MiddleLayer.Space);
        string path = Path.Combine(workplace.Folder, "hessian.f64");
        using (var file = File.Create(path))
            file.Write(MemoryMarshal.AsBytes(matrix.Entries));
        var own = Lanczos.Top(matrix, Count, new() { Tolerance = Tolerance });
        double looser = Tolerance * own.Values[0] / own.Values[^1];
        foreach (var (name, tolerance) in ((string, double)[])[(Name, Tolerance), ($"{Name}, to the same residual", looser)])
        {
            var other = Arpack.Run(path, matrix.Dimension, Count, tolerance);
            double difference = Numbers.DifferenceOverLargest(own.Values, other.Values);
            yield return new(name, "times the products", [(double)own.Products / other.Products], Needed)
            {
                Notes =
                [
                    $"{own.Products} products ({own.Ending}), against {other.Products} of {other.Version} at tol {tolerance.ToString("G3", CultureInfo.InvariantCulture)}",
                    $"largest residual {Numbers.Text(own.Residuals.Max())} against {Numbers.Text(other.Residual)}; λ from {Numbers.Text(own.Values[0])} to {Numbers.Text(own.Values[^1])}",
                    $"eigenvalues differ by {Numbers.Text(difference)} of the largest (allowed {Numbers.Text(ValueTolerance)})",
                ],
                Differs = !(difference <= ValueTolerance),
            };
        }
    }
}
