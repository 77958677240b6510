using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace Talweg.Native;

/// <summary>Loads TorchSharp's native library where the system's libstdc++ is too old for it, after the ordinary way has failed.</summary>
/// <remarks>See <see cref="ElfVersionPatch"/> for what differs. The copy is held in memory; where the system does not allow that, it is a temporary file, gone once it is loaded.</remarks>
internal static class LibTorchSharpLoader
{
    private const string FileName = "libLibTorchSharp.so";
    private static readonly string[] Dependencies = ["libc10.so", "libtorch_cpu.so", "libtorch.so"];
    private static readonly Lock Gate = new();
    private static bool s_installed;
    private static nint s_handle;
    private static volatile string? s_remark;

    public static string? Remark => s_remark;

#pragma warning disable CA2255 // A library whose dependency cannot load without it is what module initializers are for.
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void Install()
    {
        lock (Gate)
        {
            if (s_installed || !OperatingSystem.IsLinux())
                return;
            AssemblyLoadContext.Default.ResolvingUnmanagedDll += Resolve;
            s_installed = true;
        }
    }

    private static nint Resolve(Assembly assembly, string name)
    {
        if (name is not ("LibTorchSharp" or FileName))
            return 0;
        lock (Gate)
            return s_handle != 0 ? s_handle : s_handle = LoadRewritten(SearchDirectories());
    }

    private static nint LoadRewritten(IReadOnlyList<string> directories)
    {
        if (Find(FileName, directories) is not { } path)
            return Fail($"{FileName} is in none of the directories {string.Join(", ", directories)}");
        try
        {
            switch (ElfVersionPatch.Apply(File.ReadAllBytes(path)))
            {
                case ElfPatch.Rewritten patch:
                    LoadDependencies(directories);
                    var (handle, place) = LoadCopy(patch.Bytes);
                    s_remark = $"{path} needs {ElfVersionPatch.Version}, which this system's libstdc++ does not offer; a copy without that need is in use, {place}";
                    return handle;
                case ElfPatch.LeftAlone left:
                    return Fail($"{path} did not load and was left alone: {left.Reason}");
                default:
                    return 0;
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException or DllNotFoundException or BadImageFormatException)
        {
            return Fail($"{path} did not load, nor did a copy without its need of {ElfVersionPatch.Version}, in memory or in {Path.GetTempPath()}: {failure.Message}");
        }
    }

    private static nint Fail(string remark)
    {
        s_remark = remark;
        return 0;
    }

    /// <summary>The copy lies in another directory than the libraries it needs, so these must be in the process already.</summary>
    private static void LoadDependencies(IReadOnlyList<string> directories)
    {
        foreach (string dependency in Dependencies)
        {
            if (Find(dependency, directories) is { } path)
                NativeLibrary.Load(path);
        }
    }

    private static (nint Handle, string Place) LoadCopy(byte[] library) =>
        AnonymousFile.TryLoad(FileName, library, out nint handle) ? (handle, "held in memory") : (LoadTemporary(library), $"loaded from {Path.GetTempPath()}");

    private static nint LoadTemporary(byte[] library)
    {
        var directory = Directory.CreateTempSubdirectory("talweg-");   // readable by this user only
        try
        {
            string path = Path.Combine(directory.FullName, FileName);
            File.WriteAllBytes(path, library);
            return NativeLibrary.Load(path);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static string? Find(string file, IReadOnlyList<string> directories) =>
        directories.Select(directory => Path.Combine(directory, file)).FirstOrDefault(File.Exists);

    private static List<string> SearchDirectories()
    {
        string searched = AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "";
        string own = AppContext.BaseDirectory;
        return [.. searched.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries),
            own, Path.Combine(own, "runtimes", RuntimeInformation.RuntimeIdentifier, "native"), Path.Combine(own, "runtimes", "linux-x64", "native")];
    }
}
