namespace Talweg.Landscapes;

/// <summary>How the search for one side of a valley ended.</summary>
public enum SideEnding
{
    /// <summary>The level is crossed there, to a relative 1e-4.</summary>
    Found,

    /// <summary>The loss does not reach the level within the search's reach.</summary>
    Open,

    /// <summary>The loss reaches the level, but 60 rounds did not tell where: it jumps right beside w₀, or is no function of the displacement alone.</summary>
    RoundLimit,
}

/// <summary>One side of a valley.</summary>
/// <param name="Ending">How the search for it ended.</param>
/// <param name="Distance">Its distance from w₀; null unless it was found.</param>
internal readonly record struct ValleySide(SideEnding Ending, double? Distance);
