using System.Text.RegularExpressions;
using Talweg.Statistics;
using Talweg.Studies.Findings;
using Talweg.Studies.Reports;
using Talweg.Studies.Running;
using Talweg.Studies.Tests.Figures;

namespace Talweg.Studies.Tests.Reports;

/// <summary>TALWEG_GALLERY=FOLDER keeps the page, to be looked at.</summary>
public sealed class HtmlReportTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static Measurement Measured(string name, double value, Interval? interval, Band band, params NullValue[] nulls) =>
        new() { Name = name, Value = value, Interval = interval, IntervalOver = "9 cells", Band = band, Nulls = nulls };

    private static IReadOnlyList<Finding> Findings =>
    [
        Samples.Finding("FT-2",
            Measured("exponent γ", 2.62, new(2.5, 2.7), Band.Between(2, 3), new NullValue("isotropic walk", 2.01, new Interval(1.98, 2.04), "9 cells"), new NullValue("epoch-balanced walk", 1.2)),
            Measured("σ₁²/σ₂²", 61.3, new(40, 85), Band.Above(10), new NullValue("isotropic walk", 4, new Interval(3.9, 4.1), "9 cells"), new NullValue("epoch-balanced walk", 1.1, new Interval(1, 1.2), "9 cells")))
            with { Claim = "After a few modes the variance of the weights falls as a power law of the mode's rank.", Published = "γ about 2.6, first mode far above" },
        Samples.Finding("FT-3", Measured("modes for 90%", 33, new(30, 37), Band.Between(20, 60), new NullValue("isotropic walk", 28)))
            with { Claim = "The motion is low-dimensional.", Published = "35 of 2500" },
        Samples.Finding("FT-6", Measured("median R²", 0.91, new(0.9, 0.93), Band.Above(0.95)) with { LeftOut = 12, LeftOutReason = "open sides", HeldOut = 0.905 })
            with { Claim = "ln L is quadratic along the diffusive modes.", Published = "fits well" },
        Samples.Finding("FT-8", Measured("ψ", 3.94, new(3.6, 4.3), Band.Between(3, 5), new NullValue("isotropic walk", 0.2, new Interval(0.1, 0.3), "9 cells")) with { WithinOneRun = true, LeftOut = 7, LeftOutReason = "open sides" })
            with { Claim = "The weights move least where the landscape is flattest: σ² ~ F^−ψ & <nothing> else.", Notes = ["Holds for every B and α."] },
        Samples.Finding("FT-23", Measured("ψ at level 2", double.NaN, null, Band.Between(3, 5))) with { Claim = "The level in F's definition does not matter.", Published = "same ψ" },
    ];

    private ReportContent Content()
    {
        var figures = Gallery.All();
        foreach (var figure in figures)
            figure.Save(_folder.Path);
        var start = new DateTimeOffset(2026, 5, 4, 10, 0, 0, TimeSpan.Zero);
        return new()
        {
            Record = new()
            {
                Study = "inverse-variance-flatness",
                Title = "Inverse <variance–flatness> relation",
                Source = new("Feng and Tu", "PNAS 118, e2015617118 (2021)", "Figures 1 and 2"),
                Revision = 1,
                Preset = "paper",
                Parameters = new() { ["batch-sizes"] = "25,50,100", ["epochs"] = 200 },
                Seeds = [0, 1, 2],
                Cells = 3,
                Data = new("mnist", "sha256:5f2e9c", Drawn: false),
                Versions = Versions.Here,
                Command = "talweg run inverse-variance-flatness --preset paper --out runs/ivf",
                Started = start,
                Finished = start.AddHours(3),
            },
            Cells = [.. Enumerable.Range(0, 3).Select(seed => new CellRecord
            {
                Address = $"0123456789abcde{seed}",
                Label = $"B = 50, α = 0.1, seed {seed}",
                Seed = seed,
                Ending = seed == 2 ? CellEnding.Failed("diverged in epoch 3") : CellEnding.Measured("200 modes measured"),
                Threads = 2,
                Seconds = 125 + 3000 * seed,
                Finished = start.AddHours(seed),
            })],
            Conclusion = new() { Findings = Findings, Figures = figures, Notes = ["One cell diverged and is left out."] },
            Parameters = [new() { Name = "epochs", Kind = ParameterKind.Integer, Default = "200", Help = "epochs of training" }],
            FiguresFolder = _folder.Path,
        };
    }

    [Fact]
    public void The_page_says_what_was_found_and_needs_nothing_beside_itself()
    {
        string page = HtmlReport.Render(Content());
        if (Environment.GetEnvironmentVariable("TALWEG_GALLERY") is { } gallery)
            File.WriteAllText(Path.Combine(gallery, "report.html"), page);
        foreach (string expected in new[]
        {
            "<b>3</b> hold", "<b>1</b> fails", "<b>1</b> undecided", ">holds within one run</span>", "1 of these within one run: their intervals say nothing of how far the next run would lie.",
            "Against null surrogates: 2 distinct, 1 shared, 0 not told apart.", "<span class=\"reason\">distinct from the nulls</span>", "<span class=\"reason\">shared with isotropic walk (an artefact of the analysis)</span>",
            "<span class=\"null inside\">isotropic walk\u00a02.010 [1.980, 2.040]</span>", "<p>Verdict: holds within one run; distinct from the nulls.</p>", "3.94", "[3.60, 4.30]", "over 9 cells", "open sides", "held out: 0.905", "diverged in epoch 3", "epochs of training", "sha256:5f2e9c", "talweg run inverse-variance-flatness",
        })
        {
            Assert.Contains(expected, page, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        Assert.DoesNotMatch("(src|href)=\"(?!data:)", page);
        Assert.DoesNotContain("url(", page, StringComparison.Ordinal);
    }

    [Fact]
    public void What_others_wrote_is_escaped_and_elements_are_closed()
    {
        string page = HtmlReport.Render(Content());
        Assert.Contains("Inverse &lt;variance", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<nothing>", page, StringComparison.Ordinal);
        foreach (string element in new[] { "table", "tr", "td", "div", "figure", "ul", "li", "span", "small", "p", "b", "header" })
            Assert.Equal(Regex.Count(page, $"<{element}[ >]"), Regex.Count(page, $"</{element}>"));
    }

    [Fact]
    public void What_others_wrote_commands_no_terminal_and_turns_no_line()
    {
        var content = Content();
        var record = content.Record with { Title = "Flat\u001b]0;owned\u0007 valleys", Command = "talweg run x --out \u202eba" };
        string page = HtmlReport.Render(content with { Record = record, Cells = [content.Cells[0] with { Label = "seed\u001b[2J 1" }] });
        Assert.Contains("Flat]0;owned valleys", page, StringComparison.Ordinal);
        Assert.Contains("seed[2J 1", page, StringComparison.Ordinal);
        Assert.DoesNotMatch("[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]", page);
    }

    [Fact]
    public void Drawn_data_are_announced_as_a_demonstration()
    {
        var content = Content();
        var findings = Findings.Select(f => f with { Demonstration = true }).ToList();
        string page = HtmlReport.Render(content with { Conclusion = content.Conclusion with { Findings = findings } });
        Assert.Contains("A demonstration:", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.42, "0.4 s")]
    [InlineData(38.2, "38 s")]
    [InlineData(725, "12 min 5 s")]
    [InlineData(12000, "3 h 20 min")]
    public void Durations_are_short(double seconds, string expected) => Assert.Equal(expected, DurationText.Of(TimeSpan.FromSeconds(seconds)));
}
