using System.Globalization;
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
        int most = cell.Counts.Count > 0 ? int.MaxValue : cell.Modes;
        _modes = new(() => TaskModes.Of(First, most, measure: true, Work));
    }

    public ContinualStage Stage { get; }

    public TrainingRun FirstRun { get; }

    /// <summary>The first task, learned.</summary>
    public LearnedTask First { get; }

    /// <summary>Its modes: all there are where their number is tried, else those that are constrained.</summary>
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

    /// <summary>Learns all tasks but the first, once, and forgets the weights.</summary>
    /// <param name="row">What describes the run, its errors still to be filled in.</param>
    /// <param name="ladder">The later tasks' learning rate, and where the last of them is looked at.</param>
    /// <param name="method">By which later tasks are remembered.</param>
    /// <param name="memory">What is remembered of the first; null: what the method does.</param>
    /// <param name="follow">Whether errors on the way and displacements along the modes are taken too.</param>
    public LearnedRun Learn(RunRow row, Ladder ladder, IContinualMethod method, IMemory? memory = null, bool follow = false)
    {
        string folder = PathOf(string.Create(CultureInfo.InvariantCulture, $"{row.Experiment}-{method}-{row.Count}-{ladder.LearningRate:R}"));
        string file = $"{folder}.json";
        if (File.Exists(file))
            return ResultFile.Read<LearnedRun>(file, "a run");
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);         // what a stopped run had seen is gone; it takes seconds
        var last = Stage.Tasks.Tasks[^1];
        var watcher = new StopWatcher(ladder, last.Train.Count / _cell.BatchSize, _tests, follow);
        bool ended = Train(folder, ladder, method, memory ?? RememberFirst(method), watcher);
        var learned = new LearnedRun
        {
            Rows = [.. ladder.Stops.Select(stop => Measured(row with { Rate = ladder.LearningRate, Stop = stop }, ended ? watcher.At(stop) : null, ended))],
            Course = [.. watcher.Course.Select(point => new CourseRow { Lambda = row.Lambda, Rate = ladder.LearningRate, Iteration = point.Iteration, First = point.Errors[0], Second = point.Errors[^1] })],
            Displacements = follow ? [.. ladder.Stops.Select(stop => Displacements(ended ? watcher.At(stop)?.Weights : null))] : [],
        };
        ResultFile.Write(file, learned);
        Directory.Delete(folder, recursive: true);
        return learned;
    }

    /// <summary>What a method remembers of the first task, from modes that are found once.</summary>
    public IMemory? RememberFirst(IContinualMethod method) =>
        method is LandscapeConstraints constraints ? constraints.Constrain(Modes, Stage.Space) : method.Remember(null, First, Work);

    public void Dispose() => _trajectory.Dispose();

    /// <summary>Where a run of this description is.</summary>
    private string PathOf(string description) => _context.File(Path.Combine("runs", description.Replace(':', '_').Replace(',', '_')));

    /// <summary>Whether it came to its end; tasks between the first and the last are learned for as long as the last.</summary>
    private bool Train(string folder, Ladder ladder, IContinualMethod method, IMemory? memory, StopWatcher watcher)
    {
        Directory.CreateDirectory(folder);
        var weights = First.Weights;
        int tasks = Stage.Tasks.Tasks.Count;
        var quiet = Work with { Progress = null };
        var later = _plan with { LaterEpochs = ladder.TrainedEpochs, LaterLearningRate = ladder.LearningRate, PenaltyStep = ladder.Step };
        for (int task = 1; task < tasks; task++)
        {
            bool isLast = task == tasks - 1;
            var training = new TaskTraining(later with { Method = isLast ? new NoMethod() : method }, Stage, task, Path.Combine(folder, $"task-{task + 1}"));
            var run = training.Run(weights, memory, null, quiet, isLast ? watcher : null, everyEpoch: false);
            if (run.Ending == Ending.Diverged)
                return false;
            memory = isLast ? memory : training.Remember(run, weights, memory, quiet);
            weights = run.Weights;
        }

        return true;
    }

    private RunRow Measured(RunRow row, (long Iteration, NetworkWeights Weights)? found, bool ended)
    {
        if (found is not { } at)
            return row with { Outcome = ended ? "not reached" : "diverged" };
        Performance[] tests = [.. _tests.Select(test => Performance.OnTest(at.Weights, test))];
        return row with
        {
            Outcome = "reached",
            Iteration = at.Iteration,
            Validation = _validation.Average(samples => Performance.OnTest(at.Weights, samples).Error),
            Test = tests.Average(test => test.Error),
            First = tests[0].Error,
            Last = tests[^1].Error,
            Own = tests.Average(test => test.OwnError),
        };
    }

    /// <summary>qᵢ along the modes that are constrained.</summary>
    private IReadOnlyList<double> Displacements(NetworkWeights? weights)
    {
        var modes = Modes.First(_cell.Modes);
        return weights is null
            ? [.. Enumerable.Repeat(double.NaN, modes.Directions.Count)]
            : ModeDisplacements.Of(modes.Directions, modes.Flatness!, [.. modes.Centre], Stage.Space.Flatten(weights)).Displacements;
    }
}
