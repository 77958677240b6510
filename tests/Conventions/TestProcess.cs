using System.Runtime.CompilerServices;

namespace Talweg.Conventions;

/// <summary>
/// Temporary files and caches of a test process lie in a folder of its own, which is gone at its end: no test writes into the user's cache, and none sees what other processes leave. Set once, before the first test;
/// processes that tests start inherit it.
/// </summary>
internal static class TestProcess
{
    private const UnixFileMode AsTemporaryFoldersAre = (UnixFileMode)0b1_111_111_111;      // programs that tests start as another user write there too

    /// <summary>Set by the process that isolated itself, for those that it starts: a test program among them that does some work in its module initializer and exits there could not run a handler of its own.</summary>
    private const string Variable = "TALWEG_TESTS_FOLDER";

    /// <summary>Temporary files that are to stay after the process go here.</summary>
    public static string Outside { get; } = Path.GetTempPath();

    /// <summary>The process's own folder.</summary>
    public static string Folder { get; } = Path.Combine(Outside, $"talweg-tests-{Environment.ProcessId}-{Guid.NewGuid():N}"[..32]);

    [ModuleInitializer]
    internal static void Isolate()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 })
            return;
        Directory.CreateDirectory(Folder);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(Folder, AsTemporaryFoldersAre);
        foreach (string variable in (string[])["TMPDIR", "TEMP", "TMP"])
            Environment.SetEnvironmentVariable(variable, Folder);
        Environment.SetEnvironmentVariable(Variable, Folder);
        Environment.SetEnvironmentVariable("XDG_CACHE_HOME", Path.Combine(Folder, "cache"));
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Remove();
    }

    internal static void Remove()
    {
        try
        {
            if (Directory.Exists(Folder))
                Directory.Delete(Folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Another process still writes there; the system clears its temporary files.
        }
    }
}
