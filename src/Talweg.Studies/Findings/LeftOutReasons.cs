namespace Talweg.Studies.Findings;

/// <summary>Why values are left out of a measurement, where several studies leave them out for the same reason.</summary>
internal static class LeftOutReasons
{
    /// <summary>Modes without a flatness.</summary>
    public const string SidesNotFound = "modes with a side that was not found: the loss does not reach the level within 10 ‖w₀‖, or the search did not settle";
}
