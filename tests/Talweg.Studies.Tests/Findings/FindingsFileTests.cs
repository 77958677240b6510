using System.Text.Json;
using Talweg.Statistics;
using Talweg.Studies.Findings;

namespace Talweg.Studies.Tests.Findings;

public sealed class FindingsFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static Finding Full => Samples.Finding("FT-8", new Measurement
    {
        Name = "ψ",
        Value = 1.0 / 3,
        Interval = new(0.1, double.PositiveInfinity),
        IntervalOver = "9 cells",
        Band = new(double.NegativeInfinity, 5),
        Nulls = [new("isotropic walk", double.NaN), new("shuffled", 0.2)],
        HeldOut = Math.PI,
        LeftOut = 7,
        LeftOutReason = "open sides",
    }) with
    { PublishedValue = 4, Notes = ["a <note>"] };

    [Fact]
    public void What_is_written_is_read_back()
    {
        string path = _folder.File("findings.json");
        FindingsFile.Write(path, [Full, Samples.Finding("FT-2")]);
        var read = FindingsFile.Read(path);
        Assert.Equal(["FT-8", "FT-2"], read.Select(f => f.Id));
        Assert.Equivalent(Full, read[0], strict: true);
        Assert.Equal(1.0 / 3, read[0].Measurements[0].Value);
        Assert.Equal(FindingsFile.ToJson([Full]), FindingsFile.ToJson([read[0]]));
    }

    [Fact]
    public void What_is_open_or_undefined_is_null()
    {
        using var json = JsonDocument.Parse(FindingsFile.ToJson([Full with { PublishedValue = null }]));
        var finding = json.RootElement.GetProperty("findings")[0];
        var measurement = finding.GetProperty("measurements")[0];
        Assert.Equal(JsonValueKind.Null, finding.GetProperty("published_value").ValueKind);
        Assert.Equal(JsonValueKind.Null, measurement.GetProperty("band").GetProperty("low").ValueKind);
        Assert.Equal(JsonValueKind.Null, measurement.GetProperty("interval").GetProperty("high").ValueKind);
        Assert.Equal(JsonValueKind.Null, measurement.GetProperty("nulls")[0].GetProperty("value").ValueKind);
        Assert.Equal("0.3333333333333333", measurement.GetProperty("value").GetRawText());
    }

    [Fact]
    public void A_file_of_something_else_is_refused_by_name()
    {
        string path = _folder.File("findings.json");
        File.WriteAllText(path, "{\"measure\":\"modes\"}");
        Assert.Contains(path, Assert.Throws<InputException>(() => FindingsFile.Read(path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3.98765, "3.99")]
    [InlineData(-0.5, "−0.500")]
    [InlineData(1234.5, "1234")]
    [InlineData(6.3e-7, "6.30e−7")]
    [InlineData(2.5e12, "2.50e12")]
    [InlineData(0, "0")]
    [InlineData(double.NaN, "undefined")]
    [InlineData(double.PositiveInfinity, "∞")]
    public void Numbers_are_short_for_readers(double value, string expected) => Assert.Equal(expected, NumberText.Of(value));

    [Fact]
    public void Bands_are_words()
    {
        Assert.Equal("2 to 3", NumberText.Band(new(2, 3)));
        Assert.Equal("over 0.9", NumberText.Band(new(0.9, double.PositiveInfinity)));
        Assert.Equal("below 0.3", NumberText.Band(new(double.NegativeInfinity, 0.3)));
        Assert.Equal("[1, ∞]", NumberText.Of(new Interval(1, double.PositiveInfinity)));
    }
}
