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
        Band = Band.AtMost(5),
        Nulls = [new("isotropic walk", double.NaN), new("shuffled", 0.2, new Interval(0.1, 0.3), "3 seeds")],
        WithinOneRun = true,
        UndecidedBecause = "at the edge",
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

    /// <summary>One measurement of every kind on which verdict or evidence may hang: open and closed bands, infinite and undefined numbers, nulls known well, less well and not at all.</summary>
    public static TheoryData<string> Kinds => [.. Odd.Keys];

    private static Measurement Plain => new() { Name = "x", Value = 1, Interval = new(0.5, 1.5), IntervalOver = "3 seeds", Band = Band.Above(0) };

    private static readonly Dictionary<string, Measurement[]> Odd = new()
    {
        ["an excluded end"] = [Plain with { Interval = new(0, 1) }],
        ["an included end"] = [Plain with { Interval = new(0, 1), Band = Band.AtLeast(0) }],
        ["an excluded upper end"] = [Plain with { Interval = new(-1, 0), Band = Band.Below(0) }],
        ["no bound"] = [Plain with { Band = Band.Any }],
        ["an undefined value"] = [Plain with { Value = double.NaN }],
        ["an infinite value"] = [Plain with { Value = double.PositiveInfinity, Interval = new(double.PositiveInfinity, double.PositiveInfinity) }],
        ["a value of minus infinity"] = [Plain with { Value = double.NegativeInfinity, Interval = new(double.NegativeInfinity, double.NegativeInfinity) }],
        ["an interval without an end"] = [Plain with { Interval = new(1, double.PositiveInfinity) }],
        ["an interval with an undefined end"] = [Plain with { Interval = new(double.NaN, 5), Band = Band.AtMost(6) }],
        ["no interval"] = [Plain with { Interval = null, IntervalOver = "" }],
        ["no width"] = [Plain with { Interval = new(1, 1) }],
        ["within one run"] = [Plain with { WithinOneRun = true }],
        ["a best at the edge"] = [Plain with { UndecidedBecause = "the best lies at the edge" }],
        ["a null with an interval"] = [Plain with { Nulls = [new("isotropic walk", -1, new Interval(-2, -0.5), "3 seeds")] }],
        ["a null whose interval reaches in"] = [Plain with { Nulls = [new("isotropic walk", -1, new Interval(-2, 0.5), "3 seeds")] }],
        ["a null without an interval"] = [Plain with { Nulls = [new("isotropic walk", -1)] }],
        ["an undefined null"] = [Plain with { Nulls = [new("isotropic walk", double.NaN)] }],
        ["an infinite null"] = [Plain with { Nulls = [new("isotropic walk", double.PositiveInfinity)] }],
        ["an undefined value in the next window"] = [Plain with { HeldOut = double.NaN }],
        ["an infinite value in the next window"] = [Plain with { HeldOut = double.NegativeInfinity }],
        ["two stops"] = [Plain with { Course = "A", Stop = "1 epoch" }, Plain with { Course = "A", Stop = "2 epochs", Interval = new(-2, -1) }],
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_kind_reads_back_to_the_same_measurement_verdict_and_evidence(string kind)
    {
        foreach (bool settings in new[] { false, true })
        {
            var written = Samples.Finding("X-1", Odd[kind]) with { Settings = settings, Demonstration = settings, PublishedValue = settings ? double.NaN : null };
            string path = _folder.File($"{settings}.json");
            FindingsFile.Write(path, [written]);
            var read = FindingsFile.Read(path).Single();
            Assert.Equal(written.Measurements.Select(m => m with { Nulls = [] }), read.Measurements.Select(m => m with { Nulls = [] }));
            Assert.Equal(written.Measurements.SelectMany(m => m.Nulls), read.Measurements.SelectMany(m => m.Nulls));
            Assert.Equal((written.VerdictText, written.Evidence.Word, written.PublishedValue), (read.VerdictText, read.Evidence.Word, read.PublishedValue));
        }
    }

    /// <summary>Every finding of every study, of three seeds and of one, on real data and on drawn ones.</summary>
    [Theory]
    [InlineData(3, false)]
    [InlineData(1, true)]
    public void Every_study_s_findings_read_back_to_the_same_verdict_and_evidence(int seeds, bool drawn)
    {
        var written = AllStudies.Findings(_folder.Path, seeds, drawn);
        string path = _folder.File("findings.json");
        FindingsFile.Write(path, written);
        var read = FindingsFile.Read(path);
        Assert.Equal(written.Count, read.Count);
        Assert.Equal(StudyCatalogue.Standard.Studies.SelectMany(study => study.Claims).Order(), written.Select(finding => finding.Id).Where(id => id is not ("TW-6" or "TW-7")).Order());
        foreach (var (before, after) in written.Zip(read))
        {
            Assert.Equal(before.VerdictText, after.VerdictText);
            Assert.Equal(before.EvidenceText, after.EvidenceText);
            Assert.Equivalent(before, after, strict: true);
        }
    }

    [Fact]
    public void Both_words_stand_in_the_file()
    {
        var finding = Samples.Finding("FT-8", Plain with { WithinOneRun = true, Nulls = [new("shuffled steps", 1), new("isotropic walk", double.NaN), new("epoch-balanced walk", -1, new Interval(-2, -0.5))] });
        using var json = JsonDocument.Parse(FindingsFile.ToJson([finding]));
        var written = json.RootElement.GetProperty("findings")[0];
        Assert.Equal("holds", written.GetProperty("verdict").GetString());
        Assert.True(written.GetProperty("within_one_run").GetBoolean());
        Assert.Equal("{\"word\":\"shared\",\"shared_with\":[\"shuffled steps\"],\"not_told_apart_from\":[\"isotropic walk\"],\"distinct_from\":[\"epoch-balanced walk\"],\"meaning\":\"does not depend on the order of steps within an epoch\"}",
            JsonSerializer.Serialize(written.GetProperty("evidence")));
        Assert.Equal("holds within one run; shared with shuffled steps (does not depend on the order of steps within an epoch); not told apart from isotropic walk", written.GetProperty("verdict_text").GetString());
        Assert.Equal("{\"surrogate\":\"epoch-balanced walk\",\"value\":-1,\"interval\":{\"low\":-2,\"high\":-0.5},\"interval_over\":\"\"}", JsonSerializer.Serialize(written.GetProperty("measurements")[0].GetProperty("nulls")[2]));
        Assert.Equal("{\"low\":0,\"high\":null,\"low_excluded\":true,\"high_excluded\":false}", JsonSerializer.Serialize(written.GetProperty("measurements")[0].GetProperty("band")));
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
        Assert.Equal("2 to 3", NumberText.Band(Band.Between(2, 3)));
        Assert.Equal("over 0.9", NumberText.Band(Band.Above(0.9)));
        Assert.Equal("below 0.3", NumberText.Band(Band.Below(0.3)));
        Assert.Equal("at least 0.2", NumberText.Band(Band.AtLeast(0.2)));
        Assert.Equal("at most 0.02", NumberText.Band(Band.AtMost(0.02)));
        Assert.Equal("any", NumberText.Band(Band.Any));
        Assert.Equal("[1, ∞]", NumberText.Of(new Interval(1, double.PositiveInfinity)));
    }
}
