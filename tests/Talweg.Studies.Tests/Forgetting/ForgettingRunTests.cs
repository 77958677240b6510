using Talweg.Studies.Forgetting;
using Talweg.Studies.Running;

namespace Talweg.Studies.Tests.Forgetting;

/// <summary>The whole study, small, over digits that Talweg draws.</summary>
public sealed class ForgettingRunTests : IDisposable
{
    private static readonly ForgettingStudy Study = new();

    private static readonly string[] Tiny =
    [
        "samples=2500", "epochs=3", "window-epochs=2", "pretraining-epochs=3", "seeds=1", "sequence-seeds=1", "grid=3", "sequence-grid=2", "modes=5", "counts=2,8,5000", "sequences=five-tasks",
        "stop-errors=0.5,0.00001", "stop-epochs=0.5,2", "slow-epochs=1",
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private Task<RunOutcome> Run(string folder, IProgress<StudyProgress>? progress = null, CancellationToken cancellation = default, params string[] set) =>
        new StudyRunner(Study).RunAsync(new() { Preset = "quick", Output = _folder.File(folder), Overrides = [.. Tiny, .. set], Cores = 2 }, progress, cancellation);

    [Fact]
    public async Task A_run_leaves_tables_findings_and_figures_and_no_weights_and_a_stopped_one_continues_to_the_same_bytes()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var outcome = await Run("whole", cancellation: cancellation);
        Assert.Equal(["pair (01,23 of digits), seed 1", "pair (01,23 of digits, own classes), seed 1", "five-tasks (01,23,45,67,89 of digits), seed 1"], outcome.Cells.Select(cell => cell.Label));
        Assert.Equal(Study.Claims, outcome.Conclusion.Findings.Select(finding => finding.Id));
        Assert.All(outcome.Conclusion.Findings, finding => Assert.True(finding.Demonstration));
        Assert.Equal(13, outcome.Conclusion.Figures.Count);     // six panels of Figure 4 for each reading, and one sequence
        Assert.All(outcome.Conclusion.Figures, figure => Assert.True(File.Exists(_folder.File($"whole/figures/{figure.Name}.png"))));
        Assert.Empty(Directory.EnumerateFiles(_folder.File("whole"), "*.safetensors", SearchOption.AllDirectories));
        string[] stops = ["ε₂ ≤ 50%", "ε₂ ≤ 0.001%", "½ epoch", "2 epochs"];
        Assert.Equal([.. stops.Select(name => ("ten classes, α = 0.1", name)), ("ten classes, α = 0.001, explicit steps", "1 epoch")], outcome.Conclusion.Findings[0].Stops.Take(5).Select(at => (at.Course, at.Stop)));

        string folder = _folder.File($"whole/cells/{outcome.Cells[0].Address}");
        var result = CellResult.Read(Path.Combine(folder, CellResult.FileName));
        Assert.Equal(14, result.Window);
        Assert.InRange(result.Modes, 12, 14);                  // as many as iterations at most
        var runs = RowTable.Read<RunRow>(Path.Combine(folder, CellMeasurement.RunsFile));
        foreach (var (rate, methods, names) in ((double, int, string[])[])[(0.1, 7, stops), (0.001, 4, ["1 epoch"])])
        {
            foreach (string name in names)
            {
                RunRow[] at = [.. runs.Where(run => run.Rate == rate && run.Stop == name)];
                Assert.Equal(1 + methods * 3, at.Count(run => run.Experiment == "trade-off"));
                Assert.Equal([2, 5, 8, result.Modes], at.Where(run => run.Experiment == "count" && run.Method == "ldc").Select(run => run.Count));   // there are no 5,000 modes
                Assert.Equal([2, 5, 8, 2500], at.Where(run => run.Experiment == "count" && run.Method == "ewc").Select(run => run.Count));          // nor weights
                Assert.Equal([0, 2, 3, 4, 5], at.Where(run => run.Experiment == "psi").Select(run => run.Psi));
                Assert.Single(at, run => run.Experiment == "random");
            }
        }

        Assert.All(runs.Where(run => run.Reached), run => Assert.Equal((run.First + run.Last) / 2, run.Test, 1e-12));
        Assert.All(runs.Where(run => !run.Reached), run => Assert.True(double.IsNaN(run.Validation) && run.Iteration == 0));
        Assert.All(runs.Where(run => run.Stop == "ε₂ ≤ 0.001%"), run => Assert.True(run.Outcome is "not reached" or "diverged" || run.Last == 0));
        Assert.All(runs.Where(run => run.Reached && run.Stop == "½ epoch"), run => Assert.Equal(4, run.Iteration));
        Assert.All(runs.Where(run => run.Reached && run.Stop == "ε₂ ≤ 50%"), run => Assert.InRange(run.Last, 0, 0.5));
        var courses = RowTable.Read<CourseRow>(Path.Combine(folder, CellMeasurement.CoursesFile));
        var free = runs.Single(run => run.Method == "none" && run.Stop == "2 epochs");
        var last = courses.Last(row => row.Lambda == 0 && row.Rate == 0.1);
        Assert.Equal((free.First, free.Last, free.Iteration), (last.First, last.Second, last.Iteration));                // the same training
        var half = runs.Single(run => run.Method == "none" && run.Stop == "½ epoch");
        var there = courses.Single(row => row.Lambda == 0 && row.Rate == 0.1 && row.Iteration == 4);
        Assert.Equal((half.First, half.Last), (there.First, there.Second));
        Assert.Equal(result.FirstError, courses.First(row => row.Lambda == 10).First);
        Assert.Equal(5 * (1 + 2 + 3 + 4 + 5), RowTable.Read<ModeRow>(Path.Combine(folder, CellMeasurement.ModesFile)).Sum(mode => mode.Rank));     // five modes at five stops
        var chain = RowTable.Read<RunRow>(_folder.File($"whole/cells/{outcome.Cells[2].Address}/{CellMeasurement.RunsFile}"));
        Assert.Equal(4 * (1 + 7 * 2) + 1 + 2 * 2, chain.Count);

        using var stop = new CancellationTokenSource();
        var stopping = new Stopping(work => work.What == "learning by every method, α = 0.1" && work.Done > 4, stop);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Run("stopped", stopping, stop.Token));
        Assert.NotEmpty(Directory.EnumerateFiles(_folder.File("stopped"), "trade-off-*.json", SearchOption.AllDirectories));   // what was learned is kept
        var resumed = await Run("stopped", cancellation: cancellation);
        foreach (string file in (string[])[CellMeasurement.RunsFile, CellResult.FileName])
        {
            foreach (var cell in resumed.Cells)
            {
                byte[] expected = await File.ReadAllBytesAsync(_folder.File($"whole/cells/{cell.Address}/{file}"), cancellation);
                Assert.Equal(expected, await File.ReadAllBytesAsync(_folder.File($"stopped/cells/{cell.Address}/{file}"), cancellation));
            }
        }
    }

    [Theory]
    [InlineData("window-epochs=4", "--set: window-epochs: found 4, expected at most 3, the epochs of a task")]
    [InlineData("slow-learning-rate=0.1", "--set: slow-learning-rate: found 0.1, the later tasks' own, expected another one: its stops are told apart by it")]
    [InlineData("pretraining=none", "--set pretraining=none: pretraining: found 'none', expected one of both, ten-classes, own-classes")]
    [InlineData("tasks=01,23,45", "--set: tasks: found '01,23,45', expected two tasks, such as 01,23")]
    [InlineData("tasks=01", "--set tasks=01: value: found '01', expected two tasks or more")]
    [InlineData("tasks=01,12", "--set tasks=01,12: task '12': found class 1 again, after '01', expected every class in one task at most")]
    [InlineData("sequences=five", "--set: sequences: found 'five'")]
    public async Task What_cannot_be_run_is_refused(string set, string message)
    {
        var error = await Assert.ThrowsAsync<InputException>(() => Run("refused", null, TestContext.Current.CancellationToken, set));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }
}
