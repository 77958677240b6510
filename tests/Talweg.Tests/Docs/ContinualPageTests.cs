using Talweg.Continual;
using Talweg.Data;
using Talweg.Networks;

#pragma warning disable xUnit1051 // an example does without a way to stop it

namespace Talweg.Tests.Docs;

/// <summary>The examples of docs/continual.md, as they stand there.</summary>
public sealed class ContinualPageTests : PageTests
{
    [Fact]
    public void Tasks()
    {
        string folder = Temporary("tasks");
        var data = Datasets.Load("digits");
        var tasks = TaskSequence.Parse("01,23,45", data, new() { Samples = 3000 });
        var plan = new ContinualPlan
        {
            Network = FullyConnected.Of(784, 50, 50, 10),
            Method = ContinualMethods.Parse("ldc:lambda=10,modes=200"),
            Protocol = TrainingProtocol.HiddenLayers,
        };
        ContinualRun run = ContinualTrainer.Run(plan, tasks, folder);
        Console.WriteLine($"average error {run.Accuracy.AverageError}, forgetting {run.Accuracy.Forgetting}");

        Assert.Equal((3, 2500, ""), (run.Accuracy.After.Count, run.Weights, run.Divergence));
        Assert.Equal(1 - run.Accuracy.AverageError, run.Accuracy.After[2].Average(), 1e-12);
    }
}
