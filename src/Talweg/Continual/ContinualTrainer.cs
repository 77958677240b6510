using Talweg.Networks;
using Talweg.Training;

namespace Talweg.Continual;

/// <summary>Learns tasks one after the other, remembering each by the plan's method.</summary>
/// <remarks>
/// In a folder: <c>plan.json</c> (what is learned there), <c>all-tasks</c> (the training on all tasks together, if the protocol has one), a folder a task, <c>weights-after-K.safetensors</c>, and at the end <c>continual.json</c>.
/// A run that was stopped goes on when it is called again, and ends with the same bits; what it recorded on the way is deleted at the end. Memory: the tasks' samples, one task's sparse copy,
/// and what the method remembers.
/// </remarks>
public sealed class ContinualTrainer
{
    private readonly ContinualPlan _plan;
    private readonly ContinualFolder _folder;
    private readonly WorkOptions _work;
    private readonly ContinualStage _stage;
    private readonly IReadOnlyList<TrainingData> _tests;
    private readonly List<IReadOnlyList<CoursePoint>> _courses = [];
    private readonly List<long> _bytes = [];
    private readonly List<string> _files = [];
    private readonly List<string> _checksums = [];

    private ContinualTrainer(ContinualPlan plan, TaskSequence tasks, ContinualFolder folder, WorkOptions work)
    {
        (_plan, _folder, _work) = (plan, folder, work);
        _stage = ContinualStage.Prepare(plan, tasks, plan.Protocol == TrainingProtocol.HiddenLayers ? folder.AllTasks : folder.Path, work);
        _tests = TaskCourse.Tests(_stage.Tasks);
    }

    /// <summary>Learns the tasks.</summary>
    /// <param name="plan">How.</param>
    /// <param name="tasks">In their order.</param>
    /// <param name="folder">For everything that is written; made if missing, and held while it is written in.</param>
    /// <param name="work">Threads, progress, cancellation.</param>
    /// <param name="overwrite">Deletes what an earlier run, or somebody else, has where this one writes, instead of going on or refusing.</param>
    /// <exception cref="InputException">The plan does not fit the tasks; the folder holds another run, or files that no run there wrote, or weights that are damaged or gone; another process writes in it; or something cannot be written.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; the same call goes on from there.</exception>
    public static ContinualRun Run(ContinualPlan plan, TaskSequence tasks, string folder, WorkOptions? work = null, bool overwrite = false)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(tasks);
        ArgumentNullException.ThrowIfNull(folder);
        ContinualStage.RequireFit(plan, tasks);
        using var held = ContinualFolder.Open(folder);
        if (overwrite)
            held.Clear();
        held.RequireOf(PlanSettings.Of(plan, tasks), overwrite);
        var run = Finished(held, plan.Fingerprint(tasks)) ?? GoOn(plan, tasks, held, work ?? WorkOptions.Default);
        held.DiscardTasks(tasks.Tasks.Count);       // also those that a run left which was killed at its end
        return run;
    }

    /// <summary>Whether a folder holds a sequence that was learned, or begun.</summary>
    public static bool IsSequence(string folder) => ContinualFolder.IsSequence(folder);

    private static ContinualRun? Finished(ContinualFolder folder, string fingerprint)
    {
        var run = ContinualRun.Load(folder, fingerprint);
        if (run is not null)
            WrittenWeights.Require(folder, run);
        return run;
    }

    private static ContinualRun GoOn(ContinualPlan plan, TaskSequence tasks, ContinualFolder folder, WorkOptions work)
    {
        WrittenWeights.RequireSoFar(folder, tasks.Tasks.Count);
        return new ContinualTrainer(plan, tasks, folder, work).Run(plan.Fingerprint(tasks));
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
        string file = _folder.WeightsAfter(task);
        WeightsFile.Save(file, _stage.Whole(run.Weights));
        _files.Add(file);
        _checksums.Add(WrittenWeights.Checksum(file));
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
        WeightsChecksums = _checksums,
        Divergence = divergence,
    };

    private string TaskFolder(int task) => _folder.Task(task);

    private AccuracyMatrix Matrix(CoursePoint before, Func<CoursePoint, IReadOnlyList<double>> errors) => new()
    {
        Before = Accuracies(errors(before)),
        After = [.. _courses.Select(course => Accuracies(errors(course[^1])))],
    };

    private static double[] Accuracies(IReadOnlyList<double> errors) => [.. errors.Select(error => 1 - error)];

    /// <summary>Says of which task a report is.</summary>
    private sealed class Named(string name, IProgress<WorkProgress> progress) : IProgress<WorkProgress>
    {
        public void Report(WorkProgress value) => progress.Report(value with { What = $"{name}: {value.What}" });
    }
}
