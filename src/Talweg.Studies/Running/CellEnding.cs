namespace Talweg.Studies.Running;

/// <summary>How a cell ended: measured, or with a reason why it could not be. Either way it never runs again.</summary>
/// <param name="Completed">Whether its results are there.</param>
/// <param name="Verdict">In a few words: "measured 200 modes", "diverged in epoch 3".</param>
public sealed record CellEnding(bool Completed, string Verdict)
{
    /// <summary>The cell has its results.</summary>
    public static CellEnding Measured(string verdict = "measured") => new(true, verdict);

    /// <summary>The cell has none, and running it again would not help.</summary>
    public static CellEnding Failed(string verdict) => new(false, verdict);
}
