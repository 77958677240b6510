namespace Talweg.Cli.Host;

/// <summary>The folder for temporary files: that of the environment variable TMPDIR, or the system's.</summary>
internal static class TemporaryFiles
{
    private const int ProbeSize = 4096;

    public static string Folder => Path.GetTempPath();

    /// <summary>Refuses a folder that takes no file: libraries that Talweg stands on fail there each in its own way, or print.</summary>
    /// <exception cref="InputException">It is not there, forbidden, or full.</exception>
    public static void Require()
    {
        if (Problem() is { } problem)
            throw new InputException(Source, "folder for temporary files", $"{Folder}, {problem}", "a folder that takes files; set TMPDIR to one");
    }

    /// <summary>Why the folder takes no file; null where it does.</summary>
    public static string? Problem()
    {
        try
        {
            if (!Directory.Exists(Folder))
                return File.Exists(Folder.TrimEnd(Path.DirectorySeparatorChar)) ? "which is a file" : "which is not there";
            string path = Path.Combine(Folder, $"talweg-{Guid.NewGuid():N}.tmp");
            using var probe = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.DeleteOnClose);
            probe.Write(new byte[ProbeSize]);
            return null;
        }
        catch (UnauthorizedAccessException)
        {
            return "in which this user may not write";
        }
        catch (IOException failure)
        {
            return $"which took no file: {failure.Message}";
        }
    }

    private static string Source => OperatingSystem.IsWindows() || string.IsNullOrEmpty(Environment.GetEnvironmentVariable("TMPDIR")) ? "the system" : "TMPDIR";
}
