using Talweg.Studies;

namespace Talweg.Cli;

/// <summary>One start of the command: what was typed, where to print, which studies there are, and when to stop.</summary>
/// <param name="Arguments">As the shell gave them.</param>
/// <param name="Terminal">Standard output and standard error.</param>
/// <param name="Studies">The studies; asked for only by commands that need them.</param>
/// <param name="Cancellation">Cancelled when the user stops the command.</param>
internal sealed record Session(IReadOnlyList<string> Arguments, Terminal Terminal, Func<StudyCatalogue> Studies, CancellationToken Cancellation)
{
    /// <summary>The command as typed, fit to be typed again.</summary>
    /// <param name="without">An argument to leave out.</param>
    public string CommandText(string? without = null) =>
        ShellText.Join(["talweg", .. Arguments.Where(argument => argument != without)]);

    /// <summary>Long work with progress on standard error.</summary>
    public WorkOptions Work(int threads, IProgress<WorkProgress> progress) => new(threads, progress, Cancellation);
}
