using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;

namespace Talweg.Tests.Docs;

/// <summary>README's ten lines, compiled and run as they stand there but for their size: a thousand samples, ten modes.</summary>
public sealed partial class ReadmeTests : PageTests
{
    [Fact]
    public void The_library_in_ten_lines_prints_a_variance_and_a_flatness_for_every_mode()
    {
        var example = Example.All.Single(example => example.Page == "README.md");
        string statements = Replaced(example.Statements, ("Of(digits.Train)", "Of(digits.Train.First(1000))"), ("Of(digits.Test)", "Of(digits.Test.First(100))"), ("count: 100", "count: 10"),
            ("\"my-run\"", "path"), ("Console.WriteLine(", "output.Add("));
        using var assembly = new MemoryStream();
        var emitted = ExampleCompiler.Compilation(example with { Code = string.Join('\n', example.Usings) + '\n' + statements }).Emit(assembly, cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(emitted.Success, string.Join('\n', emitted.Diagnostics));
        var program = Assembly.Load(assembly.ToArray());
        var given = program.GetType("Given")!;
        given.GetField("path")!.SetValue(null, Temporary("my-run"));
        program.EntryPoint!.Invoke(null, [Array.Empty<string>()]);

        var lines = (List<string>)given.GetField("output")!.GetValue(null)!;
        Assert.Equal(10, lines.Count);
        double[] variances = [.. lines.Select(line => double.Parse(Numbers().Match(line).Groups[1].Value, CultureInfo.InvariantCulture))];
        Assert.All(variances.Zip(variances.Skip(1)), pair => Assert.True(pair.First >= pair.Second && pair.Second > 0));
        Assert.Contains(lines, line => Numbers().Match(line).Groups[2].Length > 0);
    }

    private static string Replaced(string text, params (string Old, string New)[] changes)
    {
        foreach (var (old, changed) in changes)
        {
            Assert.Contains(old, text, StringComparison.Ordinal);
            text = text.Replace(old, changed, StringComparison.Ordinal);
        }

        return text;
    }

    /// <summary>A variance, and a flatness or, of an open valley, nothing.</summary>
    [GeneratedRegex(@"^(\d\.\d+E[+-]\d+)  ([\d.]*)$")]
    private static partial Regex Numbers();
}
