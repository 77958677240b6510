using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Talweg.Storage;

/// <summary>Streams rows into a safetensors file with one single-precision tensor <c>weights</c> [rows, columns].</summary>
/// <remarks>
/// The header has a fixed size, padded with spaces, and is rewritten when rows have been written, so the file is valid
/// after each such write. About a mebibyte of rows is held back. The same rows give the same bytes, however often writing
/// was flushed, killed and resumed. Not safe for use by several threads.
/// </remarks>
public sealed class SafeTensorsRowWriter : IDisposable
{
    /// <summary>The name of the tensor.</summary>
    public const string TensorName = "weights";

    /// <summary>Bytes before the first row. Less than a disk's sector, so that a header is not torn in two.</summary>
    internal const int HeaderBytes = 256;

    private const int BufferBytes = 1 << 20;

    private readonly string path;
    private readonly SafeFileHandle file;
    private readonly float[] buffer;   // whole rows only
    private int buffered;              // numbers in the buffer
    private long written;              // rows in the file
    private uint check;                // of all rows
    private bool closed;

    /// <summary>Begins a new file, replacing one that is there. A link is followed; other names of the old file keep it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="columns">Numbers in a row; at least 1.</param>
    /// <exception cref="InputException">The file cannot be made.</exception>
    public SafeTensorsRowWriter(string path, int columns)
        : this(path, OpenForWriting(path, isNew: true), columns, rows: 0) => WriteHeader();

    private SafeTensorsRowWriter(string path, SafeFileHandle file, int columns, long rows)
    {
        if (columns < 1)
        {
            file.Dispose();
            throw new ArgumentOutOfRangeException(nameof(columns), columns, "A row needs at least one column.");
        }
        this.path = path;
        this.file = file;
        Columns = columns;
        written = rows;
        buffer = new float[Math.Max(1, BufferBytes / sizeof(float) / columns) * columns];
    }

    /// <summary>Numbers in a row.</summary>
    public int Columns { get; }

    /// <summary>Rows appended so far, those of a resumed file included.</summary>
    public long Rows => written + buffered / Columns;

    /// <summary>A check of all rows so far: CRC-32C, beginning with 0, of their numbers in little-endian order.</summary>
    public uint Checksum => check;

    private long RowBytes => (long)Columns * sizeof(float);

    /// <summary>Goes on with a file after its first <paramref name="rows"/> rows; what comes after them is cut off.</summary>
    /// <remarks>
    /// The rows that are there are counted by the file's length, not by its header: the program may have been killed after
    /// it wrote rows and before it wrote that they are there. The rows to keep are read once, for <see cref="Checksum"/>.
    /// </remarks>
    /// <param name="path">A file written by this class.</param>
    /// <param name="rows">How many rows to keep.</param>
    /// <param name="columns">Numbers in a row; must be the file's.</param>
    /// <param name="checksum">The <see cref="Checksum"/> that the rows to keep had; null: not known.</param>
    /// <param name="wayOut">What a user can do about a file that cannot be gone on with, added to what is wrong with it; null: nothing.</param>
    /// <exception cref="InputException">The file has fewer rows, other columns, other numbers, or is not one of this class.</exception>
    public static SafeTensorsRowWriter Resume(string path, long rows, int columns, uint? checksum = null, string? wayOut = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        uint found;
        try
        {
            found = RequireRows(path, rows, columns, checksum);
        }
        catch (InputException damage) when (wayOut is not null)
        {
            throw new InputException($"{damage.Message}; {wayOut}", damage);
        }

        var writer = new SafeTensorsRowWriter(path, OpenForWriting(path, isNew: false), columns, rows) { check = found };
        writer.CutOff();
        return writer;
    }

    /// <summary>Adds a row; it reaches the file when the buffer is full or flushed.</summary>
    /// <exception cref="ArgumentException">The row has another number of columns.</exception>
    public void Append(ReadOnlySpan<float> row)
    {
        ObjectDisposedException.ThrowIf(closed, this);
        if (row.Length != Columns)
            throw new ArgumentException($"The row has {row.Length} numbers, but the file's rows have {Columns}.", nameof(row));
        check = Crc32C.Add(check, MemoryMarshal.AsBytes(row));
        row.CopyTo(buffer.AsSpan(buffered));
        buffered += row.Length;
        if (buffered == buffer.Length)
            Drain(durable: false);
    }

