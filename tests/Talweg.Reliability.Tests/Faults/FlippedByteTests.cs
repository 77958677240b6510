using Talweg.Cli.Tests;
using Talweg.Networks;
using Talweg.Statistics;

namespace Talweg.Reliability.Tests.Faults;

/// <summary>One flipped byte in any file that a run keeps is found and named, or leads to the same results: never to others without a word.</summary>
public sealed class FlippedByteTests
{
    [Theory]
    [InlineData("report")]
    [InlineData("run")]
    [InlineData("train")]
    [InlineData("continual")]
    public void A_flipped_byte_is_named_or_changes_nothing(string name)
    {
        using var work = Work.Brief(name);
        work.RunHere().AssertSuccess();
        var expected = Results(work);
        var whole = Directory.GetFiles(work[""], "*", SearchOption.AllDirectories).ToDictionary(path => path, File.ReadAllBytes);
        var random = new RandomStream(Options.FaultSeed, $"flips/{name}");
        var silent = new List<string>();
        foreach (string path in whole.Keys.Order(StringComparer.Ordinal).Where(path => whole[path].Length > 0 && !IsNote(path)).DistinctBy(Kind))
        {
            byte[] flipped = [.. whole[path]];
            int place = random.Next(flipped.Length);
            flipped[place] ^= (byte)(1 << random.Next(8));
            File.WriteAllBytes(path, flipped);
            var end = work.RunHere();
            if (Problem(end, path, work, expected) is { } problem)
                silent.Add($"{Path.GetRelativePath(work[""], path)}, byte {place}: {problem}");
            Restore(work[""], whole);
        }

        Assert.True(silent.Count == 0, $"seed {Options.FaultSeed}:\n{string.Join("\n", silent)}");
    }

    private static string? Problem(ProgramEnd end, string path, Work work, SortedDictionary<string, string> expected)
    {
        if (end.ExitCode is not (0 or 2) || end.Error.Contains("   at ", StringComparison.Ordinal))
            return $"exit code {end.ExitCode}: {end.Error}";
        string cell = Path.GetFileName(Path.GetDirectoryName(path)!);
        if (end.ExitCode == 2)
            return end.Error.Contains(Path.GetFileName(path), StringComparison.Ordinal) || end.Error.Contains(cell, StringComparison.Ordinal) ? null : $"not named: {end.Error}";
        var found = Results(work);
        string? other = expected.FirstOrDefault(file => !found.TryGetValue(file.Key, out string? bytes) || bytes != file.Value).Key;
        return other is null || end.Error.Contains(Path.GetFileName(path), StringComparison.Ordinal) || IsRefused(work[other])
            ? null
            : $"{other} is another, and nothing was said";
    }

    /// <summary>Whether a file of weights, which the command has no reason to read again, is refused by whatever reads it.</summary>
    private static bool IsRefused(string path) => Path.GetFileName(path).StartsWith("weights", StringComparison.Ordinal)
        && Record.Exception(() => WeightsFile.Load(path, FullyConnected.Parse(SmallWorld.Network))) is InputException refusal
        && refusal.Message.Contains(path, StringComparison.Ordinal);

    /// <summary>The files from which a reader takes numbers, and what they hold.</summary>
    private static SortedDictionary<string, string> Results(Work work) => FolderBytes.Of(work[""]);

    /// <summary>Locks and lists of names, which hold no numbers.</summary>
    private static bool IsNote(string path) => Path.GetFileName(path).StartsWith('.');

    /// <summary>One file of each name, and one picture of each format.</summary>
    private static string Kind(string path) => Path.GetExtension(path) is ".svg" or ".png" ? Path.GetExtension(path) : Path.GetFileName(path);

    private static void Restore(string folder, Dictionary<string, byte[]> whole)
    {
        foreach (string path in Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Where(path => !whole.ContainsKey(path)))
            File.Delete(path);
        foreach (var (path, bytes) in whole)
            File.WriteAllBytes(path, bytes);
    }
}
