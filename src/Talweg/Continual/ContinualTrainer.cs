using Talweg.Networks;
using Talweg.Training;

namespace Talweg.Continual;

/// <summary>Learns tasks one after the other, remembering each by the plan's method.</summary>
/// <remarks>
/// In a folder: <c>all-tasks</c> (the training on all tasks together, if the protocol has one), a folder a task, <c>weights-after-K.safetensors</c>, and at the end <c>continual.json</c>.
/// A run that was stopped goes on when it is called again, and ends with the same bits; what it recorded on the way is deleted at the end. Memory: the tasks' samples, one task's sparse copy,
/// and what the method remembers.
/// </remarks>
public sealed class ContinualTrainer
{
    private readonly ContinualPlan _plan;
    private readonly string _folder;
    private readonly WorkOptions _work;
    private readonly ContinualStage _stage;
    private readonly IReadOnlyList<TrainingData> _tests;
    private readonly List<IReadOnlyList<CoursePoint>> _courses = [];
    private readonly List<long> _bytes = [];
    private readonly List<string> _files = [];

    private ContinualTrainer(ContinualPlan plan, TaskSequence tasks, string folder, WorkOptions work)
    {
        (_plan, _folder, _work) = (plan, folder, work);
        _stage = ContinualStage.Prepare(plan, tasks, Path.Combine(folder, "all-tasks"), work);
        _tests = TaskCourse.Tests(_stage.Tasks);
    }

    /// <summary>Learns the tasks.</summary>
    /// <param name="plan">How.</param>
    /// <param name="tasks">In their order.</param>
    /// <param name="folder">For everything that is written; made if missing.</param>
    /// <param name="work">Threads, progress, cancellation.</param>
    /// <exception cref="InputException">The plan does not fit the tasks, or the folder holds another run.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; the same call goes on from there.</exception>
    public static ContinualRun Run(ContinualPlan plan, TaskSequence tasks, string folder, WorkOptions? work = null)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(tasks);
        ArgumentNullException.ThrowIfNull(folder);
        plan.Validate();
        if (ContinualRun.Load(folder, plan.Fingerprint(tasks)) is { } finished)
            return finished;
        Directory.CreateDirectory(folder);
        return new ContinualTrainer(plan, tasks, folder, work ?? WorkOptions.Default).Run(plan.Fingerprint(tasks));
    }

    private ContinualRun Run(string fingerprint)
    {
        var weights = _stage.Start;
        IMemory? memory = null;
        var before = TaskCourse.Point(0, weights, _tests);
        string divergence = "";
        for (int task = 0; task < _tests.Count && divergence.Length == 0; task++)
            (weights, memory, divergence) = Learn(task, weights, memory);
        var run = Result(fingerprint, before, divergence);
        run.Save(_folder);
        for (int task = 0; task < _tests.Count; task++)
            Discard(TaskFolder(task));
        return run;
    }

    private (NetworkWeights Weights, IMemory? Memory, string Divergence) Learn(int task, NetworkWeights start, IMemory? memory)
    {
        string name = $"task {task + 1} of {_tests.Count} ({_stage.Tasks.Tasks[task].Name})";
        var work = _work with { Progress = _work.Progress is null ? null : new Named(name, _work.Progress) };
        var training = new TaskTraining(_plan, _stage, task, TaskFolder(task));
        var moments = TaskCourse.Moments(_stage.Tasks.Tasks[task].Train.Count / _plan.BatchSize, _plan.EpochsOf(task));
        var run = training.Run(start, memory, moments, work);
        if (run.Ending == Ending.Diverged)
            return (start, memory, $"{name} {run.Verdict}{(memory is null ? "" : " Or a smaller lambda: a spring of strength s is stable only for learning rates below 1/s.")}");
        _courses.Add(TaskCourse.Evaluate(TaskFolder(task), moments, start, _tests, work));
        string file = Path.Combine(_folder, $"weights-after-{task + 1}.safetensors");
        WeightsFile.Save(file, _stage.Whole(run.Weights));
        _files.Add(file);
        var remembered = task + 1 < _tests.Count ? training.Remember(run, start, memory, work) : null;
        _bytes.Add(remembered?.Bytes ?? 0);
        return (run.Weights, remembered, "");
    }

    private ContinualRun Result(string fingerprint, CoursePoint before, string divergence) => new()
    {
        Plan = fingerprint,
        DataFiles = _plan.DataFiles,
        Protocol = _plan.Protocol,
        Method = $"{_plan.Method}",
        Tasks = [.. _stage.Tasks.Tasks.Select(task => task.Name)],
        Weights = _stage.Space.Dimension,
        Accuracy = Matrix(before, point => point.Errors),
        OwnAccuracy = Matrix(before, point => point.OwnErrors),
        Courses = _courses,
        MemoryBytes = _bytes,
        WeightsFiles = _files,
        Divergence = divergence,
    };

    private string TaskFolder(int task) => Path.Combine(_folder, $"task-{task + 1}");

    private AccuracyMatrix Matrix(CoursePoint before, Func<CoursePoint, IReadOnlyList<double>> errors) => new()
    {
        Before = Accuracies(errors(before)),
        After = [.. _courses.Select(course => Accuracies(errors(course[^1])))],
    };

    private static double[] Accuracies(IReadOnlyList<double> errors) => [.. errors.Select(error => 1 - error)];

    /// <summary>Recorded and kept weights, some hundred megabytes, which nothing needs any more.</summary>
    private static void Discard(string folder)
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }

    /// <summary>Says of which task a report is.</summary>
    private sealed class Named(string name, IProgress<WorkProgress> progress) : IProgress<WorkProgress>
    {
        public void Report(WorkProgress value) => progress.Report(value with { What = $"{name}: {value.What}" });
    }
}
