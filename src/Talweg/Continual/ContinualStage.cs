using Talweg.Data;
using Talweg.Networks;
using Talweg.Statistics;
using Talweg.Training;

namespace Talweg.Continual;

/// <summary>Where a sequence begins: the network that is trained, its first weights, and the tasks as it sees them.</summary>
public sealed class ContinualStage
{
    /// <summary>Epochs of the training on all tasks together after which its error is looked at: for convolutions that costs as much as an epoch.</summary>
    private const int PretrainingEvaluation = 5;

    private readonly FrozenFeatures? _features;

    private ContinualStage(NetworkWeights start, TaskSequence tasks, IReadOnlyList<int>? trained, FrozenFeatures? features)
    {
        _features = features;
        Start = start;
        Tasks = tasks;
        TrainedLayers = trained;
        Space = trained is null ? WeightSpace.All(start.Network) : WeightSpace.Of(start.Network, [.. trained.Order()], start.Network.HasBiases);
    }

    /// <summary>The weights before the first task.</summary>
    public NetworkWeights Start { get; }

    /// <summary>The tasks, as the network takes them.</summary>
    public TaskSequence Tasks { get; }

    /// <summary>The layers that are trained, counted from 1; null: all weights.</summary>
    public IReadOnlyList<int>? TrainedLayers { get; }

    /// <summary>The weights that are trained, and remembered.</summary>
    public WeightSpace Space { get; }

    /// <summary>Prepares a plan's protocol; with <see cref="TrainingProtocol.HiddenLayers"/> that trains the network on all tasks together first, and, as <see cref="ContinualPlan.PretrainingClasses"/> has it, on the classes that are in none.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="tasks">Its tasks.</param>
    /// <param name="folder">For that training, which goes on from what is there.</param>
    /// <param name="work">Progress and cancellation.</param>
    /// <exception cref="InputException">The plan does not fit the tasks, or training on all of them together fails.</exception>
    public static ContinualStage Prepare(ContinualPlan plan, TaskSequence tasks, string folder, WorkOptions? work = null)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(tasks);
        RequireFit(plan, tasks);
        if (plan.Protocol == TrainingProtocol.FromScratch)
            return new(Trainer.Draw(plan.Network, Initialisation.PyTorch, plan.Seed), tasks, null, null);
        var run = Pretrain(plan, tasks, folder, work);
        if (run.Ending == Ending.Diverged || run.OnlyGuesses)
            throw new InputException("plan of tasks", "training on all tasks together", run.Verdict, "a training that succeeds");
        var features = FrozenFeatures.Of(run.Weights, plan.TrainedLayers);
        var seen = new TaskSequence(tasks.Name, [.. tasks.Tasks.Select(task => Seen(task, features))]);
        return new(Redrawn(features, plan.Seed), seen, features.TrainedLayers, features);
    }

    /// <summary>Refuses a plan that does not fit its tasks: before hours of training, and before anything is written or deleted.</summary>
    /// <exception cref="InputException">The plan does not fit.</exception>
    internal static void RequireFit(ContinualPlan plan, TaskSequence tasks)
    {
        plan.Validate();
        if (tasks.Tasks.FirstOrDefault(task => plan.BatchSize < 1 || plan.BatchSize > task.Train.Count) is { } small)
            throw new InputException("training plan", "batch size", $"{plan.BatchSize}", $"1 to {small.Train.Count}, the training samples of task '{small.Name}'");
        foreach (var task in tasks.Tasks)
            Trainer.RequireFit(plan.Network, task.Train, task.Test);
        if (plan.Protocol == TrainingProtocol.HiddenLayers)
            _ = FrozenFeatures.Of(NetworkWeights.Draw(plan.Network, Initialisation.PyTorch, plan.Seed), plan.TrainedLayers);
    }

    /// <summary>The whole network's weights.</summary>
    public NetworkWeights Whole(NetworkWeights weights) => _features?.Whole(weights) ?? weights;

    private static TrainingRun Pretrain(ContinualPlan plan, TaskSequence tasks, string folder, WorkOptions? work)
    {
        var others = plan.PretrainingClasses == PretrainingClasses.All ? tasks.Others : null;
        LearningTask[] everything = [.. tasks.Tasks, .. others is null ? [] : (LearningTask[])[others]];
        var all = new TrainingData(LabelledSamples.Together([.. everything.Select(task => task.Train)]), LabelledSamples.Together([.. everything.Select(task => task.Test)]));
        return Trainer.Run(new()
        {
            Network = plan.Network,
            BatchSize = plan.BatchSize,
            LearningRate = plan.Optimizer is null ? plan.LearningRate : 0,
            Optimizer = plan.Optimizer,
            Seed = plan.Seed,
            MaxEpochs = plan.PretrainingEpochs,
            ExtraEpochs = 0,
            EvaluateEvery = PretrainingEvaluation,
            Recording = Recording.None,
            Data = $"{plan.Data}, tasks {tasks.Name} together{(others is null && tasks.Others is not null ? ", their own classes" : "")}",
        }, all, folder, work);
    }

    private static LearningTask Seen(LearningTask task, FrozenFeatures features) => new(task.Name, features.Of(task.Train), features.Of(task.Test))
    {
        Validation = task.Validation is null ? null : features.Of(task.Validation),
    };

    /// <summary>The head with its trained layers drawn anew, from other streams than the whole network's first weights.</summary>
    private static DenseWeights Redrawn(FrozenFeatures features, long seed)
    {
        var network = features.Head.Network;
        var space = WeightSpace.Of(network, [.. features.TrainedLayers.Order()], network.HasBiases);
        var drawn = NetworkWeights.Draw(network, Initialisation.PyTorch, RandomStream.DeriveSeed(seed, "hidden layers anew"));
        return space.With(features.Head, space.Flatten(drawn));
    }
}
