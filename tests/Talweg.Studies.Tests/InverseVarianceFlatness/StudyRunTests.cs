using Talweg.Data;
using Talweg.Studies.Findings;
using Talweg.Studies.InverseVarianceFlatness;
using Talweg.Studies.Running;

namespace Talweg.Studies.Tests.InverseVarianceFlatness;

/// <summary>The whole study on a network that trains in a moment, over digits that Talweg draws (once per machine, 10 s).</summary>
public sealed class StudyRunTests(StudyRunTests.WholeRun whole) : IClassFixture<StudyRunTests.WholeRun>, IDisposable
{
    /// <summary>One for all runs, so that the samples are prepared once.</summary>
    private static readonly InverseVarianceFlatnessStudy Study = new();

    private static readonly string[] Tiny = [
        "network=fc:784-8-8-10", "samples=1000", "batch-sizes=25", "max-epochs=7", "window-epochs=2", "modes=30", "null-modes=10", "margin-samples=50",
    ];

    private static readonly string[] CellFiles = [
        "mode-1-margins.parquet", "mode-1-profile.parquet", "motion.parquet", "nulls.parquet", "profiles.parquet", "result.json",
        "window-1-modes.parquet", "window-2-modes.parquet", "window-3-modes.parquet",
    ];

    private readonly TemporaryFolder _folder = new();
    public void Dispose() => _folder.Dispose();

    private Task<RunOutcome> Run(string name, params string[] set) => Run(_folder.File(name), null, TestContext.Current.CancellationToken, set);

    private static Task<RunOutcome> Run(string folder, IProgress<StudyProgress>? progress, CancellationToken cancellation, params string[] set) =>
        new StudyRunner(Study).RunAsync(new() { Preset = "quick", Output = folder, Overrides = [.. Tiny, .. set], Cores = 2 }, progress, cancellation);

    [Fact]
    public async Task A_run_of_one_cell_leaves_everything_and_does_not_measure_again()
    {
        var outcome = whole.Outcome;
        string cell = whole.File($"cells/{outcome.Cells.Single().Address}");
        Assert.All(CellFiles, file => Assert.True(new FileInfo(Path.Combine(cell, file)).Length > 0, file));
        Assert.All(outcome.Conclusion.Figures, figure => Assert.All(new[] { ".svg", ".png" }, ending => Assert.True(File.Exists(whole.File($"figures/{figure.Name}{ending}")))));
        Assert.Equal(12, outcome.Conclusion.Figures.Count);
        var findings = FindingsFile.Read(whole.File("findings.json"));
        Assert.Equal(13, findings.Count);
        Assert.All(findings, finding => Assert.True(finding.Demonstration));
        string page = await File.ReadAllTextAsync(outcome.Report, TestContext.Current.CancellationToken);
        Assert.Contains("A demonstration:", page, StringComparison.Ordinal);
        Assert.Contains("class=\"headline\"", page, StringComparison.Ordinal);
        var modes = ModeTable.Read(Path.Combine(cell, CellMeasurement.ModesFile(CellMeasurement.Middle)));
        Assert.Equal(64, modes.Count);
        Assert.All(modes.Variance.Zip(modes.Variance.Skip(1)), pair => Assert.True(pair.First >= pair.Second));

        var written = File.GetLastWriteTimeUtc(Path.Combine(cell, "result.json"));
        var again = await Run(whole.File("."), null, TestContext.Current.CancellationToken);
        Assert.Equal(outcome.Cells.Single().Finished, again.Cells.Single().Finished);
        Assert.Equal(written, File.GetLastWriteTimeUtc(Path.Combine(cell, "result.json")));
    }

    [Fact]
    public async Task Variants_run_beside_a_cell_that_diverges()
    {
        var outcome = await Run("run", "variants=true", "learning-rates=0.1,1e6");
        Assert.Equal(4, outcome.Cells.Count);
        Assert.Equal(["TW-4", "TW-5"], outcome.Conclusion.Findings.Select(finding => finding.Id).TakeLast(2));
        Assert.Equal(1, outcome.Cells.Count(cell => !cell.Ending.Completed));
        Assert.Equal(1, outcome.Conclusion.Notes.Count(note => note.Contains("left out, ", StringComparison.Ordinal) && note.Contains("α = 1000000", StringComparison.Ordinal)));
        Assert.Equal("ψ", outcome.Conclusion.Findings.Single(finding => finding.Id == "FT-8").Measurements.Single().Name);
    }

    [Fact]
    public async Task Nothing_measured_is_said()
    {
        var outcome = await Run("run", "learning-rates=1e6");
        Assert.Empty(outcome.Conclusion.Findings);
        Assert.Contains("No cell was measured", outcome.Conclusion.Notes.Single(), StringComparison.Ordinal);
        Assert.Contains("No cell was measured", await File.ReadAllTextAsync(outcome.Report, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_stopped_run_continues_to_the_same_bytes(int stage)
    {
        using var stop = new CancellationTokenSource();
        var progress = new Stopping(stage == 0 ? work => work.What == "training" && work.Done == 4 : work => work.What == "principal modes" && work.Done > 0, stop);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Run(_folder.File("stopped"), progress, stop.Token));
        Assert.False(File.Exists(_folder.File("stopped/findings.json")));
        var resumed = await Run("stopped");
        string address = whole.Outcome.Cells.Single().Address;
        Assert.Equal(address, resumed.Cells.Single().Address);
        foreach (string file in CellFiles)
        {
            byte[] expected = await File.ReadAllBytesAsync(whole.File($"cells/{address}/{file}"), TestContext.Current.CancellationToken);
            byte[] found = await File.ReadAllBytesAsync(_folder.File($"stopped/cells/{address}/{file}"), TestContext.Current.CancellationToken);
            Assert.True(expected.SequenceEqual(found), file);
        }
    }

    [Fact]
    public async Task MNIST_runs_at_this_size()
    {
        string? root = Environment.GetEnvironmentVariable(DataRoots.Variable);
        Assert.SkipWhen(root is null || Datasets.Inspect("mnist", root, read: false).Folder is null, "TALWEG_DATA names no folder with MNIST.");
        var outcome = await Run("run", "data=mnist");
        Assert.All(outcome.Conclusion.Findings, finding => Assert.False(finding.Demonstration));
    }

    /// <summary>A run from beginning to end, which several tests look at.</summary>
    public sealed class WholeRun : IAsyncLifetime
    {
        private readonly TemporaryFolder _folder = new();
        private readonly string? _cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");

        public RunOutcome Outcome { get; private set; } = null!;

        public string File(string name) => _folder.File(name);

        public async ValueTask InitializeAsync()
        {
            Environment.SetEnvironmentVariable("XDG_CACHE_HOME", Path.Combine(Path.GetTempPath(), "talweg-tests-cache"));
            Outcome = await Run(_folder.Path, null, CancellationToken.None);
        }

        public ValueTask DisposeAsync()
        {
            Environment.SetEnvironmentVariable("XDG_CACHE_HOME", _cache);
            _folder.Dispose();
            return ValueTask.CompletedTask;
        }
    }

    private sealed class Stopping(Func<WorkProgress, bool> when, CancellationTokenSource stop) : IProgress<StudyProgress>
    {
        public void Report(StudyProgress value)
        {
            if (when(value.Work))
                stop.Cancel();
        }
    }
}
