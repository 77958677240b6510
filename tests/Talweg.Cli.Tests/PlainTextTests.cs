using System.Text.Json;
using Spectre.Console;
using Spectre.Console.Testing;
using Talweg.Cli.Progress;
using Talweg.Cli.Rendering;

namespace Talweg.Cli.Tests;

public sealed class PlainTextTests
{
    private const string Hostile = "a\u001b[31mb\u009b2Jc\u202ed\u0007e\rf\u2066g\u200fh\u2028i\u007fj\U000E0041k";
    private const string Shown = @"a\u001B[31mb\u009B2Jc\u202Ed\u0007e\u000Df\u2066g\u200Fh\u2028i\u007Fj\uDB40\uDC41k";

    [Fact]
    public void Control_characters_and_overrides_are_shown_not_obeyed() => Assert.Equal(Shown, PlainText.Of(Hostile));

    [Theory]
    [InlineData("σ² ~ F⁻⁴ — 20 × 20\nnext\tcolumn\r\nlast")]
    [InlineData("می‌خواهم 👩‍🔬 \uD800 half")]
    public void What_is_text_stays(string text) => Assert.Equal(text, PlainText.Of(text));

    [Fact]
    public void Every_way_to_the_terminal_goes_through_it()
    {
        using var console = new TestConsole().EmitAnsiSequences().Width(200);
        using var error = new TestConsole().EmitAnsiSequences().Width(200);
        var terminal = Terminal.Of(console, error, showsBars: true);
        terminal.Out.WriteLine(Hostile);
        terminal.Out.Write(Hostile.AsSpan());
        foreach (char c in Hostile.Replace("\r", "", StringComparison.Ordinal))
            terminal.Error.Write(c);
        terminal.Error.WriteLine(Hostile);
        terminal.Tell(Hostile);
        terminal.Console.Line(Hostile);
        var words = Tables.OfWords(Hostile);
        words.Add(Hostile);
        terminal.Console.Write(words);
        var numbers = Tables.OfNumbers(Hostile);
        numbers.Add(Hostile);
        terminal.Console.Write(numbers);
        Assert.True(ProgressDisplay.During(terminal, progress =>
        {
            progress.Report(new(Hostile, 1, 2, Hostile));
            return true;
        }));
        foreach (string text in (string[])[console.Output, error.Output])
        {
            Assert.Contains(@"\u001B[31mb\u009B2Jc\u202Ed\u0007", text, StringComparison.Ordinal);
            Assert.DoesNotContain(text, c => c is '\u009b' or '\u202e' or '\u0007' or '\u2066' or '\u200f' or '\u007f');
            Assert.DoesNotContain("\u001b[31mb", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void In_a_document_the_text_is_the_same()
    {
        using var output = new StringWriter();
        Terminal.Into(output, TextWriter.Null).Out.WriteLine(JsonText.Of(json => json.WriteString("label", Hostile)));
        Assert.DoesNotContain('\u202e', output.ToString());
        using var document = JsonDocument.Parse(output.ToString());
        Assert.Equal(Hostile, document.RootElement.GetProperty("label").GetString());
    }
}
