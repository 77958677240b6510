using System.CommandLine;

namespace Talweg.Cli.Inputs;

/// <summary>Names the option that was typed where the library found fault with a field of its plan.</summary>
internal static class PlanFields
{
    private static readonly string[] Plans = ["training plan", "plan of tasks"];

    private static readonly Dictionary<string, string> OtherNames = new()
    {
        ["batch size"] = "--batch",
        ["recorded layers"] = "--layers",
    };

    /// <summary>The same mistake, as one of the option; unchanged where the command has no such option.</summary>
    public static InputException AsTyped(InputException mistake, Command command)
    {
        if (mistake.Field is not { } field || !Plans.Contains(mistake.Origin))
            return mistake;
        string option = OtherNames.GetValueOrDefault(field) ?? $"--{field.Replace(' ', '-')}";
        return command.Options.Any(known => known.Name == option) ? mistake.At(option) : mistake;
    }
}
