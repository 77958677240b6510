using System.Runtime.CompilerServices;
using Talweg.Studies;

namespace Talweg.Cli.Host;

/// <summary>One start of the program, on the process's own streams and signals.</summary>
internal static class Start
{
    /// <summary>Runs the command. A method of its own, so that what it needs is loaded only once the caller knows that it can be.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static int Run(string[] arguments)
    {
        bool outputIsOpen = StandardStreams.OutputIsOpen, errorIsOpen = StandardStreams.ErrorIsOpen;
        StandardStreams.Occupy();
        if (!errorIsOpen)
            Console.SetError(TextWriter.Null);
        if (!outputIsOpen)
        {
            Console.Error.WriteLine("talweg: standard output: found it closed, expected a file, a pipe or a terminal; to throw results away, write > /dev/null");
            return ExitCode.Mistake;
        }

        FileSizes.RefuseOnly();
        var terminal = Terminal.OfProcess();
        using var interruption = new Interruption(terminal.Error);
        var session = new Session(arguments, terminal, () => StudyCatalogue.Standard, interruption.Cancellation);
        return CommandLine.Run(session);
    }
}
