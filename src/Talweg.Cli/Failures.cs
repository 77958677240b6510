using Talweg.Studies.Running;

namespace Talweg.Cli;

/// <summary>What to tell the user when a command ends by an exception.</summary>
internal static class Failures
{
    private static readonly string[] Resumable = ["run", "train", "continual", "data"];

    /// <summary>Prints the failure and returns the exit code for it.</summary>
    public static int Report(Exception failure, Session session, bool debug)
    {
        var cause = Unwrap(failure);
        var error = session.Terminal.Error;
        int code = Tell(cause, session, error);
        if (debug && code != ExitCode.Stopped)
            error.WriteLine(failure);
        else if (code == ExitCode.Failure)
            error.WriteLine("This is a bug in Talweg; run again with --debug for the details to report.");
        return code;
    }

    private static int Tell(Exception cause, Session session, TextWriter error)
    {
        switch (cause)
        {
            case OperationCanceledException:
                error.WriteLine(Resumable.Contains(session.Arguments.FirstOrDefault(argument => !argument.StartsWith('-')))
                    ? $"talweg: stopped. To go on from here: {session.CommandText(without: "--fresh")}"
                    : "talweg: stopped; nothing was written");
                return ExitCode.Stopped;
            case InputException mistake:
                error.WriteLine($"talweg: {mistake.Message}");
                return ExitCode.Mistake;
            case IOException or UnauthorizedAccessException:   // no such folder, not allowed, disk full: the message has the path
                error.WriteLine($"talweg: {cause.Message}");
                return ExitCode.Mistake;
            case CellFailedException:
                error.WriteLine($"talweg: {cause.Message}");
                return ExitCode.Failure;
            case TypeInitializationException or DllNotFoundException:
                error.WriteLine($"talweg: a library did not load: {cause.GetBaseException().Message} (`talweg doctor` tells more)");
                return ExitCode.Failure;
            case OutOfMemoryException:
                error.WriteLine("talweg: there is not enough memory for this; take a shorter window, fewer directions or fewer samples");
                return ExitCode.Mistake;
            default:
                error.WriteLine($"talweg: {cause.GetType().Name}: {cause.Message}");
                return ExitCode.Failure;
        }
    }

    /// <summary>The exception behind those that threads wrap around it.</summary>
    private static Exception Unwrap(Exception failure)
    {
        if (failure is not AggregateException aggregate)
            return failure;
        var causes = aggregate.Flatten().InnerExceptions;
        return causes.OfType<InputException>().FirstOrDefault() ?? causes.FirstOrDefault(cause => cause is not OperationCanceledException) ?? causes[0];
    }
}
