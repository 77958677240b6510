using Talweg.Studies.EinsteinRelation;
using Talweg.Studies.Findings;
using Talweg.Studies.Running;

namespace Talweg.Studies.Tests.EinsteinRelation;

/// <summary>The whole study at a size that takes a moment, over digits that Talweg draws.</summary>
public sealed class EinsteinRunTests : IDisposable
{
    private static readonly EinsteinRelationStudy Study = new();

    private static readonly string[] Tiny = [
        "network=fc:784-8-8-10", "samples=400", "batch-size=20", "max-epochs=12", "window-epochs=3", "directions=12", "steps=2000",
        "variant-seeds=1", "updates=60", "refresh-every=25", "noise-directions=3",
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private Task<RunOutcome> Run(string name, IProgress<StudyProgress>? progress, CancellationToken cancellation, params string[] set) =>
        new StudyRunner(Study).RunAsync(new() { Preset = "quick", Output = _folder.File(name), Overrides = [.. Tiny, .. set], Cores = 2 }, progress, cancellation);

    private static string FileOf(CellRecord cell) => cell.Label.StartsWith("thermal", StringComparison.Ordinal) ? ControlResult.FileName : VariantResult.FileName;

    [Fact]
    public async Task A_run_leaves_findings_and_figures_and_a_stopped_one_the_same_bytes()
    {
        var whole = await Run("whole", null, TestContext.Current.CancellationToken);
        Assert.Equal(6, whole.Cells.Count);
        Assert.All(whole.Cells, cell => Assert.True(cell.Ending.Completed, cell.Ending.Verdict));
        Assert.Equal(["FT-20", "FT-21"], FindingsFile.Read(_folder.File("whole/findings.json")).Select(finding => finding.Id));
        Assert.Equal(6, Directory.GetFiles(_folder.File("whole/figures"), "*.png").Length);

        var control = ControlResult.Read(_folder.File($"whole/cells/{whole.Cells[0].Address}/{ControlResult.FileName}"));
        Assert.Equal(0.1 / control.Curvatures[0], control.StepSize, 1e-12);
        Assert.Equal(control.SquaredGradientInSpan / control.Curvatures.Sum(), control.Temperature, 1e-15);
        Assert.True(control.SquaredGradientInSpan < control.SquaredGradient);
        Assert.Equal((1000, 2000), (control.BurnInLosses.Count, control.Losses.Count));
        Assert.Equal(control.SolutionLoss, control.BurnInLosses[0], 1e-9);
        var thermal = MotionTable.Read(_folder.File($"whole/cells/{whole.Cells[0].Address}/{MotionTable.ThermalFile}"));
        Assert.Equal(12, thermal.Count);
        var along = MotionTable.Read(_folder.File($"whole/cells/{whole.Cells[0].Address}/{MotionTable.DirectionsFile}"));
        Assert.Equal(thermal.Variance.Sum(), along.Variance.Sum(), 1e-6 * thermal.Variance.Sum());   // a rotation keeps the total
        Assert.Equal(along.Variance.Max(), along.Variance[^1]);                                     // and the flattest direction moves most
        foreach (var table in new[] { thermal, along })
        {
            Assert.Equal(table.Flatness.Select(f => f is null), table.Relaxations.Select(times => times is null));
            // T·8αL₀/F²; the landscape lies around the window's last weights, whose loss is the last one but for single precision.
            for (int mode = 0; mode < table.Count; mode++)
            {
                if (table.Flatness[mode] is { } f)
                    Assert.Equal(1, table.Relaxations[mode]!.Value * f * f / (2000 * 8 * control.StepSize * control.Losses[^1]), 1e-4);
            }

            Assert.Contains(table.Relaxations, times => times is not null);
        }

        Assert.False(File.Exists(_folder.File($"whole/cells/{whole.Cells[0].Address}/trajectory.safetensors")));
        foreach (var cell in whole.Cells.Skip(1))
        {
            var variant = VariantResult.Read(_folder.File($"whole/cells/{cell.Address}/{VariantResult.FileName}"));
            Assert.Equal([20, 40, 60], variant.Curve.Select(record => record.Epoch * variant.UpdatesPerEpoch));
        }

        // A checkpoint says which noise trained it: two variants refresh theirs, every 25 updates, which with full batches are epochs.
        string[] checkpoints = [.. whole.Cells.Skip(1).Select(cell => File.ReadAllText(_folder.File($"whole/cells/{cell.Address}/checkpoint.safetensors")))];
        Assert.Equal(2, checkpoints.Count(text => text.Contains("every 25 epochs, seed 1", StringComparison.Ordinal)));
        Assert.Equal(2, checkpoints.Count(text => text.Contains("as strong as SGD", StringComparison.Ordinal)));

        int stops = 0;
        for (RunOutcome? resumed = null; resumed is null;)
        {
            using var stop = new CancellationTokenSource();
            try
            {
                resumed = await Run("stopped", new StopAt(stops < 4 ? 25 : int.MaxValue, stop), stop.Token);
            }
            catch (OperationCanceledException)
            {
                stops++;
            }
        }

        Assert.Equal(4, stops);
        foreach (var cell in whole.Cells)
        {
            string file = $"cells/{cell.Address}/{FileOf(cell)}";
            Assert.Equal(await File.ReadAllTextAsync(_folder.File($"whole/{file}"), TestContext.Current.CancellationToken), await File.ReadAllTextAsync(_folder.File($"stopped/{file}"), TestContext.Current.CancellationToken));
        }
    }

    [Fact]
    public async Task What_does_not_fit_is_refused()
    {
        async Task Refused(string message, params string[] set) =>
            Assert.Contains(message, (await Assert.ThrowsAsync<InputException>(() => Run("refused", null, TestContext.Current.CancellationToken, set))).Message, StringComparison.Ordinal);
        await Refused("batch-size: found 30, expected a divisor of the 400 training samples", "batch-size=30");
        await Refused("updates: found 50, expected a multiple of 20, the updates of SGD's epoch", "updates=50");
    }

    [Fact]
    public async Task A_learning_rate_too_large_is_left_out()
    {
        var outcome = await Run("run", null, TestContext.Current.CancellationToken, "learning-rate=1e6", "control-seeds=0");
        Assert.All(outcome.Cells, cell => Assert.False(cell.Ending.Completed));
        Assert.Empty(outcome.Conclusion.Findings);
        Assert.Contains(outcome.Conclusion.Notes, note => note.Contains("left out, diverged", StringComparison.Ordinal));
    }

    private sealed class StopAt(int reports, CancellationTokenSource stop) : IProgress<StudyProgress>
    {
        private int _reports;

        public void Report(StudyProgress value)
        {
            if (Interlocked.Increment(ref _reports) == reports)
                stop.Cancel();
        }
    }
}
