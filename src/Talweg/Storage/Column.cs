namespace Talweg.Storage;

/// <summary>A named column of a table: doubles, doubles that may be missing, integers of 64 or 32 bits, or text.</summary>
/// <remarks>Values are not copied: they must not change afterwards. NaN and a missing value (null) are kept apart.</remarks>
public sealed class Column
{
    /// <summary>A column of doubles.</summary>
    public Column(string name, double[] values)
        : this(name, (Array)values)
    {
    }

    /// <summary>A column of doubles, some of which may be missing.</summary>
    public Column(string name, double?[] values)
        : this(name, (Array)values)
    {
    }

    /// <summary>A column of 64-bit integers.</summary>
    public Column(string name, long[] values)
        : this(name, (Array)values)
    {
    }

    /// <summary>A column of 32-bit integers.</summary>
    public Column(string name, int[] values)
        : this(name, (Array)values)
    {
    }

    /// <summary>A column of text; none of it may be null.</summary>
    /// <exception cref="ArgumentException">A text is null.</exception>
    public Column(string name, string[] values)
        : this(name, (Array)values)
    {
        int missing = Array.IndexOf(values, null);
        if (missing >= 0)
            throw new ArgumentException($"Column '{name}' has no text in row {missing}; write an empty string instead of null.", nameof(values));
    }

    private Column(string name, Array values)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(values);
        Name = name;
        Values = values;
    }

    /// <summary>Its name, unique in its table.</summary>
    public string Name { get; }

    /// <summary>Rows.</summary>
    public int Count => Values.Length;

    /// <summary>The type of a value: <see cref="double"/>, nullable double, <see cref="long"/>, <see cref="int"/> or <see cref="string"/>.</summary>
    public Type Type => Values.GetType().GetElementType()!;

    /// <summary>The values, as the array that the column was made of.</summary>
    internal Array Values { get; }
}
