using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Talweg.Tests.Conventions;

/// <summary>A room may use the rooms above it, never one below. What a lower room lends a higher one is an interface of the higher room.</summary>
public sealed partial class ArchitectureTests
{
    /// <summary>Top to bottom.</summary>
    private static readonly string[] Rooms =
    [
        "Native", "Statistics", "Storage", "Data", "Networks", "Training", "Trajectories", "Landscapes", "Noise", "Thermodynamics", "Priors", "Continual",
    ];

    private static string Library => Path.Combine(Repository.Root, "src", "Talweg");

    [Fact]
    public void A_room_uses_only_the_rooms_above_it()
    {
        var violations = new List<string>();
        foreach (string file in Repository.Sources(Library))
        {
            string folder = Path.GetRelativePath(Library, file).Split(Path.DirectorySeparatorChar)[0];
            int own = Array.IndexOf(Rooms, folder);             // −1: the root, which is everyone's vocabulary and uses none
            foreach (string line in File.ReadLines(file).Where(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal)))
            {
                foreach (Match match in RoomName().Matches(line))
                {
                    int used = Array.IndexOf(Rooms, match.Groups[1].Value);
                    if (used > own)
                        violations.Add($"{Path.GetRelativePath(Library, file)} uses Talweg.{Rooms[used]}, which lies below {(own < 0 ? "the root" : folder)}.");
                }
            }
        }

        Assert.True(violations.Count == 0, string.Join('\n', violations) + "\nLet the lower room implement an interface of the higher one.");
    }

    [Fact]
    public void Every_room_has_its_place_in_the_order() =>
        Assert.Empty(Directory.EnumerateDirectories(Library).Select(Path.GetFileName).Except([.. Rooms, "bin", "obj"]));

    [Fact]
    public void Namespaces_are_folders() => Assert.All(Repository.Sources(Library), file =>
    {
        string folder = Path.GetRelativePath(Library, Path.GetDirectoryName(file)!);
        string expected = folder == "." ? "Talweg" : "Talweg." + folder.Replace(Path.DirectorySeparatorChar, '.');
        Assert.Contains($"namespace {expected};", File.ReadLines(file));
    });

    [GeneratedRegex(@"\bTalweg\.([A-Z]\w*)")]
    private static partial Regex RoomName();
}

/// <summary>The checkout that the tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, "..", "..", ".."));

    public static IEnumerable<string> Sources(string folder) => Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
        .Where(file => !Path.GetRelativePath(folder, file).Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj"));

    private static string Here([CallerFilePath] string path = "") => path;
}
