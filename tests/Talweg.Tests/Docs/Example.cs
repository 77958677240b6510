using System.Text.RegularExpressions;
using Talweg.Tests.Conventions;

namespace Talweg.Tests.Docs;

/// <summary>A block of C# on a page of the documentation.</summary>
/// <param name="Page">The file's name.</param>
/// <param name="Number">Of the blocks on the page, from 1.</param>
/// <param name="Code">As it stands there.</param>
internal sealed partial record Example(string Page, int Number, string Code)
{
    /// <summary>Of README and all pages.</summary>
    public static IReadOnlyList<Example> All { get; } =
    [
        .. from path in Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs"), "*.md").Append(Path.Combine(Repository.Root, "README.md")).Order(StringComparer.Ordinal)
           from example in Of(path)
           select example,
    ];

    /// <summary>Without its directives, which stand above a method.</summary>
    public string Statements => string.Join('\n', Code.Split('\n').Where(line => !IsUsing(line)));

    /// <summary>The directives, one a line.</summary>
    public IEnumerable<string> Usings => Code.Split('\n').Where(IsUsing).SelectMany(line => line.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).Select(directive => directive + ";");

    private static bool IsUsing(string line) => Directive().IsMatch(line);

    private static IEnumerable<Example> Of(string path) => Block().Matches(File.ReadAllText(path)).Select((block, i) => new Example(Path.GetFileName(path), i + 1, block.Groups[1].Value));

    [GeneratedRegex(@"```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"^using (static )?[A-Z][\w.]*;")]
    private static partial Regex Directive();
}
