using Talweg.Data;
using Talweg.Networks;
using Talweg.Studies.Findings;
using Talweg.Studies.InverseVarianceFlatness;
using Talweg.Studies.Running;
using Talweg.Training;
using Talweg.Trajectories;

namespace Talweg.Studies.Tests.InverseVarianceFlatness;

/// <summary>The whole study on a network that trains in a moment, over digits that Talweg draws.</summary>
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
        var again = await Run(whole.File("."), null, TestContext.Current.CancellationToken, "keep-trajectory=true");
        Assert.Equal(outcome.Cells.Single().Finished, again.Cells.Single().Finished);
        Assert.Equal(written, File.GetLastWriteTimeUtc(Path.Combine(cell, "result.json")));
    }

    [Fact]
    public void Drift_and_loss_are_those_of_the_recorded_weights()
    {
        string cell = whole.File($"cells/{whole.Outcome.Cells.Single().Address}");
        var result = CellResult.Read(Path.Combine(cell, "result.json"));
        var network = FullyConnected.Of(784, 8, 8, 10);
        var samples = LabelledSamples.Of(Datasets.Load("digits", cancellation: TestContext.Current.CancellationToken).Train.First(1000), PixelScaling.Unit);
        double[] losses = [.. Enumerable.Range(1, 7).Select(epoch => Naive.Losses(Snapshots.Load(cell, epoch, network), samples).Average())];
        for (int epoch = 1; epoch <= 7; epoch++)
            Assert.Equal(losses[epoch - 1], result.Epochs[epoch - 1].TrainLoss, 1e-5 * losses[epoch - 1]);

        using var trajectory = Trajectory.Open(Path.Combine(cell, "trajectory.safetensors"));
        const int perEpoch = 1000 / 25;
        Assert.Equal(6 * perEpoch, trajectory.Iterations);   // epochs 2 to 7: the error is not zero by then
        Assert.Equal(perEpoch, result.IterationsPerEpoch);
        Assert.Equal([(2, 0), (3, 0), (4, 1), (5, 1), (6, 2), (7, 2)], result.Drift.Select(drift => (drift.Epoch, drift.Window)));
        Assert.Equal([(2, 3), (4, 5), (6, 7)], result.Windows.Select(window => (window.FirstEpoch, window.LastEpoch)));
        for (int w = 0; w < CellMeasurement.Windows; w++)
        {
            var window = trajectory.Slice(2 * w * perEpoch, 2 * perEpoch);
            float[][] rows = [.. Enumerable.Range(0, 2 * perEpoch).Select(t => window.Row(t).ToArray())];
            Assert.Equal(Snapshots.Load(cell, 3 + 2 * w, network).Matrices[1], rows[^1]);
            Assert.Equal(losses[2 + 2 * w], result.Windows[w].LossAtOrigin, 1e-5 * losses[2 + 2 * w]);
            double[] p = Naive.FirstMode(rows);
            double[] theta = [.. rows.Select(row => Naive.Dot(p, [.. row.Select(x => (double)x)]))];
            // The first epoch's first row follows its first iteration: 39 steps are known of it, 40 of the second.
            Velocity(result.Drift[2 * w], (theta[39] - theta[0]) / 39);
            Velocity(result.Drift[2 * w + 1], (theta[79] - theta[39]) / 40);
        }

        foreach (var drift in result.Drift)
            Assert.Equal(Math.Sqrt(losses[drift.Epoch - 2] * losses[drift.Epoch - 1]), drift.Loss, 1e-5 * drift.Loss);

        static void Velocity(EpochDrift found, double expected) => Assert.Equal(expected, found.Velocity, 1e-6 * Math.Abs(expected));
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

        public RunOutcome Outcome { get; private set; } = null!;

        public string File(string name) => _folder.File(name);

        public async ValueTask InitializeAsync() => Outcome = await Run(_folder.Path, null, CancellationToken.None, "keep-trajectory=true");

        public ValueTask DisposeAsync()
        {
            _folder.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
