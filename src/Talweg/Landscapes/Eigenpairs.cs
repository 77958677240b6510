namespace Talweg.Landscapes;

/// <summary>Eigenvalues from one end of a symmetric operator's spectrum, with their eigenvectors.</summary>
public sealed record Eigenpairs
{
    /// <summary>λᵢ = vᵢ·A vᵢ, [count]: from the end inward, descending from the top, ascending from the bottom.</summary>
    public required double[] Values { get; init; }

    /// <summary>vᵢ as rows, [count, N], orthonormal; the largest component of each is positive.</summary>
    public required double[] Vectors { get; init; }

    /// <summary>‖A vᵢ − λᵢ vᵢ‖, [count]; A vᵢ being the combination of products that vᵢ is of their vectors, exact but for rounding of some 1e-15 ‖A‖.</summary>
    public required double[] Residuals { get; init; }

    /// <summary>Products with A in all.</summary>
    public required int Products { get; init; }

    /// <summary>Why the search ended.</summary>
    public required LanczosEnding Ending { get; init; }

    /// <summary>vᵢ, [N].</summary>
    public ReadOnlySpan<double> Vector(int index)
    {
        int dimension = Vectors.Length / Values.Length;
        return Vectors.AsSpan(index * dimension, dimension);
    }
}
