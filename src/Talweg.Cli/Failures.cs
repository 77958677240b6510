using System.CommandLine;
using System.Reflection;
using Talweg.Cli.Inputs;
using Talweg.Studies.Running;

namespace Talweg.Cli;

/// <summary>What to tell the user when a command ends by an exception.</summary>
internal static class Failures
{
    private static readonly string[] Resumable = ["run", "report", "train", "continual", "data"];

    /// <summary>Prints the failure and returns the exit code for it.</summary>
    public static int Report(Exception failure, Session session, Command command, bool debug)
    {
        var error = session.Terminal.Error;
        int code = Tell(Cause(failure), session, command, error);
        if (debug && code != ExitCode.Stopped)
            error.WriteLine(failure);
        else if (code == ExitCode.Failure)
            error.WriteLine("This is a bug in Talweg; run again with --debug for the details to report.");
        return code;
    }

    private static int Tell(Exception cause, Session session, Command command, TextWriter error)
    {
        switch (cause)
        {
            case OperationCanceledException:
                error.WriteLine(Resumable.Contains(session.Arguments.FirstOrDefault(argument => !argument.StartsWith('-')))
                    ? $"talweg: stopped. To go on from here: {session.CommandText(without: "--fresh")}"
                    : "talweg: stopped; nothing was written");
                return ExitCode.Stopped;
            case InputException mistake:
                error.WriteLine($"talweg: {TypedOption.Of(mistake, command).Message}");
                return ExitCode.Mistake;
            case CellFailedException when cause.GetBaseException() is var met:   // its message counts the cells
                error.WriteLine($"talweg: {cause.Message}");
                return IsOfTheMachine(met) ? ExitCode.Mistake : ExitCode.Failure;
            case DllNotFoundException or BadImageFormatException:
                error.WriteLine($"talweg: a library did not load: {cause.Message} (`talweg doctor` tells more)");
                return ExitCode.Mistake;
            case OutOfMemoryException:
                error.WriteLine("talweg: there is not enough memory for this; take a shorter window, fewer directions or fewer samples");
                return ExitCode.Mistake;
            case not null when IsOfTheMachine(cause):          // no such folder, not allowed, disk full: the message has the path
                error.WriteLine($"talweg: {cause.Message}");
                return ExitCode.Mistake;
            default:
                error.WriteLine($"talweg: {cause!.GetType().Name}: {cause.Message}");
                return ExitCode.Failure;
        }
    }

    /// <summary>Whether files, folders or disks were not what they were a moment ago, which is nobody's mistake in Talweg.</summary>
    private static bool IsOfTheMachine(Exception cause) => cause is IOException or UnauthorizedAccessException;

    /// <summary>The exception behind those that threads, reflection, static constructors and libraries wrap around it.</summary>
    private static Exception Cause(Exception failure) => failure switch
    {
        AggregateException aggregate => Cause(First(aggregate.Flatten().InnerExceptions)),
        TargetInvocationException or TypeInitializationException when failure.InnerException is { } inner => Cause(inner),
        InputException or CellFailedException or OperationCanceledException => failure,
        _ => Below(failure).FirstOrDefault(inner => inner is InputException || IsOfTheMachine(inner)) ?? failure,
    };

    private static Exception First(IReadOnlyCollection<Exception> causes) =>
        causes.FirstOrDefault(cause => cause is InputException) ?? causes.FirstOrDefault(cause => cause is not OperationCanceledException) ?? causes.First();

    private static IEnumerable<Exception> Below(Exception failure)
    {
        for (var inner = failure.InnerException; inner is not null; inner = inner.InnerException)
            yield return inner;
    }
}
