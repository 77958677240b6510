using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Talweg.Conventions;

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

    /// <summary>By what the compiler made of the code: names relative to a namespace, inferred types and all.</summary>
    [Fact]
    public void A_room_uses_only_the_rooms_above_it()
    {
        string[] violations = [.. typeof(InputException).Assembly.GetTypes().SelectMany(Violations).Distinct()];
        Assert.True(violations.Length == 0, string.Join('\n', violations) + "\nLet the lower room implement an interface of the higher one.");
    }

    /// <summary>Of a constant the compiler keeps the value alone: whole names and directives are looked for in the text.</summary>
    [Fact]
    public void A_room_names_only_the_rooms_above_it()
    {
        var violations = new List<string>();
        foreach (string file in Repository.Sources(Library))
        {
            int own = Array.IndexOf(Rooms, Path.GetRelativePath(Library, file).Split(Path.DirectorySeparatorChar)[0]);             // −1: the root, which is everyone's vocabulary and uses none
            foreach (string line in File.ReadLines(file).Where(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal)))
                violations.AddRange(RoomName().Matches(line).Select(match => match.Groups[1].Value).Where(used => Array.IndexOf(Rooms, used) > own).Select(used => $"{Path.GetRelativePath(Library, file)} names Talweg.{used}"));
        }

        Assert.True(violations.Count == 0, string.Join('\n', violations));
    }

    [Theory]
    [InlineData(typeof(Talweg.Statistics.PlantedField))]
    [InlineData(typeof(Talweg.Statistics.PlantedCall))]
    [InlineData(typeof(Talweg.Statistics.PlantedInference))]
    [InlineData(typeof(Talweg.Statistics.PlantedArgument))]
    [InlineData(typeof(Talweg.Statistics.PlantedLambda))]
    public void A_lower_room_is_seen_however_it_is_used(Type planted)
    {
        string[] found = [.. planted.GetNestedTypes(BindingFlags.NonPublic).Append(planted).SelectMany(Violations).Distinct()];
        Assert.Equal([$"Talweg.Statistics.{planted.Name} uses Talweg.Landscapes.Directions"], found.Select(violation => violation.Replace("+<>c", "", StringComparison.Ordinal)).Distinct());
    }

    private static IEnumerable<string> Violations(Type type) =>
        from used in TypeUses.Of(type)
        where used.Assembly == typeof(InputException).Assembly && Place(used) > Place(type)
        select $"{type.FullName} uses {used.FullName}";

    /// <summary>From the top, the root of all, at −1.</summary>
    private static int Place(Type type) => type.Namespace?.Split('.') is ["Talweg", var room, ..] ? Array.IndexOf(Rooms, room) : -1;

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
