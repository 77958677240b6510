using Talweg.Networks;
using Talweg.Statistics;
using Talweg.Thermodynamics;
using Talweg.Training;
using Talweg.Trajectories;

namespace Talweg.Tests.Docs;

/// <summary>The examples of docs/thermodynamics.md, as they stand there.</summary>
public sealed class ThermodynamicsPageTests : PageTests
{
    [Fact]
    public void Thermodynamics()
    {
        var weights = DenseWeights.Draw(FullyConnected.Of(784, 50, 50, 10), Initialisation.PyTorch, 1);
        string folder = Temporary("noise");
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
        TrainingRun run = Trainer.Run(plan, data, folder, interventions: new() { Noise = noise });

        Assert.Equal((LangevinEnding.Completed, 20, 2), (motion.Ending, modes.Count, run.Epochs.Count));
    }
}
