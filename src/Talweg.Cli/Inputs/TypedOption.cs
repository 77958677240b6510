using System.CommandLine;

namespace Talweg.Cli.Inputs;

/// <summary>Names the option that was typed where the library found fault with a field of its plan, or with a data set's name.</summary>
internal static class TypedOption
{
    private static readonly string[] Plans = ["training plan", "plan of tasks"];

    private static readonly Dictionary<(string Origin, string Field), string> OtherNames = new()
    {
        [("training plan", "batch size")] = "--batch",
        [("training plan", "recorded layers")] = "--layers",
        [("plan of tasks", "batch size")] = "--batch",
        [("data set", "name")] = "--data",
    };

    /// <summary>The same mistake, as one of the option; unchanged where the command has no such option.</summary>
    public static InputException Of(InputException mistake, Command command) =>
        mistake is { Origin: { } origin, Field: { } field } && Name(origin, field) is { } option && command.Options.Any(known => known.Name == option) ? mistake.At(option) : mistake;

    private static string? Name(string origin, string field) =>
        OtherNames.TryGetValue((origin, field), out string? other) ? other : Plans.Contains(origin) ? $"--{field.Replace(' ', '-')}" : null;
}
