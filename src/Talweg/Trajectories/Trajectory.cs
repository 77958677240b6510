using Talweg.Storage;

namespace Talweg.Trajectories;

/// <summary>Recorded weights, one row an iteration, in a safetensors file with the tensor <c>weights</c> [iterations, N].</summary>
/// <remarks>The file stays on disk; a <see cref="Window"/> of it is read when asked for. Methods may be called from several threads.</remarks>
public sealed class Trajectory : IDisposable
{
    private readonly SafeTensorsFile file;
    private readonly TensorEntry entry;

    private Trajectory(SafeTensorsFile file)
    {
        this.file = file;
        entry = RequireWeights(file);
        Iterations = entry.Shape[0];
        Weights = (int)entry.Shape[1];
    }

    /// <summary>The file's path as it was given.</summary>
    public string Path => file.Path;

    /// <summary>Rows of the file: iterations recorded.</summary>
    public long Iterations { get; }

    /// <summary>N: how many weights each iteration has.</summary>
    public int Weights { get; }

    /// <summary>Opens a recorded trajectory.</summary>
    /// <exception cref="InputException">Not a safetensors file, or its tensors are not one <c>weights</c> [iterations, N] of F64, F32, F16 or BF16.</exception>
    public static Trajectory Open(string path)
    {
        var file = SafeTensorsFile.Open(path);
        try
        {
            return new Trajectory(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>The last iterations.</summary>
    /// <param name="iterations">How many; from 1 to <see cref="Iterations"/>.</param>
    /// <exception cref="InputException">There are not so many, or a weight is not finite.</exception>
    public Window Last(long iterations) =>
        iterations >= 1 && iterations <= Iterations
            ? Slice(Iterations - iterations, iterations)
            : throw new InputException(Path, "window", $"a request for the last {iterations} iterations", $"1 to the {Iterations} recorded");

    /// <summary>Some iterations.</summary>
    /// <param name="first">The first, counted from 0.</param>
    /// <param name="count">How many; at least 1.</param>
    /// <exception cref="InputException">Some of them are not recorded, they do not fit in memory, or a weight is not finite.</exception>
    public Window Slice(long first, long count)
    {
        RequireRange(first, count);
        float[] weights = new float[count * Weights];
        file.ReadRows(entry.Name, first, (int)count, weights);
        RequireFinite(weights, first);
        return new Window(weights, (int)count, Weights);
    }

    /// <summary>Some iterations, left on disk: for windows that memory does not hold.</summary>
    /// <param name="first">The first row, counted from 0.</param>
    /// <param name="rows">How many rows the stretch has; at least 1.</param>
    /// <param name="every">k: of these, the first and every k-th after it are the window's; ⌈rows/k⌉ in all.</param>
    /// <exception cref="InputException">Some of them are not recorded.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="every"/> is less than 1.</exception>
    public RecordedWindow View(long first, long rows, int every = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(every, 1);
        RequireRecorded(first, rows);
        return new(this, first, checked((int)((rows + every - 1) / every)), every);
    }

    internal void ReadRow(long row, int firstWeight, Span<float> weights) => file.ReadRow(entry.Name, row, firstWeight, weights);

    /// <summary>Closes the file.</summary>
    public void Dispose() => file.Dispose();

    private static TensorEntry RequireWeights(SafeTensorsFile file)
    {
        var entry = file.Entry(SafeTensorsRowWriter.TensorName);
        if (file.Tensors.Count != 1)
            throw new InputException(file.Path, "tensors", $"{file.Tensors.Count} of them", $"only '{entry.Name}', as trajectories have");
        entry = file.FloatEntry(entry.Name);
        if (entry.Shape is not [_, >= 1 and <= int.MaxValue])
            throw new InputException(file.Path, $"tensor '{entry.Name}', shape", entry.ShapeText, "[iterations, N] with N from 1 to 2^31 - 1");
        return entry;
    }

    private void RequireRange(long first, long count)
    {
        RequireRecorded(first, count);
        if (count > Array.MaxLength / Weights)
        {
            throw new InputException(Path, "window", $"a request for {count} iterations of {Weights} weights",
                $"at most {Array.MaxLength / Weights} of them at once; take a shorter window, or one that stays on disk (Trajectory.View)");
        }
    }

    private void RequireRecorded(long first, long count)
    {
        if (first < 0 || count < 1 || first > Iterations - count)
        {
            throw new InputException(Path, "window", $"a request for {count} iterations from {first} on",
                $"at least one, all within the {Iterations} recorded (counted from 0)");
        }
    }

    private void RequireFinite(float[] weights, long firstRow)
    {
        for (int i = 0; i < weights.Length; i++)
        {
            if (!float.IsFinite(weights[i]))
            {
                throw new InputException(Path, $"tensor '{entry.Name}', row {firstRow + i / Weights}, column {i % Weights}", $"{weights[i]}",
                    "a finite number; did training diverge?");
            }
        }
    }
}
