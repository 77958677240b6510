namespace Talweg.Storage;

/// <summary>A table read from a file: columns of one length, asked for by name and type.</summary>
public sealed class Table
{
    private readonly Dictionary<string, Column> byName;

    /// <param name="source">The file, for error messages.</param>
    /// <param name="columns">Columns of one length, no two of one name.</param>
    internal Table(string source, IReadOnlyList<Column> columns)
    {
        Source = source;
        Columns = columns;
        byName = columns.ToDictionary(column => column.Name);
    }

    /// <summary>The file that it came from.</summary>
    public string Source { get; }

    /// <summary>The columns in the file's order.</summary>
    public IReadOnlyList<Column> Columns { get; }

    /// <summary>Rows; 0 when there is no column.</summary>
    public int Rows => Columns.Count == 0 ? 0 : Columns[0].Count;

    /// <summary>A column of doubles; integers that a double holds exactly are converted, and no value may be missing.</summary>
    /// <exception cref="InputException">There is no such column, or it holds something else.</exception>
    public double[] Doubles(string name) => Find(name).Values switch
    {
        double[] values => values,
        int[] values => Array.ConvertAll(values, value => (double)value),
        double?[] values when Array.IndexOf(values, null) < 0 => Array.ConvertAll(values, value => value!.Value),
        _ => throw Mismatch(name, "double, none missing"),
    };

    /// <summary>A column of doubles, null where missing.</summary>
    /// <inheritdoc cref="Doubles"/>
    public double?[] NullableDoubles(string name) => Find(name).Values switch
    {
        double?[] values => values,
        double[] values => Array.ConvertAll(values, value => (double?)value),
        _ => throw Mismatch(name, "double"),
    };

    /// <summary>A column of 64-bit integers; 32-bit ones are converted.</summary>
    /// <inheritdoc cref="Doubles"/>
    public long[] Longs(string name) => Find(name).Values switch
    {
        long[] values => values,
        int[] values => Array.ConvertAll(values, value => (long)value),
        _ => throw Mismatch(name, "64-bit integer"),
    };

    /// <summary>A column of 32-bit integers.</summary>
    /// <inheritdoc cref="Doubles"/>
    public int[] Ints(string name) => Find(name).Values as int[] ?? throw Mismatch(name, "32-bit integer");

    /// <summary>A column of text.</summary>
    /// <inheritdoc cref="Doubles"/>
    public string[] Strings(string name) => Find(name).Values as string[] ?? throw Mismatch(name, "text");

    private Column Find(string name) => byName.TryGetValue(name, out var column)
        ? column
        : throw new InputException(Source, "columns", Quoted.Names([.. byName.Keys]), $"one named '{name}'");

    private InputException Mismatch(string name, string expected)
    {
        var column = byName[name];
        string found = column.Values is double?[] values
            ? $"double, {values.Count(value => value is null)} of {values.Length} missing"
            : column.Type.Name;
        return new InputException(Source, $"column '{name}'", found, expected);
    }
}
