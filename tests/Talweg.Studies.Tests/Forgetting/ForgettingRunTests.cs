using Talweg.Studies.Forgetting;
using Talweg.Studies.Running;

namespace Talweg.Studies.Tests.Forgetting;

/// <summary>The whole study, small, over digits that Talweg draws.</summary>
public sealed class ForgettingRunTests : IDisposable
{
    private static readonly ForgettingStudy Study = new();

    private static readonly string[] Tiny =
    [
        "samples=2500", "epochs=3", "window-epochs=2", "pretraining-epochs=3", "seeds=1", "sequence-seeds=1", "grid=3", "sequence-grid=2", "modes=5", "counts=2,5,8,5000", "sequences=five-tasks",
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
        Assert.Equal(["pair (01,23 of digits), seed 1", "five-tasks (01,23,45,67,89 of digits), seed 1"], outcome.Cells.Select(cell => cell.Label));
        Assert.Equal(Study.Claims, outcome.Conclusion.Findings.Select(finding => finding.Id));
        Assert.All(outcome.Conclusion.Findings, finding => Assert.True(finding.Demonstration));
        Assert.Equal(7, outcome.Conclusion.Figures.Count);     // six panels of Figure 4, and one sequence
        Assert.All(outcome.Conclusion.Figures, figure => Assert.True(File.Exists(_folder.File($"whole/figures/{figure.Name}.png"))));
        Assert.Empty(Directory.EnumerateFiles(_folder.File("whole"), "*.safetensors", SearchOption.AllDirectories));

        string folder = _folder.File($"whole/cells/{outcome.Cells[0].Address}");
        var runs = RowTable.Read<RunRow>(Path.Combine(folder, CellMeasurement.RunsFile));
        Assert.Equal(1 + 7 * 3, runs.Count(run => run.Experiment == "trade-off"));
        Assert.Equal([2, 5, 8], runs.Where(run => run.Experiment == "count" && run.Method == "ldc").Select(run => run.Count));   // there are no 5,000 modes
        Assert.Equal([2, 5, 8], runs.Where(run => run.Experiment == "count" && run.Method == "ewc").Select(run => run.Count));   // nor weights
        Assert.Equal([0, 2, 3, 4, 5], runs.Where(run => run.Experiment == "psi").Select(run => run.Psi));
        Assert.Single(runs, run => run.Experiment == "random");
        Assert.All(runs.Where(run => run.Diverged == 0), run => Assert.Equal((run.First + run.Last) / 2, run.Test, 1e-12));
        var free = runs.Single(run => run.Method == "none");
        var courses = RowTable.Read<CourseRow>(Path.Combine(folder, CellMeasurement.CoursesFile));
        Assert.Equal((free.First, free.Last), (courses.Last(row => row.Lambda == 0).First, courses.Last(row => row.Lambda == 0).Second));   // the same training, followed
        Assert.Equal(CellResult.Read(Path.Combine(folder, CellResult.FileName)).FirstError, courses.First(row => row.Lambda == 10).First);
        Assert.Equal([1, 2, 3, 4, 5], RowTable.Read<ModeRow>(Path.Combine(folder, CellMeasurement.ModesFile)).Select(mode => mode.Rank));

        using var stop = new CancellationTokenSource();
        var stopping = new Stopping(work => work.What == "learning by every method" && work.Done > 4, stop);
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
    [InlineData("tasks=01,23,45", "--set: tasks: found '01,23,45', expected two tasks, such as 01,23")]
    [InlineData("tasks=01", "--tasks: value: found '01', expected two tasks or more")]
    [InlineData("tasks=01,12", "--tasks: task '12': found class 1 again, after '01', expected every class in one task at most")]
    [InlineData("sequences=five", "--set: sequences: found 'five'")]
    public async Task What_cannot_be_run_is_refused(string set, string message)
    {
        var error = await Assert.ThrowsAsync<InputException>(() => Run("refused", null, TestContext.Current.CancellationToken, set));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }
}
