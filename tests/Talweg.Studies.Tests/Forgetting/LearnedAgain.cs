using Talweg.Continual;
using Talweg.Data;
using Talweg.Networks;
using Talweg.Studies.Forgetting;
using Talweg.Studies.Running;
using Talweg.Training;
using Talweg.Trajectories;

namespace Talweg.Studies.Tests.Forgetting;

/// <summary>A cell that the study measured, and the same tasks learned again beside it, every weight on the way kept: what the tables should say can be counted from these.</summary>
internal sealed class LearnedAgain : IDisposable
{
    private const int Hidden = 12;

    private readonly TemporaryFolder _folder = new();
    private readonly ContinualPlan _plan;
    private readonly List<NetworkWeights> _onFirst = [];
    private int _trainings;

    public LearnedAgain(string sequence, string tasks, int gridPoints, params int[] counts)
    {
        TorchThreads.One();
        Cell = CellOf(sequence, tasks, gridPoints, counts);
        Directory.CreateDirectory(_folder.File("cell"));
        Ending = new ForgettingStudy().Measure(Cell, new() { Folder = _folder.File("cell"), Threads = 1, Progress = new Silent(), Cancellation = CancellationToken.None });
        _plan = PlanOf(new Everything());
        var data = Datasets.Load("digits");
        var sequenceOfTasks = TaskSequence.Parse(tasks, data, new() { Samples = Cell.Samples, ValidationShare = Cell.ValidationShare });
        Stage = ContinualStage.Prepare(_plan, sequenceOfTasks, _folder.File("together"));
        var training = new TaskTraining(_plan, Stage, 0, _folder.File("first"));
        FirstRun = training.Run(Stage.Start, null, watcher: new Watcher<NetworkWeights>(_onFirst));
        Trajectory = Trajectory.Open(FirstRun.TrajectoryPath!);
        First = training.Learned(FirstRun, Stage.Start, Trajectory.View(0, Trajectory.Iterations));
        Modes = TaskModes.Of(First, int.MaxValue, measure: true, WorkOptions.Default);
        float[] firstLayer = ((DenseWeights)Stage.Whole(First.Weights)).Matrices[0];
        Samples = [.. sequenceOfTasks.Tasks.Select((task, index) => TaskSamples.Of(data, tasks.Split(',')[index], Cell.Samples, task.Train, firstLayer, Hidden))];
    }

    public ForgettingCell Cell { get; }

    public CellEnding Ending { get; }

    public ContinualStage Stage { get; }

    public TrainingRun FirstRun { get; }

    public LearnedTask First { get; }

    public Trajectory Trajectory { get; }

    /// <summary>All modes that the first task's window has.</summary>
    public TaskModes Modes { get; }

    /// <summary>Every task's samples, as the trained layers see them.</summary>
    public IReadOnlyList<TaskSamples> Samples { get; }

    /// <summary>The weights after every iteration on the first task, those before it first.</summary>
    public IReadOnlyList<NetworkWeights> OnFirst => _onFirst;

    public string File(string name) => _folder.File($"cell/{name}");

    /// <summary>The weights after every iteration on the last task, those before it first; and whether it diverged. Tasks between remember as the method does.</summary>
    /// <param name="method">By which later tasks are remembered.</param>
    /// <param name="memory">What is remembered of the first.</param>
    /// <param name="rate">α of later tasks.</param>
    /// <param name="step">How springs are followed.</param>
    /// <param name="epochs">On each later task.</param>
    public (IReadOnlyList<NetworkWeights> Weights, bool Diverged) Learn(IContinualMethod method, IMemory? memory, double rate, PenaltyStep? step, int epochs)
    {
        List<NetworkWeights> seen = [];
        var weights = First.Weights;
        string folder = _folder.File($"learned-{_trainings++}");
        for (int task = 1; task < Samples.Count; task++)
        {
            seen.Clear();
            var training = new TaskTraining(PlanOf(method) with { LaterEpochs = epochs, LaterLearningRate = rate, PenaltyStep = step }, Stage, task, Path.Combine(folder, $"{task}"));
            var run = training.Run(weights, memory, watcher: new Watcher<NetworkWeights>(seen), everyEpoch: false);
            if (run.Ending == Talweg.Training.Ending.Diverged)
                return (seen, true);
            if (task + 1 < Samples.Count)
                memory = training.Remember(run, weights, memory);
            weights = run.Weights;
        }

        Directory.Delete(folder, recursive: true);
        return (seen, false);
    }

    public void Dispose()
    {
        Trajectory.Dispose();
        _folder.Dispose();
    }

    /// <summary>A seed that is no default, and numbers of which no two are the same.</summary>
    private static ForgettingCell CellOf(string sequence, string tasks, int gridPoints, int[] counts) => new()
    {
        Sequence = sequence,
        Tasks = tasks,
        Data = "digits",
        Network = $"fc:784-{Hidden}-8-10",
        Layers = [2],
        Samples = 1000,
        ValidationShare = 0.3,
        BatchSize = 10,
        LearningRate = 0.08,
        Pretraining = PretrainingClasses.All,
        LaterLearningRate = 0.1,
        StopErrors = [0.4, 0.1, 0],
        StopEpochs = [0.5, 2],
        SlowLearningRate = 0.2,
        SlowEpochs = [1, 3],
        Seed = 7,
        Epochs = 6,
        WindowEpochs = 3,
        PretrainingEpochs = 5,
        Modes = 5,
        Lambda = 0.5,
        GridPoints = gridPoints,
        Counts = counts,
    };

    private static ContinualPlan PlanOf(IContinualMethod method) => new()
    {
        Network = Network.Parse($"fc:784-{Hidden}-8-10"),
        Method = method,
        BatchSize = 10,
        LearningRate = 0.08,
        Seed = 7,
        Epochs = 6,
        WindowEpochs = 3,
        Protocol = TrainingProtocol.HiddenLayers,
        TrainedLayers = [2],
        PretrainingEpochs = 5,
        PretrainingClasses = PretrainingClasses.All,
    };

    private sealed record Everything : IContinualMethod
    {
        public bool NeedsWindow => true;

        public IStepObserver? Observe(WeightSpace space) => new PathIntegral(space);

        public IMemory? Remember(IMemory? earlier, LearnedTask task, WorkOptions work) => null;
    }
}
