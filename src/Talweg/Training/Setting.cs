namespace Talweg.Training;

/// <summary>What numbers a setting takes, and how a message says so. A flag is 0 or 1 and written without a value.</summary>
internal sealed record NumberRange(string Text, Func<double, bool> Holds)
{
    public static readonly NumberRange Positive = new("a positive number", x => x > 0 && double.IsFinite(x));
    public static readonly NumberRange NotNegative = new("0 or a positive number", x => x >= 0 && double.IsFinite(x));
    public static readonly NumberRange BelowOne = new("a number from 0 to below 1", x => x is >= 0 and < 1);
    public static readonly NumberRange UpToOne = new("a number above 0, up to 1", x => x is > 0 and <= 1);
    public static readonly NumberRange Share = new("a number from 0 to 1", x => x is >= 0 and <= 1);
    public static readonly NumberRange Count = new("a whole number from 1 to 1000000", x => x is >= 1 and <= 1e6 && x == Math.Floor(x));
    public static readonly NumberRange WholeOrZero = new("a whole number from 0 to 1000000000", x => x is >= 0 and <= 1e9 && x == Math.Floor(x));
    public static readonly NumberRange Flag = new("no value", x => x is 0 or 1);
}

/// <summary>A number of one kind of <typeparamref name="T"/>, by the name that it has in text.</summary>
internal sealed record Setting<T>(string Name, NumberRange Range, Func<T, double> Get, Func<T, double, T> With)
    where T : class
{
    /// <summary>The words that its numbers 0, 1, … are written as; empty where numbers are numbers.</summary>
    public IReadOnlyList<string> Words { get; private init; } = [];

    /// <summary>One of several words: the names of an enumeration in small letters.</summary>
    public static Setting<T> Choice<TKind, TChoice>(string name, Func<TKind, TChoice> get, Func<TKind, TChoice, TKind> with)
        where TKind : class, T
        where TChoice : struct, Enum
    {
        var values = Enum.GetValues<TChoice>();
        string[] words = [.. values.Select(value => value.ToString().ToLowerInvariant())];
        var range = new NumberRange($"one of {string.Join(", ", words)}", x => x >= 0 && x < words.Length);
        return Of<TKind>(name, range, kind => Array.IndexOf(values, get(kind)), (kind, number) => with(kind, values[(int)number])) with { Words = words };
    }

    public static Setting<T> Of<TKind>(string name, NumberRange range, Func<TKind, double> get, Func<TKind, double, TKind> with)
        where TKind : class, T => new(name, range, value => get((TKind)value), (value, number) => with((TKind)value, number));

    public static Setting<T> Flag<TKind>(string name, Func<TKind, bool> get, Func<TKind, bool, TKind> with)
        where TKind : class, T => Of<TKind>(name, NumberRange.Flag, value => get(value) ? 1 : 0, (value, number) => with(value, number == 1));
}

/// <summary>A kind of <typeparamref name="T"/>: its name in text, the one whose settings all have their defaults, and the settings.</summary>
/// <param name="Name">In front of the colon.</param>
/// <param name="Standard">A setting without a default is out of its range here.</param>
/// <param name="Settings">In the order in which they are printed.</param>
/// <param name="Example">For messages.</param>
internal sealed record Kind<T>(string Name, T Standard, IReadOnlyList<Setting<T>> Settings, string Example)
    where T : class;
