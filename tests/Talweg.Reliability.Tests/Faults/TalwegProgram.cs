using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;

namespace Talweg.Reliability.Tests.Faults;

/// <summary>The built program, as a shell starts it.</summary>
internal static class TalwegProgram
{
    /// <summary>No command of the suite takes this long, on the slowest machine.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    public static string File { get; } = Path.GetFullPath(Path.Combine(
        typeof(TalwegProgram).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "ProgramFolder").Value!,
        OperatingSystem.IsWindows() ? "talweg.exe" : "talweg"));

    /// <summary>Runs it to its end.</summary>
    public static ProgramEnd Run(string folder, params string[] arguments) => End(Start(folder, [File, .. arguments]));

    /// <summary>Starts a command line in a folder, its output caught.</summary>
    public static Process Start(string folder, IReadOnlyList<string> command, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1)) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        start.Environment["DOTNET_ROOT"] = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        start.Environment.Remove("TALWEG_DATA");
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    /// <summary>What a process says and how it ends.</summary>
    public static ProgramEnd End(Process process)
    {
        using (process)
        {
            process.StandardInput.Close();
            var error = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEndAsync();
            if (!process.WaitForExit(Longest))
            {
                process.Kill(entireProcessTree: true);
                Assert.Fail($"{process.StartInfo.FileName} {string.Join(' ', process.StartInfo.ArgumentList)} runs on after {Longest.TotalMinutes} minutes");
            }

            process.WaitForExit();
            return new(process.ExitCode, output.GetAwaiter().GetResult(), error.GetAwaiter().GetResult());
        }
    }
}

/// <summary>A process that ended.</summary>
internal sealed record ProgramEnd(int ExitCode, string Out, string Error)
{
    public ProgramEnd AssertSuccess()
    {
        Assert.True(ExitCode == 0, $"exit code {ExitCode}: {Error}{Out}");
        return this;
    }

    /// <summary>It refused or could not go on for a reason outside of it, and says which.</summary>
    public void AssertMistake(params string[] words)
    {
        Assert.True(ExitCode == 2, $"exit code {ExitCode}: {Error}{Out}");
        Assert.Contains("talweg: ", Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", Error, StringComparison.Ordinal);
        Assert.DoesNotContain("bug in Talweg", Error, StringComparison.Ordinal);
        foreach (string word in words)
            Assert.Contains(word, Error, StringComparison.Ordinal);
    }
}
