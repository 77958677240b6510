using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Talweg.Cli.Inputs;

/// <summary>Options that take numbers or one of a few words, with messages that say what was found and what was expected.</summary>
internal static class Numbers
{
    /// <summary>A whole number of at least <paramref name="minimum"/>.</summary>
    public static Option<int?> Whole(string name, string placeholder, string help, int minimum, bool required = false) => new(name)
    {
        Description = help,
        HelpName = placeholder,
        Required = required,
        CustomParser = result => int.TryParse(Text(result), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value) && value >= minimum
            ? value
            : Refuse<int?>(result, name, $"a whole number of at least {minimum}"),
    };

    /// <summary>A whole number of 64 bits, for seeds.</summary>
    public static Option<long?> Seed(string name, string help) => new(name)
    {
        Description = help,
        HelpName = "S",
        CustomParser = result => long.TryParse(Text(result), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value)
            ? value
            : Refuse<long?>(result, name, "a whole number"),
    };

    /// <summary>A finite number above <paramref name="bound"/>.</summary>
    public static Option<double?> Above(double bound, string name, string placeholder, string help, bool required = false) => new(name)
    {
        Description = help,
        HelpName = placeholder,
        Required = required,
        CustomParser = result => Parse(Text(result)) is { } value && value > bound
            ? value
            : Refuse<double?>(result, name, string.Create(CultureInfo.InvariantCulture, $"a number above {bound}")),
    };

    /// <summary>One of a few words, the first of which is the default.</summary>
    public static Option<T?> Choice<T>(string name, string help, params (string Word, T Value)[] choices)
        where T : struct, Enum => new(name)
        {
            Description = $"{help} (default: {choices[0].Word})",
            HelpName = string.Join('|', choices.Select(c => c.Word)),
            CustomParser = result => choices.Any(c => c.Word == Text(result))
                ? choices.First(c => c.Word == Text(result)).Value
                : Refuse<T?>(result, name, $"one of {string.Join(", ", choices.Select(c => c.Word))}"),
        };

    /// <summary>A finite number, or null.</summary>
    public static double? Parse(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value) ? value : null;

    private static string Text(ArgumentResult result) => result.Tokens.Count > 0 ? result.Tokens[0].Value : "";

    private static T? Refuse<T>(ArgumentResult result, string name, string expected)
    {
        result.AddError($"{name}: found '{Text(result)}', expected {expected}");
        return default;
    }
}
