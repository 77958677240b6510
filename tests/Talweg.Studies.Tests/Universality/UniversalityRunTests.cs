using Talweg.Data;
using Talweg.Landscapes;
using Talweg.Networks;
using Talweg.Studies.Findings;
using Talweg.Studies.Running;
using Talweg.Studies.Universality;
using Talweg.Training;
using Talweg.Trajectories;

namespace Talweg.Studies.Tests.Universality;

/// <summary>The whole study, small, over digits that Talweg draws and a handful of random pictures in colour.</summary>
public sealed class UniversalityRunTests(UniversalityRunTests.WholeRun whole) : IClassFixture<UniversalityRunTests.WholeRun>, IDisposable
{
    private static readonly UniversalityStudy Study = new();

    private static readonly string[] Tiny = [
        "samples=300", "image-samples=200", "landscape-samples=40", "batch-size=10", "max-epochs=7", "window-epochs=2", "modes=12", "image-ranks=11", "null-ranks=10", "rows=30",
    ];

    private readonly TemporaryFolder _folder = new();
    public void Dispose() => _folder.Dispose();

    private static Task<RunOutcome> Run(string folder, string? dataRoot, IProgress<StudyProgress>? progress, CancellationToken cancellation, params string[] set) =>
        new StudyRunner(Study).RunAsync(new() { Preset = "quick", Output = folder, Overrides = [.. Tiny, .. set], Cores = 2, DataRoot = dataRoot }, progress, cancellation);

    [Fact]
    public void Every_layer_of_every_case_is_measured()
    {
        var finding = FindingsFile.Read(whole.File("run/findings.json")).Single();
        Assert.Equal("FT-9", finding.Id);
        Assert.True(finding.Demonstration);
        Assert.Equal(
            [
                "four hidden layers, layer 2 (50×50)", "four hidden layers, layer 3 (50×50)", "four hidden layers, layer 4 (50×50)",
                "LeNet, layer 1 (16×1×3×3)", "LeNet, layer 2 (32×16×5×5)", "LeNet, layer 3 (10×1568)",
                "LeNet in colour, momentum, layer 1 (6×3×5×5)", "LeNet in colour, momentum, layer 2 (16×6×5×5)", "LeNet in colour, momentum, layer 3 (120×400)",
                "LeNet in colour, momentum, layer 4 (84×120)", "LeNet in colour, momentum, layer 5 (10×84)",
                "two hidden layers, momentum, layer 2 (50×50)", "two hidden layers, Adam, layer 2 (50×50)",
            ],
            finding.Measurements.Select(measurement => measurement.Name));
        Assert.All(finding.Measurements, measurement => Assert.Equal(3, measurement.Nulls.Count));
        Assert.All(whole.Outcome.Conclusion.Figures, figure => Assert.True(File.Exists(whole.File($"run/figures/{figure.Name}.png"))));
        Assert.Equal(3, whole.Outcome.Conclusion.Figures.Count);
        Assert.Equal("digits and cifar10", whole.Outcome.Conclusion.Findings.Count == 1 ? RunRecord.Read(whole.File("run"))!.Data.Name : "");
        Assert.Contains("LeNet in colour, momentum, layer 3 (120×400): of the window one iteration in 2 is kept, for the layer is wide; its surrogates' steps are as long.", whole.Outcome.Conclusion.Notes);
    }

    [Fact]
    public void Variance_and_flatness_of_a_layer_are_those_of_the_recorded_weights()
    {
        string cell = whole.Cell("adam");
        var network = FullyConnected.Of(784, 50, 50, 10);
        const int perEpoch = 30, rows = 2 * perEpoch;
        using var trajectory = Trajectory.Open(Path.Combine(cell, "trajectory.safetensors"));
        long first = trajectory.Iterations - 2 * rows;
        var result = CellResult.Read(Path.Combine(cell, "result.json"));
        var kept = new List<float[]>();
        for (int t = 1; t < rows; t += 2)                      // rows=30 keeps every second of 60: the later of each two
            kept.Add(trajectory.Slice(first + t, 1).Row(0).ToArray());
        Assert.Equal((2, 30), (result.Layers.Single().Stride, kept.Count));
        var weights = Snapshots.Load(cell, result.FirstEpoch + 1, network);
        Assert.Equal(weights.Matrices[1], kept[^1]);

        var modes = PrincipalModes.Of(new Window([.. kept.SelectMany(row => row)], kept.Count, 2500), 12);
        var table = RowTable.Read<LayerModeRow>(Path.Combine(cell, CellMeasurement.ModesFile(2)));
        Assert.Equal(Enumerable.Range(1, 12), table.Select(row => row.Rank));
        Assert.All(table, row => Assert.Equal(modes.Variances[row.Rank - 1], row.Variance, 1e-9 * modes.Variances[0]));
        Assert.Null(table[0].Flatness);

        var samples = LabelledSamples.Of(Datasets.Load("digits", cancellation: TestContext.Current.CancellationToken).Train.First(300), PixelScaling.Unit);
        using var landscape = Landscape.Of(weights, samples, WeightSpace.Of(network, 2), LandscapePrecision.Double);
        var flatness = Flatness.Along(landscape, Directions.Of(modes.Directions.AsSpan(2500, 3 * 2500), 2500), new() { Fit = false });
        foreach (var (expected, row) in flatness.Zip(table.Skip(1)))
            Assert.Equal(expected.Value!.Value, row.Flatness!.Value, 1e-3 * expected.Value.Value);   // a side is found to 1e-4 of its length
    }

