namespace Talweg.Trajectories;

/// <summary>Where epochs lie in a window that begins with one, as recorded windows do.</summary>
/// <remarks>
/// Row t holds the weights after step t + 1 of the window's training, so the first epoch ends at row E − 1, the next at 2E − 1. The weights that the first
/// one began with are in no row: it has E rows and E − 1 steps, and no displacement.
/// </remarks>
/// <param name="Iterations">T, the window's rows.</param>
/// <param name="PerEpoch">E.</param>
internal readonly record struct WindowEpochs(int Iterations, int PerEpoch)
{
    /// <summary>Epochs that are complete in the window, from the weights that they began with to those at their end: all but the first and one that breaks off.</summary>
    public int Complete => Math.Max(0, Iterations / PerEpoch - 1);

    /// <summary>The last row of the epoch before the complete one of index <paramref name="epoch"/>.</summary>
    public int Before(int epoch) => (epoch + 1) * PerEpoch - 1;

    /// <summary>The last row of the complete epoch of index <paramref name="epoch"/>.</summary>
    public int End(int epoch) => Before(epoch + 1);

    /// <summary>The step from <paramref name="row"/> to the next, counted from 0 within its epoch.</summary>
    public int StepFrom(int row) => (row + 1) % PerEpoch;
}
