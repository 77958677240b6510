using Talweg.Networks;
using Talweg.Statistics;
using Talweg.Training;
using Talweg.Trajectories;

namespace Talweg.Continual;

/// <summary>Trains one task of a sequence from where the one before it ended, under what is remembered.</summary>
/// <remarks>The run's own folder holds checkpoints and the recorded window; the same call goes on from it.</remarks>
public sealed class TaskTraining
{
    private readonly ContinualPlan _plan;
    private readonly ContinualStage _stage;
    private readonly int _task;
    private readonly string _folder;

    /// <param name="plan">What decides the training.</param>
    /// <param name="stage">Its network and tasks.</param>
    /// <param name="task">Which of the tasks, counted from 0.</param>
    /// <param name="folder">For this training alone.</param>
    public TaskTraining(ContinualPlan plan, ContinualStage stage, int task, string folder)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(stage);
        ArgumentOutOfRangeException.ThrowIfNegative(task);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(task, stage.Tasks.Tasks.Count);
        (_plan, _stage, _task, _folder) = (plan, stage, task, folder);
        Observer = plan.Method.Observe(stage.Space);
    }

    /// <summary>The method's observer; null if it has none.</summary>
    public IStepObserver? Observer { get; }

    private LearningTask Task => _stage.Tasks.Tasks[_task];

    /// <summary>Runs it.</summary>
    /// <param name="start">The weights that it starts from.</param>
    /// <param name="memory">What is remembered of the tasks before; null for nothing.</param>
    /// <param name="keep">Iterations after which all weights are kept (<see cref="Snapshots"/>).</param>
    /// <param name="work">Progress and cancellation.</param>
    /// <param name="watcher">Looks at the weights on the way.</param>
    /// <param name="everyEpoch">Whether losses and errors are taken after every epoch, or after the last alone.</param>
    /// <exception cref="InputException">The plan does not fit the task, or the folder holds another run.</exception>
    public TrainingRun Run(NetworkWeights start, IMemory? memory, IReadOnlyList<long>? keep = null, WorkOptions? work = null, IWeightsObserver? watcher = null, bool everyEpoch = true)
    {
        var data = new TrainingData(Task.Train, Task.Test);        // made anew, so that its sparse copy goes with the run
        bool records = _plan.Method.NeedsWindow;
        return Trainer.Run(new()
        {
            Network = start.Network,
            BatchSize = _plan.BatchSize,
            LearningRate = _plan.RateOf(_task),
            Optimizer = _plan.OptimizerOf(_task),
            Seed = Seed,
            MaxEpochs = _plan.EpochsOf(_task),
            ExtraEpochs = null,
            TrainedLayers = _stage.TrainedLayers,
            Recording = records ? Recording.All : Recording.None,
            RecordLast = records ? _plan.WindowOf(_task) : null,
            RecordedLayers = records ? [.. _stage.Space.Layers.Select(layer => layer + 1)] : [],
            RecordBiases = records && _stage.Space.Segments.Any(segment => segment.IsBias),
            SnapshotIterations = keep,
            EvaluateEvery = everyEpoch ? null : _plan.EpochsOf(_task),
            Data = $"{_plan.Data}, task {Task.Name} of {_stage.Tasks.Name}",
        }, data, _folder, work, new() { Start = start, Penalty = memory, PenaltyStep = _plan.StepOf(memory), Observer = Observer, Watcher = watcher });
    }

    /// <summary>What is remembered after it.</summary>
    /// <param name="run">The run.</param>
    /// <param name="start">The weights that it started from.</param>
    /// <param name="earlier">What was remembered before; null for nothing.</param>
    /// <param name="work">Threads, progress, cancellation.</param>
    public IMemory? Remember(TrainingRun run, NetworkWeights start, IMemory? earlier, WorkOptions? work = null)
    {
        ArgumentNullException.ThrowIfNull(run);
        using var trajectory = run.TrajectoryPath is null ? null : Trajectory.Open(run.TrajectoryPath);
        return _plan.Method.Remember(earlier, Learned(run, start, trajectory?.View(0, trajectory.Iterations)), work ?? WorkOptions.Default);
    }

    /// <summary>What methods look at after it.</summary>
    /// <param name="run">The run.</param>
    /// <param name="start">The weights that it started from.</param>
    /// <param name="window">What was recorded of its last epochs; null for nothing.</param>
    public LearnedTask Learned(TrainingRun run, NetworkWeights start, IWindow? window)
    {
        ArgumentNullException.ThrowIfNull(run);
        return new()
        {
            Samples = Task.Train,
            Weights = run.Weights,
            Start = start,
            Space = _stage.Space,
            BatchSize = _plan.BatchSize,
            Seed = Seed,
            Window = window,
            Observer = Observer,
        };
    }

    /// <summary>Every task has random numbers of its own.</summary>
    private long Seed => RandomStream.DeriveSeed(_plan.Seed, $"task {_task + 1}");
}
