namespace Talweg.Studies.FlatnessAndHessian;

/// <summary>Curvature and flatness along one direction.</summary>
public sealed record DirectionRow
{
    /// <summary>SGD's principal modes, by variance.</summary>
    public const string Mode = "mode";

    /// <summary>The Hessian's eigenvectors of the largest eigenvalues.</summary>
    public const string Top = "top";

    /// <summary>Those of the smallest, the most negative first.</summary>
    public const string Bottom = "bottom";

    /// <summary>Random orthonormal directions.</summary>
    public const string Random = "random";

    /// <summary>Random orthonormal directions within the span of the eigenvectors of vanishing curvature.</summary>
    public const string Flat = "flat";

    /// <summary>One of these.</summary>
    public required string Kind { get; init; }

    /// <summary>From 1, among its kind.</summary>
    public required int Rank { get; init; }

    /// <summary>σ²ᵢ in the window, of modes only.</summary>
    public required double? Variance { get; init; }

    /// <summary>pᵢᵀH pᵢ.</summary>
    public required double Curvature { get; init; }

    /// <summary>pᵢ·∇L.</summary>
    public required double Slope { get; init; }

    /// <summary>θₗ; null where that side is open.</summary>
    public required double? Left { get; init; }

    /// <summary>θᵣ, likewise.</summary>
    public required double? Right { get; init; }

    /// <summary>R² of the quadratic fit of ln L; null where a side is open.</summary>
    public required double? FitRSquared { get; init; }

    /// <summary>F = θᵣ − θₗ; null where a side is open.</summary>
    public double? Flatness => Right - Left;
}
