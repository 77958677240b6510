using System.Text;
using System.Text.RegularExpressions;

namespace Talweg.Reliability.Tests.Faults;

/// <summary>The files of a folder, but for what no two runs share: times, durations, the folder that a test works in, and the numbers by which a process names the clips of its pictures.</summary>
internal static partial class FolderBytes
{
    private static readonly string[] Texts = [".json", ".html", ".svg"];

    public static SortedDictionary<string, string> Of(string folder)
    {
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (string path in Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Where(path => !Path.GetFileName(path).StartsWith(".lock", StringComparison.Ordinal)))
            files[Path.GetRelativePath(folder, path)] = Comparable(path);
        return files;
    }

    /// <summary>The same files with the same bytes.</summary>
    public static void AssertSame(SortedDictionary<string, string> expected, string folder)
    {
        var found = Of(folder);
        Assert.Equal(expected.Keys, found.Keys);
        foreach (var (name, bytes) in expected)
            Assert.True(bytes == found[name], $"{name} differs: {FirstDifference(bytes, found[name])}");
    }

    private static string Comparable(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        return Texts.Contains(Path.GetExtension(path)) ? Timeless(Encoding.UTF8.GetString(bytes)) : Encoding.Latin1.GetString(bytes);
    }

    private static string Timeless(string text) => Worlds().Replace(Clips().Replace(Seals().Replace(Durations().Replace(Moments().Replace(text, "TIME"), "DURATION"), "SEAL"), "CLIP"), "WORLD");

    private static string FirstDifference(string expected, string found)
    {
        int place = 0;
        while (place < expected.Length && place < found.Length && expected[place] == found[place])
            place++;
        return $"at {place} of {expected.Length} and {found.Length}: {Near(expected, place)} | {Near(found, place)}";
    }

    private static string Near(string text, int place) => new([.. text.Skip(Math.Max(0, place - 40)).Take(120).Select(c => char.IsControl(c) ? '.' : c)]);

    [GeneratedRegex("""\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d(\.\d+)?)?( UTC|Z|\+00:00)?""")]
    private static partial Regex Moments();

    [GeneratedRegex("""("seconds": [0-9.eE+-]+)|(\d+(\.\d)? s\b)|(\d+ min \d+ s\b)""")]
    private static partial Regex Durations();

    [GeneratedRegex("""[^"\s]*talweg-cli-\w+""")]
    private static partial Regex Worlds();

    [GeneratedRegex("cl_[0-9a-f]+")]
    private static partial Regex Clips();

    /// <summary>The checksum of a text that has a time in it.</summary>
    [GeneratedRegex("""(?<=(sha256|seal|checksum)[^\n]{0,4}: ?")[0-9a-f]{8,64}(?=")""")]
    private static partial Regex Seals();
}
