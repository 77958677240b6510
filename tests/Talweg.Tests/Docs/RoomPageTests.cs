using System.Text.RegularExpressions;
using Talweg.Data;
using Talweg.Landscapes;
using Talweg.Networks;
using Talweg.Statistics;
using Talweg.Tests.Conventions;
using Talweg.Tests.Networks;
using Talweg.Tests.Storage;
using Talweg.Thermodynamics;
using Talweg.Training;
using Talweg.Trajectories;

namespace Talweg.Tests.Docs;

/// <summary>The examples of docs/networks.md, docs/training.md, docs/landscapes.md and docs/thermodynamics.md, as they stand there.</summary>
public sealed partial class RoomPageTests : IDisposable
{
    private readonly TemporaryFolder _temporary = new();
    private readonly LabelledSamples train = SmallNetworks.Clouds(300, 784, 10, 1);
    private readonly LabelledSamples test = SmallNetworks.Clouds(60, 784, 10, 2);

    public void Dispose() => _temporary.Dispose();

    [Theory]
    [InlineData("networks")]
    [InlineData("training")]
    [InlineData("landscapes")]
    [InlineData("thermodynamics")]
    public void Every_example_of_a_page_is_compiled_and_run_here(string page)
    {
        string source = Squeeze(File.ReadAllText(Path.Combine(Repository.Root, "tests", "Talweg.Tests", "Docs", "RoomPageTests.cs")));
        var examples = Example().Matches(File.ReadAllText(Path.Combine(Repository.Root, "docs", $"{page}.md")));
        Assert.NotEmpty(examples);
        Assert.All(examples, example =>
        {
            string code = string.Join('\n', example.Groups[1].Value.Split('\n').Where(line => !line.StartsWith("using Talweg", StringComparison.Ordinal)));
            Assert.Contains(Squeeze(code), source);
        });
    }

    [Fact]
    public void Networks()
    {
        string path = _temporary["weights.safetensors"];
        var network = FullyConnected.Parse("fc:784-50-50-10");
        var weights = DenseWeights.Draw(network, Initialisation.PyTorch, seed: 1);
        WeightsFile.Save(path, weights);                       // 0.weight, 2.weight, 4.weight

        var space = WeightSpace.Parse(network, "2");           // the 50×50 weights between the hidden layers
        float[] flat = space.Flatten(WeightsFile.Load(path, network));
        flat[0] += 0.1f;
        DenseWeights moved = space.With(weights, flat);

        Assert.Equal(2500, space.Dimension);
        Assert.Equal(weights.Matrices[1][0] + 0.1f, moved.Matrices[1][0]);
    }

    [Fact]
    public void Training()
    {
        string folder = _temporary["run"];
        var plan = new TrainingPlan
        {
            Network = FullyConnected.Parse("fc:784-50-50-10"),
            BatchSize = 50,
            LearningRate = 0.1,
            Seed = 1,
            ExtraEpochs = 10,                                  // after the first epoch with zero training error
            RecordedLayers = [2],
        };
        TrainingRun run = Trainer.Run(plan, new TrainingData(train, test), folder);
        Console.WriteLine(run.Verdict);                        // how it ended, and at which epoch

        using var trajectory = Trajectory.Open(run.TrajectoryPath!);
        Window window = trajectory.Last(10 * run.IterationsPerEpoch);

        Assert.Equal((60, 2500), (window.Iterations, window.Dimension));
    }

    [Fact]
    public void Landscapes()
    {
        var weights = DenseWeights.Draw(FullyConnected.Of(784, 50, 50, 10), Initialisation.PyTorch, 1);
        double[] vectors = SmallNetwork.RandomDirection(2500, 1);
        var space = WeightSpace.Of(weights.Network, 2);
        using var landscape = Landscape.Of(weights, train, space);
        var directions = Directions.Of(vectors, space.Dimension);

        Profile profile = Transects.Along(landscape, directions, [-0.1, 0, 0.1], withSlopes: true)[0];
        Flatness flatness = Flatness.Along(landscape, directions)[0];
        Console.WriteLine($"L₀ = {flatness.LossAtOrigin}, F = {flatness.Value}, from {flatness.Left} to {flatness.Right}");

        Assert.Equal(profile.Loss[1], landscape.LossAtOrigin);
        Assert.True(flatness.Right is null or > 0);
    }

    [Fact]
    public void Thermodynamics()
    {
        var weights = DenseWeights.Draw(FullyConnected.Of(784, 50, 50, 10), Initialisation.PyTorch, 1);
        string folder = _temporary["noise"];
        var space = WeightSpace.Of(weights.Network, 2);
        using var potential = LayerPotential.Of(weights, train, space);
        double[] solution = [.. space.Flatten(weights).Select(w => (double)w)];

        LangevinRun motion = LangevinDynamics.Run(
            potential, solution, stepSize: 0.01, temperature: 1e-5, steps: 1000, burnIn: 500, stride: 10, new RandomStream(1, "motion"));
        PrincipalModes modes = PrincipalModes.Of(motion.Window!, 20);
        Console.WriteLine($"{motion.Ending}, ⟨L⟩ = {motion.MeanLoss}, drift {motion.RelativeLossDrift}");

        var data = new TrainingData(train, test);
        var plan = new TrainingPlan { Network = weights.Network, BatchSize = train.Count, LearningRate = 0.1, Seed = 1, MaxEpochs = 20, ExtraEpochs = null, Recording = Recording.None, EvaluateEvery = 10 };
        var noise = IsotropicNoise.Following(new SgdStrength(train, BatchSize: 50, LearningRate: 0.1), refreshEvery: 10, seed: 1);
        TrainingRun run = Trainer.Run(plan, data, folder, noise: noise);

        Assert.Equal((LangevinEnding.Completed, 20, 2), (motion.Ending, modes.Count, run.Epochs.Count));
    }

    private static string Squeeze(string text) => Space().Replace(text, " ").Trim();

    [GeneratedRegex(@"```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Example();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
