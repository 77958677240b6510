using System.CommandLine;
using System.CommandLine.Invocation;
using Talweg.Cli.Commands;

namespace Talweg.Cli;

/// <summary>From arguments to exit code.</summary>
internal static class CommandLine
{
    /// <summary>Runs what the arguments ask for. Throws nothing: failures are printed and become the exit code.</summary>
    public static int Run(Session session)
    {
        var parsed = TalwegCommand.Of(session).Parse(session.Arguments, new() { ResponseFileTokenReplacer = null });
        if (parsed.Action is ParseErrorAction)
            return Report(session, parsed);
        try
        {
            int code = parsed.Invoke(new()
            {
                Output = session.Terminal.Out,
                Error = session.Terminal.Error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,              // Interruption listens to signals
            });
            session.Terminal.Out.Flush();
            return code;
        }
#pragma warning disable CA1031 // The last place: whatever comes here is told to the user.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            return Failures.Report(failure, session, parsed.CommandResult.Command, parsed.GetValue(TalwegCommand.Debug));
        }
    }

    private static int Report(Session session, ParseResult parsed)
    {
        var error = session.Terminal.Error;
        foreach (string message in Misspelling.FirstThings(parsed))
            error.WriteLine($"talweg: {message}");
        error.WriteLine($"See `{Path(parsed.CommandResult.Command)} --help`.");
        return ExitCode.Mistake;
    }

    private static string Path(Command command) =>
        command.Parents.OfType<Command>().FirstOrDefault() is { } parent ? $"{Path(parent)} {command.Name}" : "talweg";
}
