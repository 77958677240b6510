using System.Runtime.InteropServices;

namespace Talweg.Cli.Host;

/// <summary>Calls of Linux's C library for which .NET has no counterpart.</summary>
internal static unsafe partial class LinuxCalls
{
    public const int GetDescriptorFlags = 1;   // F_GETFD
    public const int GetStatusFlags = 3;       // F_GETFL
    public const int DuplicateCloseOnExec = 1030;   // F_DUPFD_CLOEXEC
    public const int CloseOnExec = 1;          // FD_CLOEXEC
    public const int AccessMode = 3;           // O_ACCMODE
    public const int ReadOnly = 0;             // O_RDONLY
    public const int OpenFiles = 7;            // RLIMIT_NOFILE

    public const int FileSizeExceeded = 25;    // SIGXFSZ
    public const nint Ignore = 1;              // SIG_IGN

    public const int Interrupted = 4;          // EINTR
    public const int TryAgain = 11;            // EAGAIN
    public const int BrokenPipe = 32;          // EPIPE

    [LibraryImport("libc", EntryPoint = "getrlimit")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    public static partial int GetLimit(int resource, ulong* softAndHard);

    [LibraryImport("libc", EntryPoint = "fcntl")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    public static partial int Control(int descriptor, int command, int argument);

    [LibraryImport("libc", EntryPoint = "dup2")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    public static partial int Duplicate(int descriptor, int target);

    [LibraryImport("libc", EntryPoint = "signal")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    public static partial nint Signal(int signal, nint action);

    /// <summary>Writes without remembering the error, for which .NET would need a further assembly.</summary>
    [LibraryImport("libc", EntryPoint = "write")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    public static partial nint WriteBarely(int descriptor, byte* bytes, nint count);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    public static partial nint Write(int descriptor, byte* bytes, nint count);
}
