namespace Talweg.Cli.Host;

/// <summary>The limit that a process has for the size of its files (<c>ulimit -f</c>).</summary>
internal static class FileSizes
{
    /// <summary>Lets a write that would exceed the limit fail, so that its file can be named. Else the signal SIGXFSZ ends the process on the spot.</summary>
    /// <remarks>Ignored, not handled: .NET handles signals on a thread of its own, too late for one that comes as the program ends.</remarks>
    public static void RefuseOnly()
    {
        if (OperatingSystem.IsLinux())
            _ = LinuxCalls.Signal(LinuxCalls.FileSizeExceeded, LinuxCalls.Ignore);
    }
}