    [Fact]
    public void A_convolution_s_variances_add_up_to_those_of_its_weights()
    {
        string cell = whole.Cell("lenet-mnist");
        using var trajectory = Trajectory.Open(Path.Combine(cell, "trajectory.safetensors"));
        Assert.Equal(144 + 12_800 + 15_680, trajectory.Weights);
        var columns = WeightSpace.Of(Network.Parse("lenet-mnist"), 1, 2, 3).Segments[1];
        var window = LayerWindow.Read(trajectory, 5, 12, 3, columns);
        Assert.Equal((4, 12_800), (window.Iterations, window.Dimension));
        for (int i = 0; i < 4; i++)
            Assert.Equal(trajectory.Slice(5 + 3 * i + 2, 1).Row(0).Slice(144, 12_800).ToArray(), window.Row(i).ToArray());
    }

    [Fact]
    public async Task A_case_without_data_is_left_out_and_said()
    {
        var outcome = await Run(_folder.File("run"), null, null, TestContext.Current.CancellationToken, "colour-data=none", "cases=lenet-cifar,adam");
        Assert.Equal(1, outcome.Cells.Count(cell => !cell.Ending.Completed));
        Assert.Contains("LeNet in colour, momentum (lenet-cifar, none, sgd:lr=0.01,momentum=0.9), seed 1: left out, there shall be no data for it", outcome.Conclusion.Notes);
        Assert.Equal("two hidden layers, Adam, layer 2 (50×50)", outcome.Conclusion.Findings.Single().Measurements.Single().Name);
        Assert.Equal("digits", RunRecord.Read(_folder.File("run"))!.Data.Name);
        // The same cell as in a run with colour would be, but for the data's checksum: results do not depend on what else runs.
        string[] files = [CellMeasurement.ModesFile(2), CellMeasurement.NullsFile(2)];
        Assert.All(files, file => Assert.Equal(File.ReadAllBytes(Path.Combine(whole.Cell("adam"), file)), File.ReadAllBytes(Path.Combine(WholeRun.Cell(_folder.File("run"), "adam"), file))));
    }

    [Fact]
    public async Task A_stopped_run_continues_to_the_same_bytes()
    {
        using var stop = new CancellationTokenSource();
        var progress = new Stopping(work => work.What.StartsWith("principal modes of layer 2", StringComparison.Ordinal), stop);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Run(_folder.File("stopped"), null, progress, stop.Token, "colour-data=none", "cases=adam"));
        Assert.False(File.Exists(_folder.File("stopped/findings.json")));
        await Run(_folder.File("stopped"), null, null, TestContext.Current.CancellationToken, "colour-data=none", "cases=adam");
        string[] files = [CellMeasurement.ModesFile(2), CellMeasurement.NullsFile(2), "result.json"];
        Assert.All(files, file => Assert.Equal(File.ReadAllBytes(Path.Combine(whole.Cell("adam"), file)), File.ReadAllBytes(Path.Combine(WholeRun.Cell(_folder.File("stopped"), "adam"), file))));
    }

    [Theory]
    [InlineData("cases=all", "--set: cases: found 'all'")]
    [InlineData("max-epochs=4", "--set: max-epochs: found 4, expected more than 4, the epochs of 2 windows")]
    [InlineData("colour-data=digits", "--set: colour-data: found digits, images of 784 numbers, expected images of 3072, as lenet-cifar takes")]
    public async Task A_parameter_that_does_not_fit_is_refused(string set, string message)
    {
        var refused = await Assert.ThrowsAsync<InputException>(() => Run(_folder.File("run"), null, null, TestContext.Current.CancellationToken, set.StartsWith("cases", StringComparison.Ordinal) ? "max-epochs=7" : "cases=lenet-cifar", set));
        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
    }

    /// <summary>A run of all cases, which several tests look at.</summary>
    public sealed class WholeRun : IAsyncLifetime
    {
        private readonly TemporaryFolder _folder = new();

        public RunOutcome Outcome { get; private set; } = null!;

        public string File(string name) => _folder.File(name);

        public string Cell(string name) => Cell(File("run"), name);

        public static string Cell(string run, string name) =>
            Directory.GetDirectories(Path.Combine(run, "cells")).Single(cell => System.IO.File.ReadAllText(Path.Combine(cell, "cell.json")).Contains($"\"Case\": \"{name}\"", StringComparison.OrdinalIgnoreCase));

        public async ValueTask InitializeAsync()
        {
            WriteColour(File("data/cifar10"));
            Outcome = await Run(File("run"), File("data"), null, CancellationToken.None, "keep-trajectory=true");
        }

        public ValueTask DisposeAsync()
        {
            _folder.Dispose();
            return ValueTask.CompletedTask;
        }

        /// <summary>Pictures of two classes, one brighter than the other, in CIFAR-10's files: a label and 3072 bytes a record.</summary>
        private static void WriteColour(string folder)
        {
            Directory.CreateDirectory(folder);
            var random = new Random(4);
            foreach (string name in (string[])["data_batch_1", "data_batch_2", "data_batch_3", "data_batch_4", "data_batch_5", "test_batch"])
            {
                byte[] records = [.. Enumerable.Range(0, 40).SelectMany(i => Enumerable.Range(0, 3072).Select(_ => (byte)(random.Next(80) + 150 * (i % 2))).Prepend((byte)(i % 2)))];
                System.IO.File.WriteAllBytes(Path.Combine(folder, name + ".bin"), records);
            }
        }
    }
}
