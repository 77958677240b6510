namespace Talweg.Studies.EffectiveDimensions;

/// <summary>One mode of the window.</summary>
public sealed record ModeRow
{
    /// <summary>i, from 1.</summary>
    public required int Rank { get; init; }

    /// <summary>σ²ᵢ.</summary>
    public required double Variance { get; init; }

    /// <summary>1 where the flatness was measured.</summary>
    public required int Measured { get; init; }

    /// <summary>Fᵢ; null where not measured, or a side is open.</summary>
    public required double? Flatness { get; init; }
}

/// <summary>One mode of a null surrogate.</summary>
public sealed record SurrogateRow
{
    /// <summary>Which surrogate.</summary>
    public required string Surrogate { get; init; }

    /// <summary>i, from 1.</summary>
    public required int Rank { get; init; }

    /// <summary>σ²ᵢ.</summary>
    public required double Variance { get; init; }

    /// <summary>1 where the flatness was measured.</summary>
    public required int Measured { get; init; }

    /// <summary>F around the real w₀ along the surrogate's mode; null where not measured, or a side is open.</summary>
    public required double? Flatness { get; init; }
}
