using System.Diagnostics;
using System.Globalization;

namespace Talweg.Benchmarks.MainJob;

/// <summary>The talweg command as it was built, in a process of its own.</summary>
internal static class TalwegProgram
{
    public const string NotBuilt = "talweg is not built; dotnet build -c Release src/Talweg.Cli";

    /// <summary>The built program; null if it is not there.</summary>
    public static string? Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (!File.Exists(Path.Combine(folder.FullName, "Talweg.slnx")))
                continue;
            string program = Path.Combine(folder.FullName, "src", "Talweg.Cli", "bin", "Release", "net10.0", OperatingSystem.IsWindows() ? "talweg.exe" : "talweg");
            return File.Exists(program) ? program : null;
        }

        return null;
    }

    /// <summary>Runs it to its end.</summary>
    /// <param name="program">From <see cref="Find"/>.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="whileRunning">Called with the process now and then.</param>
    /// <exception cref="InvalidOperationException">It ended with an error.</exception>
    public static void Run(string program, string[] arguments, Action<Process>? whileRunning = null)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        process.OutputDataReceived += (_, _) => { };
        string lastError = "";
        process.ErrorDataReceived += (_, line) => lastError = line.Data ?? lastError;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        while (!process.WaitForExit(whileRunning is null ? -1 : 20))
            whileRunning!(process);
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"talweg {string.Join(' ', arguments)} ended with {process.ExitCode}: {lastError}");
    }

    /// <summary>The most memory a process has had so far, in MiB; 0 once it has ended.</summary>
    public static double PeakMebibytes(Process process)
    {
        try
        {
            string? line = File.ReadLines($"/proc/{process.Id}/status").FirstOrDefault(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null ? 0 : double.Parse(line["VmHWM:".Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) / 1024;
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
