using System.Reflection;
using System.Text;
using Talweg.Storage;

namespace Talweg.Studies.Running;

/// <summary>Tables of a cell as lists of rows: one record a row, one column a property, its name in snake case.</summary>
/// <remarks>Properties are <see cref="int"/>, <see cref="long"/>, <see cref="double"/>, nullable double or <see cref="string"/>. Stored as Parquet.</remarks>
public static class RowTable
{
    /// <summary>Writes the rows, whole or not at all.</summary>
    public static void Write<TRow>(string path, IReadOnlyList<TRow> rows)
        where TRow : class
    {
        ArgumentNullException.ThrowIfNull(rows);
        ParquetTable.Write(path, [.. Properties<TRow>().Select(property => ColumnOf(property, rows))]);
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="InputException">The file is damaged or has other columns.</exception>
    public static IReadOnlyList<TRow> Read<TRow>(string path)
        where TRow : class
    {
        var table = ParquetTable.Read(path);
        var columns = Properties<TRow>().Select(property => (Property: property, Values: ValuesOf(property, table))).ToArray();
        var rows = new TRow[table.Rows];
        for (int row = 0; row < rows.Length; row++)
        {
            rows[row] = (TRow)Activator.CreateInstance(typeof(TRow), nonPublic: true)!;
            foreach (var (property, values) in columns)
                property.SetValue(rows[row], values.GetValue(row));
        }

        return rows;
    }

    /// <summary>"VelocityVariance" becomes "velocity_variance".</summary>
    internal static string ColumnName(string property)
    {
        var name = new StringBuilder();
        foreach (char c in property)
            name.Append(char.IsUpper(c) && name.Length > 0 ? "_" : "").Append(char.ToLowerInvariant(c));
        return name.ToString();
    }

    private static PropertyInfo[] Properties<TRow>() =>
        [.. typeof(TRow).GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite)];

    private static Column ColumnOf<TRow>(PropertyInfo property, IReadOnlyList<TRow> rows)
    {
        string name = ColumnName(property.Name);
        T[] Values<T>() => [.. rows.Select(row => (T)property.GetValue(row)!)];
        return property.PropertyType switch
        {
            var type when type == typeof(int) => new(name, Values<int>()),
            var type when type == typeof(long) => new(name, Values<long>()),
            var type when type == typeof(double) => new(name, Values<double>()),
            var type when type == typeof(double?) => new(name, Values<double?>()),
            var type when type == typeof(string) => new(name, Values<string>()),
            var type => throw new ArgumentException($"A row's property {property.Name} is a {type.Name}; a column holds int, long, double, double? or string."),
        };
    }

    private static Array ValuesOf(PropertyInfo property, Table table)
    {
        string name = ColumnName(property.Name);
        return property.PropertyType switch
        {
            var type when type == typeof(int) => table.Ints(name),
            var type when type == typeof(long) => table.Longs(name),
            var type when type == typeof(double) => table.Doubles(name),
            var type when type == typeof(double?) => table.NullableDoubles(name),
            _ => table.Strings(name),
        };
    }
}
