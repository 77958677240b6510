using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;

namespace Talweg.Cli.Tests.Programs;

/// <summary>The program as it was built, started as a shell would.</summary>
internal static class BuiltProgram
{
    public static readonly string Folder = Path.GetFullPath(
        typeof(BuiltProgram).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "ProgramFolder").Value!);

    private static readonly string Program = Path.Combine(Folder, OperatingSystem.IsWindows() ? "talweg.exe" : "talweg");

    public static (int ExitCode, string Out, string Error) Run(string arguments, params (string Name, string Value)[] environment) => Ended(Start(arguments, environment));

    public static Process Start(string arguments, params (string Name, string Value)[] environment) =>
        Start(new ProcessStartInfo(Program, arguments), environment);

    /// <summary>As an interactive shell starts it: interrupts stop it also where this process ignores them, as a shell has it for what it runs in the background.</summary>
    public static Process StartInterruptible(string arguments) =>
        Start(OperatingSystem.IsLinux() ? new ProcessStartInfo("env", $"--default-signal=INT \"{Program}\" {arguments}") : new ProcessStartInfo(Program, arguments));

    /// <summary>A line of the shell, in which <c>$talweg</c> is the program: with redirections, limits and pipes.</summary>
    public static (int ExitCode, string Out, string Error) Shell(string line, params (string Name, string Value)[] environment)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs a shell and Linux's streams and limits");
        return Ended(Start(new ProcessStartInfo("/bin/sh", ["-c", line]), [("talweg", Program), .. environment]));
    }

    private static (int ExitCode, string Out, string Error) Ended(Process process)
    {
        using (process)
        {
            var error = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output, error.GetAwaiter().GetResult());
        }
    }

    private static Process Start(ProcessStartInfo start, params (string Name, string Value)[] environment)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        // The runtime that runs this test, wherever it is installed.
        start.Environment["DOTNET_ROOT"] = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }
}
