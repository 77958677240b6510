using System.Reflection;
using System.Runtime.InteropServices;

namespace Talweg.Studies.Running;

/// <summary>What a run ran on.</summary>
/// <param name="Talweg">Talweg's version, with its commit where known.</param>
/// <param name="DotNet">The .NET runtime's.</param>
/// <param name="TorchSharp">TorchSharp's.</param>
/// <param name="System">The operating system.</param>
/// <param name="Processor">The processor and its number of cores.</param>
public sealed record Versions(string Talweg, string DotNet, string TorchSharp, string System, string Processor)
{
    /// <summary>Of this process. Loads no native library.</summary>
    public static Versions Here { get; } = new(
        Informational(typeof(InputException).Assembly),
        Environment.Version.ToString(),
        Informational(Assembly.Load("TorchSharp")),
        $"{RuntimeInformation.OSDescription}, {RuntimeInformation.OSArchitecture}",
        $"{ProcessorName()}, {Environment.ProcessorCount} cores");

    /// <summary>Talweg's version without the commit: a part of every cell's address.</summary>
    internal static string TalwegNumber => Here.Talweg.Split('+')[0];

    private static string Informational(Assembly assembly) =>
        assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? assembly.GetName().Version?.ToString() ?? "unknown";

    private static string ProcessorName()
    {
        const string file = "/proc/cpuinfo";
        string? line = File.Exists(file) ? File.ReadLines(file).FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal)) : null;
        return line?[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim()
            ?? Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER")
            ?? RuntimeInformation.ProcessArchitecture.ToString();
    }
}
