using Parquet;
using Parquet.Schema;

namespace Talweg.Storage;

/// <summary>Tables as Parquet files, which pandas, polars, DuckDB and R read as they are.</summary>
public static class ParquetTable
{
    /// <summary>No compression and no dictionaries: the one form that is read back in bounded time and memory.</summary>
    private static ParquetOptions Plain => new() { CompressionMethod = CompressionMethod.None, DictionaryEncodingThreshold = 0 };

    /// <summary>Writes a table, replacing the file only when all is on disk.</summary>
    /// <param name="path">The file to write or replace.</param>
    /// <param name="columns">At least one; all of one length, no two of one name.</param>
    /// <exception cref="ArgumentException">No columns, unequal lengths, or a name twice.</exception>
    /// <exception cref="InputException">The file cannot be written there.</exception>
    public static void Write(string path, IReadOnlyList<Column> columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        RequireTable(columns);
        AtomicFile.Write(path, stream => WriteAsync(stream, columns).GetAwaiter().GetResult());
    }

    /// <summary>Reads a table that <see cref="Write"/> wrote; tables of other programs, and of versions that compressed them, are refused.</summary>
    /// <remarks>Whatever the file claims, time and memory are bounded by its length, and 2 million values besides.</remarks>
    /// <exception cref="InputException">The file is missing, is not Parquet, or is not as Talweg wrote it: its checksum is missing or differs.</exception>
    public static Table Read(string path) => ParquetTableReader.Read(path);

    private static void RequireTable(IReadOnlyList<Column> columns)
    {
        if (columns.Count == 0)
            throw new ArgumentException("A table needs at least one column.", nameof(columns));
        if (columns.CountBy(column => column.Name).FirstOrDefault(pair => pair.Value > 1) is { Value: > 1 } twice)
            throw new ArgumentException($"Two columns are named '{twice.Key}'; each needs its own name.", nameof(columns));
        if (columns.FirstOrDefault(column => column.Count != columns[0].Count) is { } other)
        {
            throw new ArgumentException(
                $"Column '{other.Name}' has {other.Count} rows, but '{columns[0].Name}' has {columns[0].Count}.", nameof(columns));
        }
    }

    private static async Task WriteAsync(Stream stream, IReadOnlyList<Column> columns)
    {
        DataField[] fields = [.. columns.Select(Field)];
        long seal;
        await using (var writer = await ParquetWriter.CreateAsync(new ParquetSchema(fields), stream, Plain).ConfigureAwait(false))
        {
            using (var group = writer.CreateRowGroup())
            {
                foreach (var (field, column) in fields.Zip(columns))
                    await WriteAsync(group, field, column.Values).ConfigureAwait(false);
            }
            seal = stream.Position;
            TableSeal.Reserve(stream);
        }
        TableSeal.Fill(stream, seal);
    }

    private static Task WriteAsync(ParquetRowGroupWriter group, DataField field, Array values) => values switch
    {
        double[] doubles => group.WriteAsync<double>(field, doubles),
        double?[] doubles => group.WriteAsync<double>(field, doubles.AsMemory()),
        long[] longs => group.WriteAsync<long>(field, longs),
        int[] ints => group.WriteAsync<int>(field, ints),
        string[] texts => group.WriteAsync(field, texts),
        _ => throw new ArgumentException($"Columns of {values.GetType()} are not written.", nameof(values)),
    };

    private static DataField Field(Column column) => column.Values is double?[]? new DataField(column.Name, typeof(double), isNullable: true)
        : new DataField(column.Name, column.Type, isNullable: false);
}
