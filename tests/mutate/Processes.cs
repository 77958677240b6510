using System.Diagnostics;
using System.Text;

namespace Talweg.Mutate;

/// <summary>Runs a program to its end, or to its time's.</summary>
internal static class Processes
{
    /// <summary>The exit code, null if time was up and the program was ended; and all that it wrote.</summary>
    public static (int? Code, string Text) Run(string program, IEnumerable<string> arguments, string folder, TimeSpan limit, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var text = new StringBuilder();
        DataReceivedEventHandler keep = (_, line) =>
        {
            lock (text)
                text.Append(line.Data).Append('\n');
        };
        process.OutputDataReceived += keep;
        process.ErrorDataReceived += keep;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        if (!process.WaitForExit(limit))
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
            return (null, Text());
        }

        process.WaitForExit();   // for the last lines
        return (process.ExitCode, Text());

        string Text()
        {
            lock (text)
                return text.ToString();
        }
    }
}
