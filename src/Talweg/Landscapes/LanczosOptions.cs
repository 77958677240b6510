namespace Talweg.Landscapes;

/// <summary>How accurate eigenpairs must be, how many products they may cost, and where the search starts.</summary>
public sealed record LanczosOptions
{
    private readonly double _tolerance = 1e-8;
    private readonly int? _productLimit;

    /// <summary>Tolerance 1e-8, 20 products a pair and 200 more, seed 1.</summary>
    public static LanczosOptions Default { get; } = new();

    /// <summary>A pair is good when ‖Av − λv‖ is at most this multiple of ‖A‖ (the largest |Ritz value| seen); by default 1e-8.</summary>
    /// <remarks>The eigenvalue's own error is of second order in it: at most residual²/gap.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">Not within 1e-14 … 0.1.</exception>
    public double Tolerance
    {
        get => _tolerance;
        init => _tolerance = value is >= 1e-14 and <= 0.1
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "The tolerance must lie within 1e-14 … 0.1: double precision reaches no further, and beyond it nothing is an eigenvector.");
    }

    /// <summary>Products that the search may take, at least one a pair; by default (null) 20 a pair and 200 more.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than 1.</exception>
    public int? ProductLimit
    {
        get => _productLimit;
        init => _productLimit = value is null or >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "The product limit must be at least 1.");
    }

    /// <summary>Root of the stream "lanczos" that start vectors are drawn from: same seed, same bits.</summary>
    public long Seed { get; init; } = 1;
}
