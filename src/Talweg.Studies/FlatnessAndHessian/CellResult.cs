using Talweg.Landscapes;
using Talweg.Studies.Running;

namespace Talweg.Studies.FlatnessAndHessian;

/// <summary>What a cell found besides its table of directions.</summary>
public sealed record CellResult
{
    /// <summary>Its file in the cell's folder; written last.</summary>
    public const string FileName = "hessian.json";

    /// <summary>The table of directions.</summary>
    public const string DirectionsFile = "directions.parquet";

    /// <summary>The first epoch with zero training error; null if there was none.</summary>
    public required int? ZeroErrorEpoch { get; init; }

    /// <summary>The window in iterations.</summary>
    public required int Iterations { get; init; }

    /// <summary>L₀ at the window's last weights, where everything is measured.</summary>
    public required double Loss { get; init; }

    /// <summary>‖w₀‖ of the layer.</summary>
    public required double Norm { get; init; }

    /// <summary>All eigenvalues of the layer's Hessian, descending, by dense diagonalisation.</summary>
    public required IReadOnlyList<double> Spectrum { get; init; }

    /// <summary>The largest eigenvalues by Lanczos.</summary>
    public required IReadOnlyList<double> LanczosValues { get; init; }

    /// <summary>Their residuals ‖H v − λ v‖.</summary>
    public required IReadOnlyList<double> LanczosResiduals { get; init; }

    /// <summary>Products that Lanczos took.</summary>
    public required int LanczosProducts { get; init; }

    /// <summary>How it ended.</summary>
    public required string LanczosEnding { get; init; }

    /// <summary>‖PVᵀ‖²/k of the first k modes P and the k largest eigenvectors V, k = <see cref="LanczosValues"/>' count or all modes if they are fewer: 1 for one subspace, k/N for random ones.</summary>
    public required double Overlap { get; init; }

    /// <summary>The same of k random orthonormal directions and V.</summary>
    public required double RandomOverlap { get; init; }

    /// <summary>Curvature below which the search for F would find a parabola open on both sides: 2(e − 1)L₀/(10‖w₀‖)².</summary>
    public double Vanishing => 2 * (Math.E - 1) * Loss / Math.Pow(FlatnessOptions.ReachInNorms * Norm, 2);

    /// <summary>Writes it as JSON.</summary>
    public void Write(string path) => ResultFile.Write(path, this);

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static CellResult Read(string path) => ResultFile.Read<CellResult>(path, "a cell's result");
}
