using System.CommandLine;
using System.CommandLine.Parsing;

namespace Talweg.Cli.Inputs;

/// <summary>
/// What holds for every option and argument that takes a text, whoever declares it: it is not empty, and where its placeholder is FILE or DIR,
/// it does not name a folder or a file, respectively.
/// </summary>
internal static class GivenTexts
{
    /// <summary>The placeholder of a path to a file, read or written.</summary>
    public const string File = "FILE";

    /// <summary>The placeholder of a path to a folder.</summary>
    public const string Folder = "DIR";

    /// <summary>Puts these rules on <paramref name="command"/> and all commands below it.</summary>
    public static void Check(Command command)
    {
        foreach (var option in command.Options.Where(option => IsText(option.ValueType)))
            option.Validators.Add(result => Check(result, option.Name, option.HelpName ?? "a text"));
        foreach (var argument in command.Arguments.Where(argument => IsText(argument.ValueType)))
            argument.Validators.Add(result => Check(result, argument.Name, argument.Name));
        foreach (var subcommand in command.Subcommands)
            Check(subcommand);
    }

    /// <summary>Whether the rules are for values of this type. Numbers and choices have parsers of their own, which refuse what is empty.</summary>
    public static bool IsText(Type type) => type == typeof(string) || type == typeof(string[]);

    private static void Check(SymbolResult result, string name, string placeholder)
    {
        foreach (string text in result.Tokens.Select(token => token.Value))
        {
            if (Problem(text, placeholder) is { } found)
                result.AddError($"{name}: found {found}, expected {Expected(placeholder)}");
        }
    }

    private static string? Problem(string text, string placeholder) => placeholder switch
    {
        _ when string.IsNullOrWhiteSpace(text) => $"'{text}'",
        File when Directory.Exists(text) => $"the folder '{text}'",
        Folder when System.IO.File.Exists(text) => $"the file '{text}'",
        _ => null,
    };

    private static string Expected(string placeholder) => placeholder switch
    {
        File => "the path of a file",
        Folder => "the path of a folder",
        _ => placeholder,
    };
}
