using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Talweg.Tests.Docs;

/// <summary>Every block of C# in README and the documentation compiles as it stands there, and those of the rooms' pages are run by the tests beside this one.</summary>
public sealed partial class ExamplesTests
{
    /// <summary>Pages whose blocks are compiled and not run word for word, each with its reason.</summary>
    private static readonly Dictionary<string, string> NotRun = new()
    {
        ["README.md"] = "takes a minute; ReadmeTests runs it on fewer samples",
        ["storage.md"] = "writes beside the program; the tests of Talweg.Storage make the same calls in folders of their own",
    };

    public static TheoryData<string, int> Blocks
    {
        get
        {
            var blocks = new TheoryData<string, int>();
            foreach (var example in Example.All)
                blocks.Add(example.Page, example.Number);
            return blocks;
        }
    }

    [Theory, MemberData(nameof(Blocks))]
    public void Every_block_compiles_without_warnings(string page, int number) =>
        Assert.Equal("", string.Join('\n', ExampleCompiler.Complaints(Example.All.Single(example => example.Page == page && example.Number == number))));

    /// <summary>Letter by letter but for white space, and for weights that are the same in every run.</summary>
    [Theory, MemberData(nameof(Blocks))]
    public void Every_block_is_run_by_a_test(string page, int number)
    {
        var example = Example.All.Single(example => example.Page == page && example.Number == number);
        bool found = Sources.Value.Contains(Squeeze(example.Statements), StringComparison.Ordinal);
        Assert.True(found || NotRun.ContainsKey(page), $"No test beside this one has these lines:\n{example.Statements}");
    }

    private static readonly Lazy<string> Sources = new(() => Squeeze(string.Concat(Directory.GetFiles(Folder(), "*.cs").Select(File.ReadAllText)).Replace(".Fixed()", "", StringComparison.Ordinal)));

    private static string Squeeze(string text) => Space().Replace(text, " ").Trim();

    private static string Folder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
