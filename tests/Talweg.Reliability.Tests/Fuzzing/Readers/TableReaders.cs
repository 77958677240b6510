using System.Buffers.Binary;
using Talweg.Storage;

namespace Talweg.Reliability.Tests.Fuzzing.Readers;

/// <summary>Parquet tables: with the seal that no longer fits, and with a forged one that does.</summary>
internal static class TableReaders
{
    private const int FooterEnd = 8, Hash = 32, Mark = 8;

    public static IEnumerable<FuzzReader> All()
    {
        byte[][] tables = [Table(12), Table(1)];
        return
        [
            new("tables", tables, (bytes, folder) => RequireUnchanged(tables, bytes, ParquetTable.Read(FuzzFile.Write(folder, "t.parquet", bytes)))),
            new("forged-tables", tables, (bytes, folder) => ParquetTable.Read(FuzzFile.Write(folder, "t.parquet", bytes))) { Finish = Sealed, Memory = 64L << 20 },
        ];
    }

    private static byte[] Table(int rows) => FuzzFile.Made("t", path => ParquetTable.Write(path,
    [
        new("rank", [.. Enumerable.Range(1, rows)]),
        new("variance", [.. Enumerable.Range(1, rows).Select(i => 1.0 / i)]),
        new("flatness", [.. Enumerable.Range(1, rows).Select(i => i % 3 == 0 ? (double?)null : i)]),
        new("updates", [.. Enumerable.Range(1, rows).Select(i => 1L << i)]),
        new("surrogate", [.. Enumerable.Range(1, rows).Select(i => i % 2 == 0 ? "isotropic walk" : "shuffled steps")]),
    ]));

    /// <summary>A table whose seal fits its bytes is one of those that were written.</summary>
    private static void RequireUnchanged(byte[][] tables, byte[] bytes, Table table) =>
        FuzzFile.Require(tables.Any(written => written.AsSpan().SequenceEqual(bytes)), $"a changed table of {table.Rows} rows was read");

    /// <summary>Whoever can compute a hash can forge the seal.</summary>
    public static byte[] Sealed(byte[] table)
    {
        long end = table.Length - FooterEnd;
        long place = end < 0 ? -1 : end - BinaryPrimitives.ReadUInt32LittleEndian(table.AsSpan((int)end)) - Hash - Mark;
        if (place < 0)
            return table;
        using var stream = new MemoryStream();
        stream.Write(table);
        "TALWEG#\n"u8.CopyTo(stream.GetBuffer().AsSpan((int)place));
        TableSeal.Fill(stream, place);
        return stream.ToArray();
    }
}
