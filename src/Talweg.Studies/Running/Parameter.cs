using System.Globalization;
using System.Text.Json.Nodes;

namespace Talweg.Studies.Running;

/// <summary>A study's parameter: its name, what it may be, its default and what it means.</summary>
public sealed record Parameter
{
    /// <summary>The name, in small letters with hyphens: "batch-sizes".</summary>
    public required string Name { get; init; }

    /// <summary>What its value is.</summary>
    public required ParameterKind Kind { get; init; }

    /// <summary>The default, as it would be written after <c>--set</c>.</summary>
    public required string Default { get; init; }

    /// <summary>What it means, with its unit.</summary>
    public required string Help { get; init; }

    /// <summary>The least value of every number.</summary>
    public double Minimum { get; init; } = double.NegativeInfinity;

    /// <summary>The greatest value of every number.</summary>
    public double Maximum { get; init; } = double.PositiveInfinity;

    /// <summary>The texts allowed; empty for any.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>Reads a value.</summary>
    /// <param name="text">The value as written.</param>
    /// <param name="source">Where it was written: "--set epochs=x".</param>
    /// <exception cref="InputException">It is not such a value.</exception>
    internal JsonNode Parse(string text, string source) =>
        TryParse(text.Trim()) ?? throw new InputException(source, Name, text.Trim().Length == 0 ? "nothing" : $"'{text.Trim()}'", Expected);

    /// <summary>What is expected, in words.</summary>
    internal string Expected => Choices.Count > 0 ? $"one of {string.Join(", ", Choices)}" : Kind switch
    {
        ParameterKind.Integer => "a whole number" + Range,
        ParameterKind.Number => "a number" + Range,
        ParameterKind.Integers => "whole numbers separated by commas" + (Range.Length > 0 ? ", each" + Range : ""),
        ParameterKind.Numbers => "numbers separated by commas" + (Range.Length > 0 ? ", each" + Range : ""),
        ParameterKind.Flag => "true or false",
        _ => "some text",
    };

    private string Range => (double.IsFinite(Minimum), double.IsFinite(Maximum)) switch
    {
        (true, true) => $" from {Minimum} to {Maximum}",
        (true, false) => $" of at least {Minimum}",
        (false, true) => $" of at most {Maximum}",
        _ => "",
    };

    private JsonNode? TryParse(string text) => Kind switch
    {
        ParameterKind.Integer => Integer(text),
        ParameterKind.Number => Number(text),
        ParameterKind.Integers => List(text, Integer),
        ParameterKind.Numbers => List(text, Number),
        ParameterKind.Flag => bool.TryParse(text, out bool flag) ? JsonValue.Create(flag) : null,
        _ => text.Length > 0 && (Choices.Count == 0 || Choices.Contains(text)) ? JsonValue.Create(text) : null,
    };

    private JsonValue? Integer(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value) && InRange(value)
            ? JsonValue.Create(value)
            : null;

    private JsonValue? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value) && InRange(value)
            ? JsonValue.Create(value)
            : null;

    private static JsonArray? List(string text, Func<string, JsonValue?> read)
    {
        var items = text.Split(',', StringSplitOptions.TrimEntries).Select(read).ToList();
        return items.Contains(null) ? null : [.. items];
    }

    private bool InRange(double value) => value >= Minimum && value <= Maximum;
}
