using System.Runtime.InteropServices;
using TorchSharp;

namespace Talweg.Native;

/// <summary>Makes TorchSharp usable on Linux systems whose libstdc++ is older than that of GCC 13 (Debian 12, Ubuntu 22.04, RHEL 9).</summary>
/// <remarks>
/// TorchSharp 0.107's native library asks for the symbol version GLIBCXX_3.4.32 because of one symbol that does nothing there. When, and only
/// when, the ordinary load has failed, Talweg loads a copy without that need, held in memory; where the system does not run such a copy, from a private
/// temporary directory deleted at once.
/// Using anything of Talweg arranges this. It loads no native library by itself and sets nothing else, such as thread counts.
/// </remarks>
public static class TorchRuntime
{
    /// <summary>Arranges the above in a program that uses TorchSharp before anything of Talweg. May be called repeatedly, from any thread.</summary>
    public static void Prepare() => LibTorchSharpLoader.Install();

    /// <summary>Loads TorchSharp's native library now, if it is not there yet.</summary>
    /// <remarks>
    /// Where the library does not load, TorchSharp itself prints to standard output and, as a last try, copies all native libraries (478 MB) from the
    /// package cache into the program's folder. A program that calls this before it uses TorchSharp gets an exception instead of either.
    /// </remarks>
    /// <exception cref="DllNotFoundException">It does not load; the message says why.</exception>
    public static void Load()
    {
        Prepare();
        if (!NativeLibrary.TryLoad("LibTorchSharp", typeof(torch).Assembly, searchPath: null, out _))
            throw new DllNotFoundException(Remark ?? $"TorchSharp's native library LibTorchSharp, or one that it needs, did not load from {AppContext.BaseDirectory}");
    }

    /// <summary>What was done or why nothing could be; null while the ordinary load has not failed.</summary>
    public static string? Remark => LibTorchSharpLoader.Remark;
}
