using System.Buffers.Binary;

namespace Talweg.Storage;

/// <summary>Reads what <see cref="ParquetTable"/> wrote, once its seal is whole; what it then says is still checked.</summary>
/// <remarks>
/// A seal can be forged, and Parquet.Net 6.1 runs forever, or takes gigabytes, on a forged kilobyte. So it only writes, and tables are read here: only
/// in the one form that it writes, in one pass, with memory bounded by the file's length.
/// </remarks>
internal static class ParquetTableReader
{
    private const long LongestFile = 1L << 28;

    // A missing value takes no space, so values are not bounded by the file's length; but no table of ours has more.
    private const long ValuesOfAnyFile = 2_000_000;

    private const int EndBytes = 8;   // the footer's length, then "PAR1"

    public static Table Read(string path)
    {
        byte[] file = ReadSealed(path);
        try
        {
            int footer = BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(file.Length - EndBytes));
            return Read(path, file, ParquetFooter.Parse(file.AsSpan(file.Length - EndBytes - footer, footer)));
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            throw new InputException($"{path}: is no table that this version of Talweg wrote: found {e.Message}.", e);
        }
    }

    private static byte[] ReadSealed(string path)
    {
        FileKinds.RequireReadable(path);
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
            if (stream.Length > LongestFile)
                throw new InputException(path, "file", $"{stream.Length} bytes", $"at most {LongestFile} in a table of Talweg's");
            TableSeal.Require(path, stream);
            byte[] file = new byte[stream.Length];
            stream.ReadExactly(file);
            return file;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InputException(path, "file", "nothing there", "a Parquet file");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path}: cannot be read as a Parquet table: {e.Message}", e);
        }
    }

    private static Table Read(string path, byte[] file, ParquetFooter footer)
    {
        long most = ValuesOfAnyFile + file.Length;
        if (footer.Rows < 0 || footer.Rows > most / Math.Max(1, footer.Columns.Count))
            throw new FormatException($"{footer.Rows} rows of {footer.Columns.Count} columns in a file of {file.Length} bytes, expected at most {most} values");
        if (footer.Columns.CountBy(column => column.Name).FirstOrDefault(pair => pair.Value > 1) is { Value: > 1 } twice)
            throw new InputException(path, $"column '{Quoted.Name(twice.Key)}'", "the name twice", "each name once");
        // A thousand columns may not name one page: what they hold would take a thousand times the file's length.
        if (footer.Columns.Aggregate(Int128.Zero, (bytes, column) => bytes + Math.Max(0, column.Length)) > file.Length)
            throw new FormatException($"pages that are longer than the file's {file.Length} bytes together, expected each column's own");
        return new(path, [.. footer.Columns.Select(column => column.Read(file, (int)footer.Rows))]);
    }
}
