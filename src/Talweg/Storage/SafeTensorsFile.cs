using System.Collections.Frozen;
using System.Numerics;

namespace Talweg.Storage;

/// <summary>A safetensors file open for reading: its header in memory, its numbers read when asked for.</summary>
/// <remarks>
/// The file is taken for hostile: whatever it holds, opening and reading give correct values or an
/// <see cref="InputException"/>, and no more memory is taken than the file's size warrants. Methods may be called from
/// several threads at once. Format: https://huggingface.co/docs/safetensors.
/// </remarks>
public sealed class SafeTensorsFile : IDisposable
{
    private readonly InputFile file;
    private readonly long dataStart;

    private SafeTensorsFile(InputFile file, SafeTensorsHeader header)
    {
        this.file = file;
        dataStart = header.DataStart;
        Tensors = header.Entries.ToFrozenDictionary(entry => entry.Name);
        Names = [.. Tensors.Keys.Order(NaturalOrder.Instance)];
        Metadata = header.Metadata.ToFrozenDictionary();
    }

    /// <summary>The path as it was given.</summary>
    public string Path => file.Path;

    /// <summary>The tensors by name.</summary>
    public IReadOnlyDictionary<string, TensorEntry> Tensors { get; }

    /// <summary>The tensors' names in <see cref="NaturalOrder"/>: <c>2.weight</c> before <c>10.weight</c>.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The header's <c>__metadata__</c>; empty when it has none.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Opens a file and checks its header; the numbers themselves are not yet read.</summary>
    /// <exception cref="InputException">The file is missing, or not a complete and valid safetensors file.</exception>
    public static SafeTensorsFile Open(string path)
    {
        var file = InputFile.Open(path);
        try
        {
            return new SafeTensorsFile(file, SafeTensorsHeader.Read(file));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>The tensor of this name.</summary>
    /// <exception cref="InputException">There is none.</exception>
    public TensorEntry Entry(string name) => Tensors.TryGetValue(name, out var entry)
        ? entry
        : throw new InputException(Path, "tensors", Quoted.Names(Names), $"one named '{name}'");

    /// <summary>The tensor of this name, which must be of floating-point numbers, as weights, trajectories and directions are.</summary>
    /// <exception cref="InputException">There is none, or it is of another type.</exception>
    public TensorEntry FloatEntry(string name)
    {
        var entry = Entry(name);
        return ElementTypes.IsFloat(entry.Type)
            ? entry
            : throw new InputException(Path, $"tensor '{Quoted.Name(name)}', dtype", ElementTypes.Name(entry.Type), ElementTypes.Floats);
    }

    /// <summary>Whether the file says that it carries a checksum, which <see cref="RequireChecksum"/> compares.</summary>
    public bool HasChecksum => Metadata.ContainsKey(SafeTensorsSeal.Key);

    /// <summary>Reads the whole file and compares it with the checksum in its metadata, <c>talweg-sha256</c>.</summary>
    /// <exception cref="InputException">It has none, or a byte has changed since it was written.</exception>
    public void RequireChecksum() => SafeTensorsSeal.Require(file, dataStart);

    /// <summary>All numbers of a tensor in row-major order, rounded to single precision.</summary>
    /// <exception cref="InputException">No such tensor; a type that is not read; a finite float beyond single precision's range;
    /// an integer that single precision does not hold exactly.</exception>
    public float[] ReadSingles(string name) => ReadAll<float>(Entry(name));

    /// <summary>All numbers of a tensor in row-major order, in double precision.</summary>
    /// <exception cref="InputException">No such tensor; a type that is not read; an integer that double precision does not hold exactly.</exception>
    public double[] ReadDoubles(string name) => ReadAll<double>(Entry(name));

    /// <summary>Some rows of a tensor of two dimensions, rounded to single precision.</summary>
    /// <param name="name">The tensor.</param>
    /// <param name="firstRow">The first row, counted from 0.</param>
    /// <param name="count">How many rows.</param>
    /// <param name="destination">Row-major; <paramref name="count"/> times the tensor's columns long.</param>
    /// <exception cref="InputException">As <see cref="ReadSingles"/>, or the tensor has not two dimensions.</exception>
    /// <exception cref="ArgumentException">The rows are not in the tensor, or the destination has another length.</exception>
    public void ReadRows(string name, long firstRow, int count, Span<float> destination) =>
        ReadRowsAs(Entry(name), firstRow, count, destination);

    /// <summary>Some rows of a tensor of two dimensions, in double precision.</summary>
    /// <inheritdoc cref="ReadRows(string, long, int, Span{float})"/>
    public void ReadRows(string name, long firstRow, int count, Span<double> destination) =>
        ReadRowsAs(Entry(name), firstRow, count, destination);

    /// <summary>Consecutive numbers of one row of a tensor of two dimensions, rounded to single precision.</summary>
    /// <param name="name">The tensor.</param>
    /// <param name="row">Counted from 0.</param>
    /// <param name="firstColumn">The first column, counted from 0.</param>
    /// <param name="destination">Its length says how many.</param>
    /// <exception cref="InputException">As <see cref="ReadSingles"/>, or the tensor has not two dimensions.</exception>
    /// <exception cref="ArgumentOutOfRangeException">They are not in the row, or there is no such row.</exception>
    public void ReadRow(string name, long row, long firstColumn, Span<float> destination)
    {
        var entry = RequireMatrix(Entry(name));
        ArgumentOutOfRangeException.ThrowIfNegative(row);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, entry.Shape[0]);
        ArgumentOutOfRangeException.ThrowIfNegative(firstColumn);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(firstColumn, entry.Shape[1] - destination.Length);
        TensorReader.Read(file, entry, row * entry.Shape[1] + firstColumn, destination);
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => file.Dispose();

    private T[] ReadAll<T>(TensorEntry entry)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var values = new T[TensorReader.ArrayLength(file, entry)];
        TensorReader.Read<T>(file, entry, 0, values);
        return values;
    }

    private void ReadRowsAs<T>(TensorEntry entry, long firstRow, int count, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        RequireMatrix(entry);
        var (rows, columns) = (entry.Shape[0], entry.Shape[1]);
        ArgumentOutOfRangeException.ThrowIfNegative(firstRow);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(firstRow, rows - count);
        if ((Int128)count * columns != destination.Length)
        {
            throw new ArgumentException(
                $"The destination holds {destination.Length} numbers; {count} rows of {columns} need {(Int128)count * columns}.", nameof(destination));
        }
        TensorReader.Read(file, entry, firstRow * columns, destination);
    }

    private TensorEntry RequireMatrix(TensorEntry entry) => entry.Shape.Count == 2
        ? entry
        : throw new InputException(Path, $"tensor '{Quoted.Name(entry.Name)}', shape", entry.ShapeText, "two dimensions: [rows, columns]");
}
