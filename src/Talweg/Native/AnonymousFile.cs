using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Talweg.Native;

/// <summary>A native library loaded from a file that has no name and lies in memory: nothing is written to a disk, and no mount option forbids running it.</summary>
/// <remarks>Linux alone has such files (<c>memfd_create</c>, since 3.17); the dynamic linker opens one as <c>/proc/self/fd/N</c>.</remarks>
internal static partial class AnonymousFile
{
    private const uint CloseOnExec = 1;   // MFD_CLOEXEC
    private const uint Executable = 16;   // MFD_EXEC: Linux 6.3 may want it said; earlier ones do not know it

    /// <summary>Loads <paramref name="library"/>; false where the system has no such files, does not run them, or has no room for one (a limit on files' sizes holds for it too).</summary>
    public static bool TryLoad(string name, byte[] library, out nint handle)
    {
        handle = 0;
        try
        {
            using var file = Create(name);
            if (file.IsInvalid)
                return false;
            RandomAccess.Write(file, library, fileOffset: 0);
            return NativeLibrary.TryLoad($"/proc/self/fd/{file.DangerousGetHandle()}", out handle);
        }
        catch (Exception failure) when (failure is IOException or ArgumentOutOfRangeException or EntryPointNotFoundException or DllNotFoundException)
        {
            return false;                                      // the caller has another way
        }
    }

    private static SafeFileHandle Create(string name)
    {
        int descriptor = MemoryFile(name, CloseOnExec | Executable);
        return new(descriptor >= 0 ? descriptor : MemoryFile(name, CloseOnExec), ownsHandle: true);
    }

    [LibraryImport("libc", EntryPoint = "memfd_create", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial int MemoryFile(string name, uint flags);
}
