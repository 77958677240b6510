using System.CommandLine.Parsing;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Talweg.Cli.Commands;
using Talweg.Continual;
using Talweg.Networks;
using Talweg.Studies;
using Talweg.Training;

namespace Talweg.Cli.Tests.Commands;

/// <summary>Every whole <c>talweg</c> line of the README and of docs/ is one that the command takes: no option missing, none of another name.</summary>
public sealed partial class DocumentedCommandsTests
{
    public static TheoryData<string, string> Lines
    {
        get
        {
            var lines = new TheoryData<string, string>();
            string root = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, "..", "..", ".."));
            foreach (string file in Directory.EnumerateFiles(Path.Combine(root, "docs"), "*.md").Append(Path.Combine(root, "README.md")).Order(StringComparer.Ordinal))
            {
                foreach (Match match in Line().Matches(File.ReadAllText(file)))
                {
                    string line = Continuation().Replace(match.Groups["line"].Value, " ");
                    line = Remark().Replace(line, "").Trim();
                    if (!Placeholder().IsMatch(line))
                        lines.Add(Path.GetFileName(file), line);
                }
            }

            return lines;
        }
    }

    [Theory]
    [MemberData(nameof(Lines))]
    public void A_documented_command_is_one(string file, string line)
    {
        var session = new Session([], Terminal.Into(TextWriter.Null, TextWriter.Null), () => StudyCatalogue.Standard, default);
        var parsed = TalwegCommand.Of(session).Parse([.. CommandLineParser.SplitCommandLine(line.Replace('\'', '"')).Skip(1)]);
        Assert.True(parsed.Errors.Count == 0, $"{file}: {line}: {string.Join("; ", parsed.Errors.Select(error => error.Message))}");
        if (Value(line, "--network") is { } network && !network.StartsWith("torchscript:", StringComparison.Ordinal))
            Assert.Equal(network.Split(',')[0], Network.Parse(network).ToString()[..network.Split(',')[0].Length]);
        if (Value(line, "--optimizer") is { } optimizer)
            Assert.NotNull(Optimizer.Parse(optimizer));
        if (Value(line, "--schedule") is { } schedule)
            Assert.NotNull(Schedule.Parse(schedule));
        if (Value(line, "--method") is { } method)
            Assert.Equal(method.Split(':')[0], $"{ContinualMethods.Parse(method)}".Split(':')[0]);
    }

    private static string? Value(string line, string option) => Regex.Match(line, $@"{option} '?(?<value>[^\s']+)") is { Success: true } match ? match.Groups["value"].Value : null;

    private static string Here([CallerFilePath] string path = "") => path;

    [GeneratedRegex(@"^ *(?<line>talweg (run|list|show|report|train|continual|measure|data|doctor)\b([^\n]*\\\n)*[^\n]*)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Line();

    [GeneratedRegex(@"\s*\\\n\s*")]
    private static partial Regex Continuation();

    /// <summary>What a line says behind the command.</summary>
    [GeneratedRegex(@"\s+#.*$|\s{3,}(?![\s-]).*$")]
    private static partial Regex Remark();

    [GeneratedRegex(@"…|[\[|]|\b(STUDY|MEASURE|DIR|FILE|NAME)\b")]
    private static partial Regex Placeholder();
}
