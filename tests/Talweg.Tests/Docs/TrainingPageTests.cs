using Talweg.Networks;
using Talweg.Training;
using Talweg.Trajectories;

namespace Talweg.Tests.Docs;

/// <summary>The examples of docs/training.md, as they stand there.</summary>
public sealed class TrainingPageTests : PageTests
{
    [Fact]
    public void Training()
    {
        string folder = Temporary("run");
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
    public void Optimizers()
    {
        var plan = new TrainingPlan
        {
            Network = Network.Parse("lenet-mnist"),
            BatchSize = 50,
            Optimizer = Optimizer.Parse("sgd:lr=0.1,momentum=0.9,nesterov"),
            Schedule = Schedule.Parse("warmup:epochs=5+cosine:epochs=100"),
            Seed = 1,
            RecordedLayers = [2],
        };

        var run = Trainer.Run(plan with { MaxEpochs = 1, Recording = Recording.None }, new TrainingData(train, test), Temporary("run"));
        Assert.Equal(0.1, plan.LearningRate);
        Assert.Equal(6, run.IterationsPerEpoch);
    }
}