    /// <summary>Writes all rows to the file, which is then a valid safetensors file.</summary>
    /// <param name="durable">Also waits until the disk has them, so that a power cut cannot take them back.</param>
    /// <exception cref="InputException">The disk is full, or fails.</exception>
    public void Flush(bool durable = false)
    {
        ObjectDisposedException.ThrowIf(closed, this);
        Drain(durable);
        if (durable)
            Sync();
    }

    /// <summary>Flushes and closes the file.</summary>
    public void Dispose()
    {
        if (closed)
            return;
        closed = true;
        try
        {
            Drain(durable: false);
        }
        finally
        {
            file.Dispose();
        }
    }

    private static SafeFileHandle OpenForWriting(string path, bool isNew) => Writing(path, () =>
    {
        string target = OutputPath.Of(path);
        if (isNew)
            File.Delete(target);
        return File.OpenHandle(target, isNew ? FileMode.CreateNew : FileMode.Open, FileAccess.ReadWrite, FileShare.Read);
    });

    private static T Writing<T>(string path, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception e) when (OutputPath.IsRefusal(e))
        {
            throw new InputException($"{path}: cannot be written: {OutputPath.Reason(e)}", e);
        }
    }

    /// <summary>Requires the rows, and gives their checksum.</summary>
    private static uint RequireRows(string path, long rows, int columns, uint? checksum)
    {
        using var old = InputFile.Open(path);
        var header = SafeTensorsHeader.ReadUnplaced(old);
        if (header.DataStart != HeaderBytes || header.Entries is not [{ Name: TensorName, Type: ElementType.Float32, Shape.Count: 2 } entry])
        {
            throw new InputException(path, "header", Quoted.Names([.. header.Entries.Select(other => other.Name)]),
                $"one tensor '{TensorName}' of F32 [rows, {columns}] that Talweg itself recorded");
        }
        if (entry.Shape[1] != columns)
            throw new InputException(path, $"tensor '{TensorName}', shape", entry.ShapeText, $"rows of {columns} numbers");
        long present = (old.Length - HeaderBytes) / (columns * (long)sizeof(float));
        if (present < rows)
            throw new InputException(path, $"tensor '{TensorName}'", $"{present} whole rows", $"at least the {rows} to go on from");
        uint found = Check(old, HeaderBytes + rows * columns * sizeof(float));
        return checksum is null || found == checksum ? found
            : throw new InputException(path, $"tensor '{TensorName}'", "other numbers than were recorded", $"those that Talweg wrote: the first {rows} rows have changed since");
    }

    private static uint Check(InputFile file, long end)
    {
        byte[] block = new byte[BufferBytes];
        uint check = 0;
        for (long at = HeaderBytes; at < end; at += block.Length)
        {
            var part = block.AsSpan(0, (int)Math.Min(block.Length, end - at));
            file.Read(at, part);
            check = Crc32C.Add(check, part);
        }
        return check;
    }

    private void CutOff()
    {
        try
        {
            _ = Writing(path, () =>
            {
                RandomAccess.SetLength(file, HeaderBytes + written * RowBytes);
                return true;
            });
            WriteHeader();
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private void Drain(bool durable)
    {
        if (buffered == 0)
            return;
        Put(MemoryMarshal.AsBytes(buffer.AsSpan(0, buffered)), HeaderBytes + written * RowBytes);
        written += buffered / Columns;
        buffered = 0;
        if (durable)
            Sync();   // the rows must be there before the header says so
        WriteHeader();
    }

    private void WriteHeader()
    {
        var entry = new TensorEntry(TensorName, ElementType.Float32, [written, Columns], 0, written * RowBytes);
        Put(SafeTensorsHeaderText.ComposeFixed(entry, HeaderBytes), 0);
    }

    private void Put(ReadOnlySpan<byte> bytes, long place)
    {
        try
        {
            RandomAccess.Write(file, bytes, place);
        }
        catch (Exception e) when (OutputPath.IsRefusal(e))   // no space left, a limit on a file's size
        {
            throw new InputException($"{path}: cannot be written: {OutputPath.Reason(e)}", e);
        }
    }

    private void Sync() => _ = Writing(path, () =>
    {
        RandomAccess.FlushToDisk(file);
        return true;
    });
}
