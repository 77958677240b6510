using System.Globalization;

namespace Talweg.Reliability.Tests;

/// <summary>What the environment asks of the suite; without it, what takes a minute or two.</summary>
internal static class Options
{
    /// <summary>Inputs of the fuzz harness over all readers.</summary>
    public static int FuzzInputs { get; } = Number("TALWEG_FUZZ_INPUTS", 100_000);

    /// <summary>The seed that all inputs derive from.</summary>
    public static int FuzzSeed { get; } = Number("TALWEG_FUZZ_SEED", 1);

    /// <summary>The one input to read, as READER/INDEX; null for all.</summary>
    public static string? FuzzReplay { get; } = Environment.GetEnvironmentVariable("TALWEG_FUZZ_REPLAY");

    /// <summary>Kills of each command.</summary>
    public static int Kills { get; } = Number("TALWEG_KILLS", 3);

    /// <summary>The seed that the moments of kills and the places of flipped bytes derive from.</summary>
    public static int FaultSeed { get; } = Number("TALWEG_FAULT_SEED", 1);

    private static int Number(string variable, int usual) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : usual;
}
