using System.Text.Json.Nodes;

namespace Talweg.Studies.Running;

/// <summary>A study's parameters with their values: defaults, then the preset's, then what the user set.</summary>
public sealed class Parameters
{
    private readonly IReadOnlyDictionary<string, JsonNode> _values;

    private Parameters(IReadOnlyDictionary<string, JsonNode> values) => _values = values;

    /// <summary>Resolves the parameters of <paramref name="study"/>.</summary>
    /// <param name="study">The study.</param>
    /// <param name="preset">The name of one of its presets.</param>
    /// <param name="overrides">What follows each <c>--set</c>: "key=value".</param>
    /// <exception cref="InputException">No such preset or parameter, or a value that it cannot have.</exception>
    public static Parameters Resolve(IStudy study, string preset, IReadOnlyList<string> overrides)
    {
        ArgumentNullException.ThrowIfNull(study);
        ArgumentNullException.ThrowIfNull(overrides);
        var values = study.Parameters.ToDictionary(p => p.Name, p => p.Parse(p.Default, $"{study.Name}'s default"), StringComparer.Ordinal);
        foreach (var (name, text) in PresetOf(study, preset).Values)
            values[name] = Find(study, name, $"preset {preset}").Parse(text, $"preset {preset}");
        foreach (string setting in overrides)
            Override(study, values, setting);
        return new(values);
    }

    /// <summary>The value of a parameter of kind <see cref="ParameterKind.Integer"/>.</summary>
    public int Integer(string name)
    {
        long value = Value(name).GetValue<long>();
        return value is >= int.MinValue and <= int.MaxValue
            ? (int)value
            : throw new InputException("--set", name, $"{value}", $"a whole number of at most {int.MaxValue}");
    }

    /// <summary>The value of a parameter of kind <see cref="ParameterKind.Number"/>.</summary>
    public double Number(string name) => Value(name).GetValue<double>();

    /// <summary>The value of a parameter of kind <see cref="ParameterKind.Text"/>.</summary>
    public string Text(string name) => Value(name).GetValue<string>();

    /// <summary>The value of a parameter of kind <see cref="ParameterKind.Flag"/>.</summary>
    public bool Flag(string name) => Value(name).GetValue<bool>();

    /// <summary>The values of a parameter of kind <see cref="ParameterKind.Integers"/>.</summary>
    public IReadOnlyList<long> Integers(string name) => [.. Value(name).AsArray().Select(v => v!.GetValue<long>())];

    /// <summary>The values of a parameter of kind <see cref="ParameterKind.Numbers"/>.</summary>
    public IReadOnlyList<double> Numbers(string name) => [.. Value(name).AsArray().Select(v => v!.GetValue<double>())];

    /// <summary>What a parameter stands for, as <paramref name="read"/> takes its text; a mistake in it is told as one of <c>--set name=text</c>.</summary>
    internal T Read<T>(string name, Func<string, T> read)
    {
        string text = AsText(Value(name));
        try
        {
            return read(text);
        }
        catch (InputException mistake)
        {
            throw mistake.At($"--set {name}={text}");
        }
    }

    /// <summary>Names and values as text, in the order of their names.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Texts =>
        [.. _values.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => KeyValuePair.Create(p.Key, AsText(p.Value)))];

    /// <summary>Names and values as one JSON object, in the order of their names.</summary>
    public JsonObject ToJson() =>
        [.. _values.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => KeyValuePair.Create(p.Key, (JsonNode?)p.Value.DeepClone()))];

    /// <summary>A value of study.json, written as after <c>--set</c>.</summary>
    internal static string AsText(JsonNode? value) => value switch
    {
        JsonArray list => string.Join(",", list.Select(AsText)),
        null => "",
        _ => value.ToString(),
    };

    private JsonNode Value(string name) => _values.TryGetValue(name, out var value)
        ? value
        : throw new ArgumentException($"The study declares no parameter '{name}'; it declares {string.Join(", ", _values.Keys)}.", nameof(name));

    private static void Override(IStudy study, Dictionary<string, JsonNode> values, string setting)
    {
        int equals = setting.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0)
            throw new InputException("--set", "the setting", $"'{setting}'", "key=value");
        string name = setting[..equals].Trim();
        values[name] = Find(study, name, "--set").Parse(setting[(equals + 1)..], $"--set {setting}");
    }

    private static Preset PresetOf(IStudy study, string name) => study.Presets.FirstOrDefault(p => p.Name == name)
        ?? throw new InputException("--preset", study.Name, $"'{name}'", Suggestion.Among(study.Presets.Select(p => p.Name), name));

    private static Parameter Find(IStudy study, string name, string source) => study.Parameters.FirstOrDefault(p => p.Name == name)
        ?? throw new InputException(source, $"parameter of {study.Name}", $"'{name}'", Suggestion.Among(study.Parameters.Select(p => p.Name), name));
}
