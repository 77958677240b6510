namespace Talweg.Native;

/// <summary>Makes TorchSharp usable on Linux systems whose libstdc++ is older than that of GCC 13 (Debian 12, Ubuntu 22.04, RHEL 9).</summary>
/// <remarks>
/// TorchSharp 0.107's native library asks for the symbol version GLIBCXX_3.4.32 because of one symbol that does nothing there. When, and only
/// when, the ordinary load has failed, Talweg loads a copy without that need, from a private temporary directory deleted at once.
/// Using anything of Talweg arranges this. It loads no native library by itself and sets nothing else, such as thread counts.
/// </remarks>
public static class TorchRuntime
{
    /// <summary>Arranges the above in a program that uses TorchSharp before anything of Talweg. May be called repeatedly, from any thread.</summary>
    public static void Prepare() => LibTorchSharpLoader.Install();

    /// <summary>What was done or why nothing could be; null while the ordinary load has not failed.</summary>
    public static string? Remark => LibTorchSharpLoader.Remark;
}
