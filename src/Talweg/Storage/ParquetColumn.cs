using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Talweg.Storage;

/// <summary>A column of a Parquet file, as <see cref="ParquetTable"/> writes one: one page of plain values.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Parquet's number of the type.</param>
/// <param name="IsNullable">Whether values may be missing.</param>
/// <param name="Values">How many values it claims, missing ones included.</param>
/// <param name="Place">Where in the file its page begins.</param>
/// <param name="Length">The page's bytes, header included.</param>
internal sealed record ParquetColumn(string Name, long Type, bool IsNullable, long Values, long Place, long Length)
{
    private const int Int32 = 1, Int64 = 2, Float64 = 5, Bytes = 6;

    /// <summary>Reads the values.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="rows">Values that are wanted; known to be bounded.</param>
    /// <exception cref="FormatException">The page is not so.</exception>
    public Column Read(ReadOnlySpan<byte> file, int rows)
    {
        if (Values != rows)
            throw new FormatException($"column '{Quoted.Name(Name)}' with {Values} values, expected {rows}");
        var page = Page(file, rows);
        return (Type, IsNullable) switch
        {
            (Float64, false) => new(Name, Plain<double>(page, rows)),
            (Float64, true) => new(Name, Nullable(page, rows)),
            (Int64, false) => new(Name, Plain<long>(page, rows)),
            (Int32, false) => new(Name, Plain<int>(page, rows)),
            (Bytes, false) => new(Name, Texts(page, rows)),
            _ => throw new FormatException($"column '{Quoted.Name(Name)}' of type {Type}{(IsNullable ? ", with missing values" : "")}, expected double, 32- or 64-bit integer, or text"),
        };
    }

    /// <summary>The values' bytes, behind the page's header.</summary>
    private ReadOnlySpan<byte> Page(ReadOnlySpan<byte> file, int rows)
    {
        if (rows == 0)
            return [];
        if (Place < 0 || Length < 0 || Place > file.Length || Length > file.Length - Place)
            throw new FormatException($"column '{Quoted.Name(Name)}' beyond the file's end");
        var page = file.Slice((int)Place, (int)Length);
        var reader = new ThriftReader(page);
        long kind = -1, length = -1, encoding = -1, values = -1;
        for (int id = 0; reader.Next(ref id, out byte type);)
        {
            if (id == 1)
                kind = reader.Integer(type);
            else if (id == 3)
                length = reader.Integer(type);
            else if (id == 5)
                (values, encoding) = DataHeader(ref reader, type);
            else
                reader.Skip(type);
        }
        if (kind != 0 || encoding != 0 || values != rows || length != page.Length - reader.Place)
            throw new FormatException($"column '{Quoted.Name(Name)}' in another form than one page of {rows} plain values");
        return page[reader.Place..];
    }

    private static (long Values, long Encoding) DataHeader(ref ThriftReader reader, byte structure)
    {
        ThriftReader.Structure(structure);
        long values = -1, encoding = -1;
        for (int id = 0; reader.Next(ref id, out byte type);)
        {
            if (id == 1)
                values = reader.Integer(type);
            else if (id == 2)
                encoding = reader.Integer(type);
            else
                reader.Skip(type);
        }
        return (values, encoding);
    }

    private T[] Plain<T>(ReadOnlySpan<byte> page, int count)
        where T : unmanaged
    {
        if (page.Length != (long)count * Marshal.SizeOf<T>())
            throw new FormatException($"column '{Quoted.Name(Name)}' with {page.Length} bytes for {count} values");
        return MemoryMarshal.Cast<byte, T>(page).ToArray();   // both are little-endian
    }

    private double?[] Nullable(ReadOnlySpan<byte> page, int rows)
    {
        if (rows == 0)
            return [];
        if (page.Length < sizeof(int) || BinaryPrimitives.ReadUInt32LittleEndian(page) > page.Length - sizeof(int))
            throw new FormatException($"column '{Quoted.Name(Name)}' without the marks of its missing values");
        int marks = BinaryPrimitives.ReadInt32LittleEndian(page);
        bool[] present = Present(page.Slice(sizeof(int), marks), rows);
        double[] values = Plain<double>(page[(sizeof(int) + marks)..], present.Count(there => there));
        double?[] all = new double?[rows];
        for (int row = 0, next = 0; row < rows; row++)
            all[row] = present[row] ? values[next++] : null;
        return all;
    }

    /// <summary>Runs of one bit and groups of eight, in turn; every run is at least one value long, so that reading ends.</summary>
    private bool[] Present(ReadOnlySpan<byte> marks, int rows)
    {
        bool[] present = new bool[rows];
        int row = 0;
        while (row < rows)
        {
            ulong header = Header(ref marks);
            long count = (long)Math.Min(header >> 1, (ulong)rows);
            long bytes = (header & 1) == 1 ? count : 1;
            if (count == 0 || bytes > marks.Length)
                throw new FormatException($"column '{Quoted.Name(Name)}' with broken marks of missing values");
            long end = Math.Min(rows, row + ((header & 1) == 1 ? 8 * count : count));
            for (int first = row; row < end; row++)
                present[row] = (header & 1) == 1 ? (marks[(row - first) / 8] >> ((row - first) % 8) & 1) == 1 : marks[0] == 1;
            marks = marks[(int)bytes..];
        }
        return present;
    }

    private ulong Header(ref ReadOnlySpan<byte> marks)
    {
        ulong value = 0;
        for (int i = 0; i < Math.Min(9, marks.Length); i++)
        {
            value |= (ulong)(marks[i] & 127) << (7 * i);
            if (marks[i] < 128)
            {
                marks = marks[(i + 1)..];
                return value;
            }
        }
        throw new FormatException($"column '{Quoted.Name(Name)}' with broken marks of missing values");
    }

    private string[] Texts(ReadOnlySpan<byte> page, int rows)
    {
        string[] texts = new string[rows];
        string last = "";
        for (int row = 0; row < rows; row++)
        {
            if (page.Length < sizeof(int) || BinaryPrimitives.ReadUInt32LittleEndian(page) > page.Length - sizeof(int))
                throw new FormatException($"column '{Quoted.Name(Name)}' with a text in row {row} that ends beyond its page");
            int length = BinaryPrimitives.ReadInt32LittleEndian(page);
            string text = Encoding.UTF8.GetString(page.Slice(sizeof(int), length));
            texts[row] = last = text == last ? last : text;   // repeated texts, as categories are, take memory once
            page = page[(sizeof(int) + length)..];
        }
        return page.IsEmpty ? texts : throw new FormatException($"column '{Quoted.Name(Name)}' with {page.Length} bytes behind its last text");
    }
}
