using Talweg.Studies.Findings;
using Talweg.Studies.FlatnessAndHessian;
using Talweg.Studies.Running;

namespace Talweg.Studies.Tests.FlatnessAndHessian;

/// <summary>The whole study at a size that takes a moment, over digits that Talweg draws.</summary>
public sealed class HessianRunTests : IDisposable
{
    private static readonly FlatnessAndHessianStudy Study = new();

    private static readonly string[] Tiny = [
        "network=fc:784-8-9-10", "samples=400", "batch-size=20", "max-epochs=12", "window-epochs=5", "seeds=1", "tanh-seeds=1", "eigenpairs=6", "random-directions=5",
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private Task<RunOutcome> Run(string name, params string[] set) =>
        new StudyRunner(Study).RunAsync(new() { Preset = "quick", Output = _folder.File(name), Overrides = [.. Tiny, .. set], Cores = 2 }, null, TestContext.Current.CancellationToken);

    [Fact]
    public async Task A_run_leaves_findings_and_figures_and_the_same_bytes_every_time()
    {
        var run = await Run("run");
        Assert.Equal(2, run.Cells.Count);
        Assert.All(run.Cells, cell => Assert.True(cell.Ending.Completed, cell.Ending.Verdict));
        Assert.Equal(["FT-10", "TW-6", "TW-7"], FindingsFile.Read(_folder.File("run/findings.json")).Select(finding => finding.Id));
        Assert.Equal(4, Directory.GetFiles(_folder.File("run/figures"), "*.png").Length);
        foreach (var cell in run.Cells)
        {
            string Path(string file) => _folder.File($"run/cells/{cell.Address}/{file}");
            Assert.False(File.Exists(Path("trajectory.safetensors")));
            var result = CellResult.Read(Path(CellResult.FileName));
            var rows = RowTable.Read<DirectionRow>(Path(CellResult.DirectionsFile));
            Assert.Equal(72, result.Spectrum.Count);
            Assert.Equal((6, 6, 5), (Count(DirectionRow.Top), Count(DirectionRow.Bottom), Count(DirectionRow.Random)));
            Assert.InRange(Count(DirectionRow.Mode), 10, 72);
            DirectionRow[] top = [.. rows.Where(row => row.Kind == DirectionRow.Top)], bottom = [.. rows.Where(row => row.Kind == DirectionRow.Bottom)];
            for (int i = 0; i < 6; i++)
            {
                // Along an eigenvector the curvature is its eigenvalue, by Lanczos at the top, by dense diagonalisation at the bottom.
                Assert.Equal(result.Spectrum[i], top[i].Curvature, 1e-12 * result.Spectrum[0]);
                Assert.Equal(result.Spectrum[i], result.LanczosValues[i], 1e-10 * result.Spectrum[0]);
                Assert.Equal(result.Spectrum[^(i + 1)], bottom[i].Curvature, 1e-12 * result.Spectrum[0]);
            }

            double trace = rows.Where(row => row.Kind == DirectionRow.Mode).Sum(row => row.Curvature);
            Assert.InRange(trace, 0, 1.000001 * result.Spectrum.Where(value => value > 0).Sum());   // modes are orthonormal
            Assert.Equal(2 * (Math.E - 1) * result.Loss / Math.Pow(10 * result.Norm, 2), result.Vanishing, 1e-15);

            int Count(string kind) => rows.Count(row => row.Kind == kind);
        }

        var again = await Run("again");
        foreach (var cell in again.Cells)
        {
            string file = $"cells/{cell.Address}/{CellResult.FileName}";
            Assert.Equal(await File.ReadAllTextAsync(_folder.File($"run/{file}"), TestContext.Current.CancellationToken), await File.ReadAllTextAsync(_folder.File($"again/{file}"), TestContext.Current.CancellationToken));
        }
    }

    [Fact]
    public async Task A_layer_too_large_is_refused_and_a_learning_rate_too_large_is_left_out()
    {
        var refused = await Assert.ThrowsAsync<InputException>(() => Run("refused", "network=fc:784-100-100-10"));
        Assert.Contains("layer: found 2, of 10000 weights, expected a layer of at most 8192 weights", refused.Message, StringComparison.Ordinal);
        var diverged = await Run("diverged", "learning-rate=1e6", "tanh-seeds=0");
        Assert.Empty(diverged.Conclusion.Findings);
        Assert.Contains(diverged.Conclusion.Notes, note => note.StartsWith("ReLU, seed 1: left out, ", StringComparison.Ordinal));
    }
}
