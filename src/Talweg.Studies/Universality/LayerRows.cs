using Talweg.Studies.Running;

namespace Talweg.Studies.Universality;

/// <summary>One principal mode of a layer. Numbers that were not measured are null.</summary>
public sealed record LayerModeRow
{
    /// <summary>i, from 1.</summary>
    public required int Rank { get; init; }

    /// <summary>σ²ᵢ.</summary>
    public required double Variance { get; init; }

    /// <summary>Variance along the same direction in the next window.</summary>
    public required double HeldOutVariance { get; init; }

    /// <summary>Fᵢ at level e around the window's last weights; null also where a side is open.</summary>
    public required double? Flatness { get; init; }

    /// <summary>Sides, 0 to 2, where the loss does not reach the level; null where not measured.</summary>
    public required double? OpenSides { get; init; }
}

/// <summary>One mode of a null surrogate whose flatness was measured.</summary>
public sealed record LayerNullRow
{
    /// <summary>As <see cref="NullWindows.Names"/> has it.</summary>
    public required string Surrogate { get; init; }

    /// <summary>i, from 1.</summary>
    public required int Rank { get; init; }

    /// <summary>σ²ᵢ of the surrogate.</summary>
    public required double Variance { get; init; }

    /// <summary>Fᵢ along it around the real w₀; null where a side is open.</summary>
    public required double? Flatness { get; init; }
}
