using Talweg.Statistics;
using Talweg.Studies.Findings;

namespace Talweg.Studies.Tests.Findings;

/// <summary>A claim that is held against several lengths of training is worded by them.</summary>
public sealed class StopVerdictTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Letters are stops: h holds, f fails, u reaches out of its band, n has no interval.</summary>
    private static IEnumerable<Measurement> Course(string course, string verdicts) => verdicts.Select((verdict, i) => new Measurement
    {
        Name = $"{course}, {i + 1} epochs: x",
        Value = 1,
        Band = Band.Between(0, 2),
        Interval = verdict switch { 'h' => new Interval(0.5, 1.5), 'f' => new(3, 4), 'u' => new(1, 3), _ => null },
        Course = course,
        Stop = $"{i + 1} epochs",
    });

    private static Finding Of(params IEnumerable<Measurement>[] courses) => new() { Id = "X-1", Claim = "c", Estimator = "e", Published = "p", Measurements = [.. courses.SelectMany(course => course)] };

    [Theory]
    [InlineData("hhh", "holds")]
    [InlineData("hhf", "fails (A: holds up to 2 epochs, fails at 3 epochs)")]
    [InlineData("hufff", "fails (A: holds up to 1 epochs, undecided at 2 epochs, fails at 3 epochs, 4 epochs and 5 epochs)")]
    [InlineData("hfh", "fails (A: holds at 1 epochs and 3 epochs, fails at 2 epochs)")]
    [InlineData("hhn", "undecided (A: holds up to 2 epochs, undecided at 3 epochs)")]
    [InlineData("uun", "undecided (A: holds at no stop, undecided at all)")]
    [InlineData("ff", "fails (A: holds at no stop, fails at all)")]
    public void The_verdict_names_the_longest_stop_at_which_all_hold(string verdicts, string text) => Assert.Equal(text, Of(Course("A", verdicts)).VerdictText);

    [Fact]
    public void A_claim_holds_only_if_it_does_at_every_stop_of_every_course()
    {
        Assert.Equal("holds", Of(Course("A", "hh"), Course("B", "h")).VerdictText);
        Assert.Equal("undecided (A: holds at every stop; B: holds up to 1 epochs, undecided at 2 epochs)", Of(Course("A", "hh"), Course("B", "hu")).VerdictText);
        var mixed = Of(Course("A", "hh"), Course("A", "hf"));      // two measurements at a stop: both must hold there
        Assert.Equal("fails (A: holds up to 1 epochs, fails at 2 epochs)", mixed.VerdictText);
        Assert.Equal([Verdict.Holds, Verdict.Fails], mixed.Stops.Select(stop => stop.Verdict));
        Assert.Equal("demonstration: undecided (A: holds at no stop, undecided at all)", (Of(Course("A", "u")) with { Demonstration = true }).VerdictText);
    }

    [Fact]
    public void Files_have_the_stops_and_come_back_and_say_nothing_of_stops_where_there_are_none()
    {
        var finding = Of(Course("A", "hf"));
        string path = _folder.File("findings.json");
        FindingsFile.Write(path, [finding]);
        Assert.Contains("\"stops\": [\n        {\n          \"course\": \"A\",\n          \"stop\": \"1 epochs\",\n          \"verdict\": \"holds\"\n        },", File.ReadAllText(path), StringComparison.Ordinal);
        Assert.Contains("\"course\": \"A\",\n          \"stop\": \"2 epochs\"\n", File.ReadAllText(path), StringComparison.Ordinal);
        Assert.Equal(finding.VerdictText, FindingsFile.Read(path).Single().VerdictText);
        string without = FindingsFile.ToJson([finding with { Measurements = [.. finding.Measurements.Select(m => m with { Course = "", Stop = "" })] }]);
        Assert.DoesNotContain("stop", without, StringComparison.Ordinal);
        Assert.DoesNotContain("course", without, StringComparison.Ordinal);
    }
}
