using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Talweg.Benchmarks;

/// <summary>Where the numbers come from.</summary>
internal sealed record Machine(string Processor, int Cores, string Runtime, int VectorBits, string System)
{
    private const string ProcessorFile = "/proc/cpuinfo";

    public static Machine Current { get; } = new(
        ProcessorName(),
        Environment.ProcessorCount,
        RuntimeInformation.FrameworkDescription,
        Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128,
        RuntimeInformation.OSDescription);

    public override string ToString() => $"{Processor}, {Cores} cores, {Runtime}, vectors of {VectorBits} bits, {System}";

    private static string ProcessorName()
    {
        string? line = File.Exists(ProcessorFile) ? File.ReadLines(ProcessorFile).FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal)) : null;
        return line is null ? $"{RuntimeInformation.ProcessArchitecture}" : line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
    }
}
