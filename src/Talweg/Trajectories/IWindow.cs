namespace Talweg.Trajectories;

/// <summary>A stretch of a trajectory that is read piece by piece: in memory (<see cref="Window"/>) or on disk (<see cref="RecordedWindow"/>).</summary>
/// <remarks>What reads it never asks for all of it at once, so that a window may be larger than memory. Reading is safe from several threads.</remarks>
public interface IWindow
{
    /// <summary>T: rows.</summary>
    int Iterations { get; }

    /// <summary>N: weights in a row.</summary>
    int Dimension { get; }

    /// <summary>Copies consecutive weights of one row.</summary>
    /// <param name="iteration">The row, counted from 0.</param>
    /// <param name="firstWeight">The first weight, counted from 0.</param>
    /// <param name="weights">Where they go; its length says how many.</param>
    void Read(int iteration, int firstWeight, Span<float> weights);
}
