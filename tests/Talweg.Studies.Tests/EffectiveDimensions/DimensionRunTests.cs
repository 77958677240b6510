using Talweg.Studies.EffectiveDimensions;
using Talweg.Studies.Running;

namespace Talweg.Studies.Tests.EffectiveDimensions;

/// <summary>The whole study on narrow networks, over digits that Talweg draws.</summary>
public sealed class DimensionRunTests : IDisposable
{
    private static readonly EffectiveDimensionStudy Study = new();

    private static readonly string[] Tiny = ["widths=4,6,9", "samples=1000", "max-epochs=6", "window-epochs=2", "record-every=2", "all-modes=4", "sampled-modes=4"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private Task<RunOutcome> Run(string folder, IProgress<StudyProgress>? progress = null, CancellationToken cancellation = default, params string[] set) =>
        new StudyRunner(Study).RunAsync(new() { Preset = "quick", Output = _folder.File(folder), Overrides = [.. Tiny, .. set], Cores = 2 }, progress, cancellation);

    [Fact]
    public async Task A_run_leaves_tables_findings_and_figures_and_no_weights_and_a_stopped_one_continues_to_the_same_bytes()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var outcome = await Run("whole", cancellation: cancellation);
        Assert.Equal(["width 4, seed 1", "width 6, seed 1", "width 9, seed 1"], outcome.Cells.Select(cell => cell.Label));
        var finding = outcome.Conclusion.Findings.Single();
        Assert.Equal(("FT-22", true), (finding.Id, finding.Demonstration));
        Assert.All(outcome.Conclusion.Figures, figure => Assert.True(File.Exists(_folder.File($"whole/figures/{figure.Name}.png"))));
        Assert.Empty(Directory.EnumerateFiles(_folder.File("whole"), "trajectory.safetensors", SearchOption.AllDirectories));

        string folder = _folder.File($"whole/cells/{outcome.Cells[2].Address}");
        var result = CellResult.Read(Path.Combine(folder, CellResult.FileName));
        Assert.Equal(20, result.Rows);   // 2 epochs of 20 iterations, every second
        var modes = RowTable.Read<ModeRow>(Path.Combine(folder, CellMeasurement.ModesFile));
        Assert.Equal(20, modes.Count);   // all variances
        Assert.Equal([1, 2, 3, 4, 6, 9, 13, 19], modes.Where(row => row.Measured == 1).Select(row => row.Rank));
        Assert.Equal(NullWindows.Names, RowTable.Read<SurrogateRow>(Path.Combine(folder, CellMeasurement.NullsFile)).Select(row => row.Surrogate).Distinct());

        using var stop = new CancellationTokenSource();
        var stopping = new Stopping(work => work.What == "flatness" && work.Done > 2, stop);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Run("stopped", stopping, stop.Token));
        var resumed = await Run("stopped", cancellation: cancellation);
        foreach (string file in new[] { CellMeasurement.ModesFile, CellMeasurement.NullsFile, CellResult.FileName })
        {
            foreach (var cell in resumed.Cells)
            {
                byte[] expected = await File.ReadAllBytesAsync(_folder.File($"whole/cells/{cell.Address}/{file}"), cancellation);
                Assert.Equal(expected, await File.ReadAllBytesAsync(_folder.File($"stopped/cells/{cell.Address}/{file}"), cancellation));
            }
        }
    }

    [Theory]
    [InlineData("max-epochs=2", "--set: max-epochs: found 2, expected more than 2, the epochs of the window")]
    [InlineData("record-every=3", "--set: record-every: found 3, expected a divisor of 20, the iterations of an epoch, at most half of it")]
    [InlineData("record-every=20", "--set: record-every: found 20, expected a divisor of 20")]
    public async Task What_cannot_be_run_is_refused(string set, string message)
    {
        var error = await Assert.ThrowsAsync<InputException>(() => Run("refused", null, TestContext.Current.CancellationToken, set));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }
}
