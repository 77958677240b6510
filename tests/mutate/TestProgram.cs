namespace Talweg.Mutate;

/// <summary>A built test program of the copy.</summary>
internal static class TestProgram
{
    /// <summary>Runs it; the code is null when it took longer than <paramref name="limit"/>.</summary>
    public static (int? Code, string Text) Run(Copy copy, string tests, IEnumerable<string> arguments, TimeSpan limit, params (string, string)[] environment) =>
        Processes.Run("dotnet", [Path.Combine(copy.Built(tests), $"{tests}.dll"), "--no-ansi", "--progress", "off", "--stop-on-fail", "on", .. arguments], copy.Root, limit, environment);
}
