using Microsoft.Win32.SafeHandles;

namespace Talweg.Cli.Host;

/// <summary>The process's standard streams, arranged so that results reach standard output whole and alone, or the user is told.</summary>
/// <remarks>
/// A stream that was closed at the start is free for the next file that anything opens, and what is meant for the stream would be written into that file.
/// Whatever .NET opens is closed in programs that it starts (FD_CLOEXEC), and no stream given from outside can have that mark; so it tells a stream from a file.
/// </remarks>
internal static class StandardStreams
{
    public const int Output = 1;
    public const int Error = 2;

    private static readonly List<SafeFileHandle> Occupied = [];

    /// <summary>Whether somebody can read standard output: it is open, and for writing.</summary>
    public static bool OutputIsOpen => !OperatingSystem.IsLinux() || IsOpen(Output);

    /// <summary>Whether somebody can read standard error.</summary>
    public static bool ErrorIsOpen => !OperatingSystem.IsLinux() || IsOpen(Error);

    /// <summary>Takes the places of closed streams, so that no file of ours comes there.</summary>
    public static void Occupy()
    {
        if (!OperatingSystem.IsLinux())
            return;
        while (true)
        {
            var handle = File.OpenHandle("/dev/null", FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
            if (handle.DangerousGetHandle() > Error)
            {
                handle.Dispose();
                return;
            }

            Occupied.Add(handle);
        }
    }

    /// <summary>Standard output for Talweg's results alone. What anybody else writes there (TorchSharp, native libraries, a model's <c>print</c>) comes to standard error from now on.</summary>
    /// <remarks>To be called before anything touches <see cref="Console.Out"/>.</remarks>
    /// <returns>Null where it cannot be set apart: not on Linux.</returns>
    public static Stream? SetResultsApart()
    {
        if (!OperatingSystem.IsLinux())
            return null;
        int own = LinuxCalls.Control(Output, LinuxCalls.DuplicateCloseOnExec, Error + 1);
        if (own < 0)
            return null;
        _ = LinuxCalls.Duplicate(ErrorIsOpen ? Error : Nowhere(), Output);
        return new ResultStream(own);
    }

    private static int Nowhere()
    {
        Occupied.Add(File.OpenHandle("/dev/null", FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite));
        return (int)Occupied[^1].DangerousGetHandle();
    }

    private static bool IsOpen(int descriptor)
    {
        int flags = LinuxCalls.Control(descriptor, LinuxCalls.GetDescriptorFlags, 0);
        return flags >= 0 && (flags & LinuxCalls.CloseOnExec) == 0
            && (LinuxCalls.Control(descriptor, LinuxCalls.GetStatusFlags, 0) & LinuxCalls.AccessMode) != LinuxCalls.ReadOnly;
    }
}
