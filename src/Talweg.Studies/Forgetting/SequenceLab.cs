using Talweg.Continual;
using Talweg.Networks;
using Talweg.Studies.Running;
using Talweg.Training;
using Talweg.Trajectories;

namespace Talweg.Studies.Forgetting;

/// <summary>A sequence whose first task is learned once, and whose later tasks are learned by one method after another from there.</summary>
/// <remarks>Every run's result is kept in a file of its own, so that a cell that was stopped does not learn it again.</remarks>
internal sealed class SequenceLab : IDisposable
{
    private readonly ForgettingCell _cell;
    private readonly CellContext _context;
    private readonly ContinualPlan _plan;
    private readonly Trajectory _trajectory;
    private readonly IReadOnlyList<TrainingData> _validation;
    private readonly IReadOnlyList<TrainingData> _tests;
    private readonly Lazy<TaskModes> _modes;

    private SequenceLab(ForgettingCell cell, CellContext context, ContinualStage stage, TrainingRun first, TaskTraining training)
    {
        (_cell, _context, _plan) = (cell, context, cell.Plan);
        Stage = stage;
        FirstRun = first;
        _trajectory = Trajectory.Open(first.TrajectoryPath!);
        First = training.Learned(first, stage.Start, _trajectory.View(0, _trajectory.Iterations));
        _validation = [.. stage.Tasks.Tasks.Select(task => new TrainingData(task.Validation!, task.Validation!))];
        _tests = TaskCourse.Tests(stage.Tasks);
        int most = cell.Counts.Append(cell.Modes).Max();
        _modes = new(() => TaskModes.Of(First, most, measure: true, Work));
    }

    public ContinualStage Stage { get; }

    public TrainingRun FirstRun { get; }

    /// <summary>The first task, learned.</summary>
    public LearnedTask First { get; }

    /// <summary>Its modes, as many as any experiment needs.</summary>
    public TaskModes Modes => _modes.Value;

    /// <summary>T.</summary>
    public int Window => (int)_trajectory.Iterations;

    private WorkOptions Work => new(_context.Threads, _context.Progress, _context.Cancellation);

    /// <summary>Trains on all tasks together, and then the first alone; null, with why, if that fails.</summary>
    public static SequenceLab? Open(ForgettingCell cell, CellContext context, TaskSequence tasks, out string verdict)
    {
        var work = new WorkOptions(context.Threads, context.Progress, context.Cancellation);
        var plan = cell.Plan with { Method = new FirstTaskMethod() };
        var stage = ContinualStage.Prepare(plan, tasks, context.File("all-tasks"), work);
        var training = new TaskTraining(plan, stage, 0, context.File("task-1"));
        var first = training.Run(stage.Start, null, null, work);
        verdict = first.Verdict;
        return first.Ending == Ending.Diverged || first.OnlyGuesses ? null : new(cell, context, stage, first, training);
    }

    /// <summary>ε of a task's test samples.</summary>
    public Performance Test(int task, NetworkWeights weights) => Performance.OnTest(weights, _tests[task]);

    /// <summary>Learns all tasks but the first, and forgets the weights.</summary>
    /// <param name="row">What describes the run, its errors still to be filled in.</param>
    /// <param name="method">By which later tasks are remembered.</param>
    /// <param name="memory">What is remembered of the first; null: what the method does.</param>
    public RunRow Learn(RunRow row, IContinualMethod method, IMemory? memory = null)
    {
        string folder = PathOf($"{row.Experiment}-{method}-{row.Count}");
        string file = $"{folder}.json";
        if (File.Exists(file))
            return ResultFile.Read<RunRow>(file, "a run");
        var weights = Train(folder, method, memory ?? RememberFirst(method), null);
        var learned = weights is null ? row with { Diverged = 1 } : Measured(row, weights);
        ResultFile.Write(file, learned);
        Directory.Delete(folder, recursive: true);
        return learned;
    }

    /// <summary>Learns all tasks but the first, and takes all errors during the last; null if it diverges.</summary>
    public (NetworkWeights Weights, IReadOnlyList<CoursePoint> Course)? Follow(IContinualMethod method)
    {
        string folder = PathOf($"course-{method}");
        int last = Stage.Tasks.Tasks.Count - 1;
        var moments = TaskCourse.Moments(Stage.Tasks.Tasks[last].Train.Count / _cell.BatchSize, _cell.Epochs);
        var weights = Train(folder, method, RememberFirst(method), moments);
        return weights is null ? null : (weights, TaskCourse.Evaluate(Path.Combine(folder, $"task-{last + 1}"), moments, First.Weights, _tests, Work));
    }

    /// <summary>What a method remembers of the first task, from modes that are found once.</summary>
    public IMemory? RememberFirst(IContinualMethod method) =>
        method is LandscapeConstraints constraints ? constraints.Constrain(Modes, Stage.Space) : method.Remember(null, First, Work);

    public void Dispose() => _trajectory.Dispose();

    /// <summary>Where a run of this description is.</summary>
    private string PathOf(string description) => _context.File(Path.Combine("runs", description.Replace(':', '_').Replace(',', '_')));

    private NetworkWeights? Train(string folder, IContinualMethod method, IMemory? memory, IReadOnlyList<long>? keep)
    {
        Directory.CreateDirectory(folder);
        var weights = First.Weights;
        int tasks = Stage.Tasks.Tasks.Count;
        var quiet = Work with { Progress = null };
        for (int task = 1; task < tasks; task++)
        {
            bool isLast = task == tasks - 1;
            var plan = _plan with { Method = isLast ? new NoMethod() : method };
            var training = new TaskTraining(plan, Stage, task, Path.Combine(folder, $"task-{task + 1}"));
            var run = training.Run(weights, memory, isLast ? keep : null, quiet);
            if (run.Ending == Ending.Diverged)
                return null;
            memory = isLast ? memory : training.Remember(run, weights, memory, quiet);
            weights = run.Weights;
        }

        return weights;
    }

    private RunRow Measured(RunRow row, NetworkWeights weights)
    {
        Performance[] tests = [.. _tests.Select(test => Performance.OnTest(weights, test))];
        return row with
        {
            Validation = _validation.Average(samples => Performance.OnTest(weights, samples).Error),
            Test = tests.Average(test => test.Error),
            First = tests[0].Error,
            Last = tests[^1].Error,
            Own = tests.Average(test => test.OwnError),
        };
    }
}
