using Talweg.Data;
using Talweg.Networks;
using Talweg.Studies.Running;
using Talweg.Studies.SgdNoise;

namespace Talweg.Studies.Tests.SgdNoise;

/// <summary>The whole study on networks that train in a moment, over digits that Talweg draws.</summary>
public sealed class NoiseRunTests(NoiseRunTests.WholeRun whole) : IClassFixture<NoiseRunTests.WholeRun>, IDisposable
{
    private static readonly SgdNoiseStudy Study = new();

    private static readonly string[] Tiny = [
        "network=fc:784-8-8-10", "samples=1000", "batch-size=25", "max-epochs=7", "window-epochs=2", "modes=24", "few-modes=10", "times=10",
        "theory-network=fc:784-6-6-10", "theory-samples=500", "theory-modes=8", "layers-network=fc:784-9-7-10", "layers-epochs=3",
    ];

    private static readonly string[] ModesFiles = [
        "minibatch-profiles.parquet", "minibatch-valleys.parquet", "nulls.parquet", "temperature-profiles.parquet", "temperatures-over-training.parquet", "temperatures.parquet",
        "window-1-ensemble.parquet", "window-1-motion.parquet", "window-2-ensemble.parquet", "window-2-motion.parquet", "window-3-ensemble.parquet", "window-3-motion.parquet",
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static Task<RunOutcome> Run(string folder, IProgress<StudyProgress>? progress, CancellationToken cancellation, params string[] set) =>
        new StudyRunner(Study).RunAsync(new() { Preset = "quick", Output = folder, Overrides = [.. Tiny, .. set], Cores = 2 }, progress, cancellation);

    [Fact]
    public void A_run_leaves_tables_findings_and_figures_and_no_weights()
    {
        var outcome = whole.Outcome;
        Assert.Equal(4, outcome.Cells.Count);
        Assert.Equal(Study.Claims, outcome.Conclusion.Findings.Select(finding => finding.Id));
        Assert.All(outcome.Conclusion.Findings, finding => Assert.True(finding.Demonstration));
        Assert.All(ModesFiles, file => Assert.True(File.Exists(Path.Combine(Folder(0), file)), file));
        Assert.All(outcome.Conclusion.Figures, figure => Assert.True(File.Exists(whole.File($"figures/{figure.Name}.png"))));
        Assert.Contains("musso-1-layer-signals-tanh", outcome.Conclusion.Figures.Select(figure => figure.Name));
        Assert.Empty(Directory.EnumerateDirectories(whole.File("."), "snapshots", SearchOption.AllDirectories));
        Assert.Empty(Directory.EnumerateFiles(whole.File("."), "trajectory.safetensors", SearchOption.AllDirectories));
    }

    [Fact]
    public void Losses_and_signals_of_the_initial_weights_are_those_of_a_plain_loop()
    {
        var samples = Digits();
        var network = FullyConnected.Parse("fc:784-9-7-10");
        var weights = DenseWeights.Draw(network, Initialisation.PyTorch, seed: 1);
        var first = RowTable.Read<SignalRow>(Path.Combine(Folder(2), LayersMeasurement.FileName)).Where(row => row.Iteration == 0).ToArray();
        Assert.Equal([1, 2, 3], first.Select(row => row.Layer));
        double loss = Naive.Losses(weights, samples).Average();
        Assert.All(first, row => Assert.Equal(loss, row.Loss, 1e-5 * loss));
        Assert.All(first, row => Assert.True(row.Signal > 0 && row.Deviation > 0));
    }

    [Fact]
    public void Motion_and_ensembles_speak_of_the_same_modes()
    {
        for (int window = 0; window < 3; window++)
        {
            var motion = RowTable.Read<MotionRow>(Path.Combine(Folder(0), ModesMeasurement.MotionFile(window)));
            var ensemble = RowTable.Read<EnsembleRow>(Path.Combine(Folder(0), ModesMeasurement.EnsembleFile(window)));
            Assert.Equal(24, motion.Count);
            Assert.Equal(window == 1, ensemble.Count == 24);
            Assert.All(ensemble, row => Assert.Equal(motion[row.Rank - 1].Flatness, row.Flatness));
            Assert.All(ensemble, row => Assert.Equal(40, row.Minibatches));
            Assert.All(motion, row => Assert.Equal(row.Variance, row.VelocityVariance * row.CorrelationTime!.Value, 1e-6 * row.Variance));   // σ² = Δᵥτ
        }
    }

    [Fact]
    public async Task A_stopped_run_continues_to_the_same_bytes()
    {
        using var stop = new CancellationTokenSource();
        var progress = new Stopping(work => work.What == "temperatures over training" && work.Done > 2, stop);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Run(_folder.File("stopped"), progress, stop.Token));
        var resumed = await Run(_folder.File("stopped"), null, TestContext.Current.CancellationToken);
        string address = whole.Outcome.Cells[0].Address;
        Assert.Equal(address, resumed.Cells[0].Address);
        foreach (string file in ModesFiles)
        {
            byte[] expected = await File.ReadAllBytesAsync(Path.Combine(Folder(0), file), TestContext.Current.CancellationToken);
            byte[] found = await File.ReadAllBytesAsync(_folder.File($"stopped/cells/{address}/{file}"), TestContext.Current.CancellationToken);
            Assert.True(expected.SequenceEqual(found), file);
        }
    }

    [Theory]
    [InlineData("max-epochs=6", "--set: max-epochs: found 6, expected more than 6, the epochs of 3 windows")]
    [InlineData("batch-size=600", "--set: batch-size: found 600, expected at most 500")]
    [InlineData("theory-network=fc:784-10", "--set: theory-network: found fc:784-10, expected a network of at least two layers")]
    [InlineData("layer=9", "--set: layer: found 9, expected 1 to 3, the layers of fc:784-8-8-10")]
    public async Task What_cannot_be_run_is_refused(string set, string message)
    {
        var error = await Assert.ThrowsAsync<InputException>(() => Run(_folder.File("run"), null, TestContext.Current.CancellationToken, set));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    private static LabelledSamples Digits() => LabelledSamples.Of(Datasets.Load("digits", cancellation: TestContext.Current.CancellationToken).Train.First(1000), PixelScaling.Unit);

    private string Folder(int cell) => whole.File($"cells/{whole.Outcome.Cells[cell].Address}");

    /// <summary>A run from beginning to end, which several tests look at.</summary>
    public sealed class WholeRun : IAsyncLifetime
    {
        private readonly TemporaryFolder _folder = new();

        public RunOutcome Outcome { get; private set; } = null!;

        public string File(string name) => _folder.File(name);

        public async ValueTask InitializeAsync() => Outcome = await Run(_folder.Path, null, CancellationToken.None);

        public ValueTask DisposeAsync()
        {
            _folder.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
