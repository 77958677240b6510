using Talweg.Storage;

namespace Talweg.Trajectories;

/// <summary>Records weights while training runs, one row an iteration, in bounded memory; read them with <see cref="Trajectory"/>.</summary>
/// <remarks>Not safe for use by several threads.</remarks>
public sealed class TrajectoryRecorder : IDisposable
{
    private readonly SafeTensorsRowWriter writer;

    /// <summary>Begins a new file, replacing one that is there.</summary>
    /// <param name="path">The file.</param>
    /// <param name="dimension">N: weights in a row; at least 1.</param>
    /// <exception cref="InputException">The file cannot be made.</exception>
    public TrajectoryRecorder(string path, int dimension)
        : this(new SafeTensorsRowWriter(path, dimension))
    {
    }

    private TrajectoryRecorder(SafeTensorsRowWriter writer) => this.writer = writer;

    /// <summary>N: weights in a row.</summary>
    public int Dimension => writer.Columns;

    /// <summary>Iterations recorded, those of a resumed file included. A checkpoint keeps this number to resume with.</summary>
    public long Rows => writer.Rows;

    /// <summary>A check of all iterations recorded. A checkpoint keeps this number too, so that rows that have changed are found.</summary>
    public uint Checksum => writer.Checksum;

    /// <summary>Goes on after the first <paramref name="rows"/> iterations of a file; later ones are cut off.</summary>
    /// <param name="path">A file that a recorder wrote.</param>
    /// <param name="rows">How many iterations to keep.</param>
    /// <param name="dimension">N; must be the file's.</param>
    /// <param name="checksum">The <see cref="Checksum"/> of these iterations; null: not known.</param>
    /// <exception cref="InputException">The file has fewer iterations, another N, other numbers, or was not recorded by Talweg.</exception>
    public static TrajectoryRecorder Resume(string path, long rows, int dimension, uint? checksum = null) => new(SafeTensorsRowWriter.Resume(path, rows, dimension, checksum));

    /// <summary>Adds the weights after one more iteration.</summary>
    /// <exception cref="ArgumentException">There are not N of them.</exception>
    public void Record(ReadOnlySpan<float> row) => writer.Append(row);

    /// <summary>Writes all iterations to the file, which is then complete and readable.</summary>
    /// <param name="durable">Also waits until the disk has them: do so before a checkpoint that counts on them.</param>
    public void Flush(bool durable = false) => writer.Flush(durable);

    /// <summary>Flushes and closes the file.</summary>
    public void Dispose() => writer.Dispose();
}
