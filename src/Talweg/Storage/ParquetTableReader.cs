using Parquet;
using Parquet.Schema;

namespace Talweg.Storage;

/// <summary>Reads what <see cref="ParquetTable"/> wrote, once its seal is whole; what it then says is still checked.</summary>
internal static class ParquetTableReader
{
    // A column of one repeated value takes no space, so rows are not bounded by the file's length; but nobody has more.
    private const long RowsOfAnyFile = 1_000_000;
    private const long RowsPerByte = 1000;

    public static Table Read(string path)
    {
        FileKinds.RequireReadable(path);
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
            TableSeal.Require(path, stream);
            return ReadAsync(path, stream).GetAwaiter().GetResult();
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InputException(path, "file", "nothing there", "a Parquet file");
        }
        catch (Exception e) when (e is not InputException)   // the parser throws all kinds at damaged files
        {
            throw new InputException($"{path}: cannot be read as a Parquet table: {e.Message}", e);
        }
    }

    private static async Task<Table> ReadAsync(string path, FileStream stream)
    {
        await using var reader = await ParquetReader.CreateAsync(stream).ConfigureAwait(false);
        int rows = RequireRows(path, reader, stream.Length);
        var columns = new List<Column>();
        foreach (var field in RequireFlat(path, reader.Schema))
            columns.Add(await ReadColumnAsync(path, reader, field, rows).ConfigureAwait(false));
        return new Table(path, columns);
    }

    private static int RequireRows(string path, ParquetReader reader, long fileLength)
    {
        long most = Math.Min(Array.MaxLength, RowsOfAnyFile + RowsPerByte * Math.Min(fileLength, Array.MaxLength));
        Int128 rows = 0;
        for (int i = 0; i < reader.RowGroupCount; i++)
        {
            using var group = reader.OpenRowGroupReader(i);
            if (group.RowCount < 0 || (rows += group.RowCount) > most)
                throw new InputException(path, $"row group {i}", $"{group.RowCount} rows", $"0 to {most} in a file of {fileLength} bytes");
        }
        return (int)rows;
    }

    private static DataField[] RequireFlat(string path, ParquetSchema schema)
    {
        if (schema.Fields.FirstOrDefault(field => field is not DataField { IsArray: false }) is { } nested)
            throw new InputException(path, $"column '{Quoted.Name(nested.Name)}'", "nested values", "single values");
        if (schema.Fields.CountBy(field => field.Name).FirstOrDefault(pair => pair.Value > 1) is { Value: > 1 } twice)
            throw new InputException(path, $"column '{Quoted.Name(twice.Key)}'", "the name twice", "each name once");
        return schema.DataFields;
    }

    private static async Task<Column> ReadColumnAsync(string path, ParquetReader reader, DataField field, int rows)
    {
        bool nullable = field.IsNullable;
        if (field.ClrType == typeof(double))
        {
            return nullable
                ? new Column(field.Name, await ReadNullableAsync<double>(reader, field, rows).ConfigureAwait(false))
                : new Column(field.Name, await ReadAsync<double>(reader, field, rows).ConfigureAwait(false));
        }
        if (field.ClrType == typeof(long))
            return new Column(field.Name, await ReadCompleteAsync<long>(path, reader, field, rows).ConfigureAwait(false));
        if (field.ClrType == typeof(int))
            return new Column(field.Name, await ReadCompleteAsync<int>(path, reader, field, rows).ConfigureAwait(false));
        if (field.ClrType == typeof(string) || field.ClrType == typeof(ReadOnlyMemory<char>))
            return new Column(field.Name, await ReadTextAsync(path, reader, field, rows).ConfigureAwait(false));
        throw new InputException(path, $"column '{Quoted.Name(field.Name)}'", $"values of type {field.ClrType.Name}",
            "double, 32- or 64-bit integer, or text");
    }

    private static async Task<T[]> ReadCompleteAsync<T>(string path, ParquetReader reader, DataField field, int rows)
        where T : struct
    {
        if (!field.IsNullable)
            return await ReadAsync<T>(reader, field, rows).ConfigureAwait(false);
        var values = await ReadNullableAsync<T>(reader, field, rows).ConfigureAwait(false);
        int missing = Array.IndexOf(values, null);
        return missing < 0 ? Array.ConvertAll(values, value => value!.Value) : throw Missing(path, field, missing);
    }

    private static async Task<string[]> ReadTextAsync(string path, ParquetReader reader, DataField field, int rows)
    {
        string?[] values = new string?[rows];
        await ForEachGroupAsync(reader, values, async (group, part) => await group.ReadAsync(field, part).ConfigureAwait(false)).ConfigureAwait(false);
        int missing = Array.IndexOf(values, null);
        return missing < 0 ? (string[])values! : throw Missing(path, field, missing);
    }

    private static async Task<T[]> ReadAsync<T>(ParquetReader reader, DataField field, int rows)
        where T : struct
    {
        var values = new T[rows];
        await ForEachGroupAsync(reader, values, async (group, part) => await group.ReadAsync<T>(field, part).ConfigureAwait(false)).ConfigureAwait(false);
        return values;
    }

    private static async Task<T?[]> ReadNullableAsync<T>(ParquetReader reader, DataField field, int rows)
        where T : struct
    {
        var values = new T?[rows];
        await ForEachGroupAsync(reader, values, async (group, part) => await group.ReadAsync<T>(field, part).ConfigureAwait(false)).ConfigureAwait(false);
        return values;
    }

    private static async Task ForEachGroupAsync<T>(ParquetReader reader, T[] values, Func<ParquetRowGroupReader, Memory<T>, Task> read)
    {
        int done = 0;
        for (int i = 0; i < reader.RowGroupCount; i++)
        {
            using var group = reader.OpenRowGroupReader(i);
            int count = (int)group.RowCount;
            await read(group, values.AsMemory(done, count)).ConfigureAwait(false);
            done += count;
        }
    }

    private static InputException Missing(string path, DataField field, int row) =>
        new(path, $"column '{Quoted.Name(field.Name)}', row {row}", "a missing value", "none missing in integers or text");
}
