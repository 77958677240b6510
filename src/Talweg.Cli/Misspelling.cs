using System.CommandLine;
using System.Text.RegularExpressions;

namespace Talweg.Cli;

/// <summary>Adds to the parser's complaints what the user may have meant.</summary>
internal static partial class Misspelling
{
    /// <summary>The messages to print: only what was not understood if there is such, for what is missing often follows from that.</summary>
    public static IEnumerable<string> FirstThings(ParseResult parsed)
    {
        var messages = parsed.Errors.Select(error => error.Message).Distinct().ToList();
        var strange = messages.Where(message => Unrecognised().IsMatch(message)).ToList();
        return strange.Count > 0 ? strange.Select(message => Of(message, parsed)) : messages;
    }

    /// <summary>The message, with the nearest command or option where one is near.</summary>
    private static string Of(string message, ParseResult parsed)
    {
        if (Unrecognised().Match(message) is not { Success: true } match)
            return message;
        string found = match.Groups[1].Value;
        var command = parsed.CommandResult.Command;
        var known = found.StartsWith('-')
            ? command.Options.Select(option => option.Name).Append(Commands.TalwegCommand.Debug.Name)
            : command.Subcommands.Select(subcommand => subcommand.Name);
        return Suggestion.Nearest(known, found) is { } nearest ? $"{message} Did you mean {nearest}?" : message;
    }

    [GeneratedRegex("^Unrecognized command or argument '(.*)'")]
    private static partial Regex Unrecognised();
}
