namespace Talweg.Trajectories;

/// <summary>A window that stays on disk: every k-th iteration of a stretch of a <see cref="Trajectory"/>, read when asked for.</summary>
/// <remarks>
/// For windows that memory does not hold: 12,000 iterations of 160,000 weights are 7.7 GB. Valid while its trajectory is open. Thinning leaves
/// the variances unbiased, since each is a mean over iterations, but spectra of fewer rows than weights end at the number of rows.
/// </remarks>
public sealed class RecordedWindow : IWindow
{
    private readonly Trajectory _trajectory;

    internal RecordedWindow(Trajectory trajectory, long first, int iterations, int every)
    {
        _trajectory = trajectory;
        First = first;
        Iterations = iterations;
        Every = every;
    }

    /// <summary>The trajectory's row that is this window's first.</summary>
    public long First { get; }

    /// <summary>k: rows of the trajectory from one of this window's to the next; 1 where it is not thinned.</summary>
    public int Every { get; }

    /// <inheritdoc/>
    public int Iterations { get; }

    /// <inheritdoc/>
    public int Dimension => _trajectory.Weights;

    /// <inheritdoc/>
    /// <exception cref="InputException">The file was cut short.</exception>
    public void Read(int iteration, int firstWeight, Span<float> weights)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(iteration);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(iteration, Iterations);
        _trajectory.ReadRow(First + (long)iteration * Every, firstWeight, weights);
    }
}
