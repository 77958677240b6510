namespace Talweg.Cli.Progress;

/// <summary>Shows on standard error how far long work is: as bars on a terminal, as a line now and then otherwise.</summary>
internal static class ProgressDisplay
{
    /// <summary>Does <paramref name="work"/> while showing what it reports. Reports with the same <see cref="WorkProgress.What"/> share a bar.</summary>
    public static T During<T>(Terminal terminal, Func<IProgress<WorkProgress>, T> work) =>
        terminal.ShowsBars ? ProgressBars.During(terminal.ErrorConsole, work) : work(new ProgressLines(terminal.Error, terminal.Clock));
}
