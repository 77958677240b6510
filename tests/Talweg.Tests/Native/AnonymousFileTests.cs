using System.Runtime.InteropServices;
using Talweg.Native;

namespace Talweg.Tests.Native;

public sealed class AnonymousFileTests
{
    [Fact]
    public void A_library_loads_from_memory_and_leaves_no_file()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/proc/self/maps"), "only Linux has files in memory");
        string library = Directory.EnumerateFiles(AppContext.BaseDirectory, "libtorch_global_deps.so", SearchOption.AllDirectories).First();
        HashSet<string> before = [.. Directory.EnumerateFileSystemEntries(Path.GetTempPath(), "talweg-mem*")];
        Assert.True(AnonymousFile.TryLoad("talweg-memory", File.ReadAllBytes(library), out nint handle));
        Assert.NotEqual(0, handle);
        Assert.Contains(File.ReadLines("/proc/self/maps"), line => line.EndsWith("/memfd:talweg-memory (deleted)", StringComparison.Ordinal));
        Assert.Equal(before, [.. Directory.EnumerateFileSystemEntries(Path.GetTempPath(), "talweg-mem*")]);
        NativeLibrary.Free(handle);
    }

    [Fact]
    public void What_is_no_library_does_not_load() => Assert.False(AnonymousFile.TryLoad("talweg-nothing", [1, 2, 3], out _));
}
