using System.Text.Json;
using Spectre.Console;
using Talweg.Cli.Rendering;
using Talweg.Landscapes;

namespace Talweg.Cli.Tests.Rendering;

/// <summary>A side that the search could not place is shown as that, not as open and not as a number.</summary>
public sealed class FlatnessEndingTests
{
    private static readonly PathNote Note = new("", [], true, new("mnist", "", new([])));
    private static readonly Flatness Spike = Flatness.Measure(points => [.. points.Select(x => x <= 0 ? 1 + x * x : 10)], 1, 100);

    [Fact]
    public void In_the_document()
    {
        using var document = JsonDocument.Parse(MeasureJson.Flatness(Math.E, [Spike, Spike with { RightEnding = SideEnding.Open }], Note));
        var directions = document.RootElement.GetProperty("directions");
        Assert.Equal(JsonValueKind.Null, directions[0].GetProperty("right").ValueKind);
        Assert.Equal("round limit", directions[0].GetProperty("right_ending").GetString());
        Assert.False(directions[0].TryGetProperty("left_ending", out _));
        Assert.Equal(["left", "right", "flatness", "loss_at_origin", "fit_flatness", "fit_r2"], directions[1].EnumerateObject().Select(property => property.Name));
    }

    [Fact]
    public void In_the_table()
    {
        using var text = new StringWriter();
        MeasureTables.Flatness(Terminal.Into(text, TextWriter.Null).Console, Math.E, [Spike]);
        Assert.Matches(@"1 +-1\.311 +not settled +not settled", text.ToString());
        Assert.Matches(@"1 of 1 directions have a side that was not settled in \d+ passes: the loss jumps right beside the weights\.", text.ToString());
        Assert.DoesNotContain("open", text.ToString(), StringComparison.Ordinal);
    }
}
