namespace Talweg.Trajectories;

/// <summary>A stretch of a trajectory in memory: consecutive iterations of all weights under study.</summary>
public sealed class Window : IWindow
{
    /// <param name="weights">Row-major [iterations, dimension]; taken over, not copied.</param>
    /// <param name="iterations">Rows; at least 1.</param>
    /// <param name="dimension">Weights in a row; at least 1.</param>
    /// <exception cref="ArgumentException">The numbers do not fill iterations × dimension.</exception>
    public Window(float[] weights, int iterations, int dimension)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentOutOfRangeException.ThrowIfLessThan(iterations, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        if (weights.Length != (long)iterations * dimension)
        {
            throw new ArgumentException(
                $"{iterations} iterations of {dimension} weights need {(long)iterations * dimension} numbers, not {weights.Length}.", nameof(weights));
        }
        Weights = weights;
        Iterations = iterations;
        Dimension = dimension;
    }

    /// <summary>Row-major [iterations, dimension].</summary>
    public float[] Weights { get; }

    /// <summary>Rows.</summary>
    public int Iterations { get; }

    /// <summary>Weights in a row.</summary>
    public int Dimension { get; }

    /// <summary>The weights after iteration <paramref name="t"/> of the window, counted from 0.</summary>
    public ReadOnlySpan<float> Row(int t) => Weights.AsSpan(checked(t * Dimension), Dimension);

    /// <summary>Whether any weight differs from what it was in the first iteration.</summary>
    public bool Moves => Enumerable.Range(1, Iterations - 1).Any(t => !Row(t).SequenceEqual(Row(0)));

    /// <inheritdoc/>
    public void Read(int iteration, int firstWeight, Span<float> weights) => Row(iteration).Slice(firstWeight, weights.Length).CopyTo(weights);
}
