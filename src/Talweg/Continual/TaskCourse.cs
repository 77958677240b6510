using Talweg.Networks;
using Talweg.Training;

namespace Talweg.Continual;

/// <summary>All tasks' test errors at one moment of a task's training.</summary>
/// <param name="Iteration">Iterations of this task's training so far; 0 before the first.</param>
/// <param name="Errors">Of every task of the sequence, shares of its test samples: all outputs of the network compete.</param>
/// <param name="OwnErrors">The same if only the task's own classes compete: whether the task's classes are still told apart.</param>
public sealed record CoursePoint(long Iteration, IReadOnlyList<double> Errors, IReadOnlyList<double> OwnErrors);

/// <summary>When all tasks' errors are taken during a task's training, and how.</summary>
public static class TaskCourse
{
    /// <summary>Iterations 1, 2, 4, … of the first epoch, for what is forgotten goes fast, and the end of every epoch.</summary>
    public static IReadOnlyList<long> Moments(int perEpoch, int epochs)
    {
        var moments = new SortedSet<long>(Enumerable.Range(1, epochs).Select(epoch => (long)epoch * perEpoch));
        for (long iteration = 1; iteration < perEpoch; iteration *= 2)
            moments.Add(iteration);
        return [.. moments];
    }

    /// <summary>Every task's error at the kept weights.</summary>
    /// <param name="folder">Of the task's training run.</param>
    /// <param name="moments">The iterations whose weights it kept.</param>
    /// <param name="start">The weights before the first.</param>
    /// <param name="tests">The tasks' test samples.</param>
    /// <param name="work">Threads, for fully connected networks.</param>
    public static IReadOnlyList<CoursePoint> Evaluate(string folder, IReadOnlyList<long> moments, NetworkWeights start, IReadOnlyList<TrainingData> tests, WorkOptions work)
    {
        var points = new CoursePoint[moments.Count + 1];
        points[0] = Point(0, start, tests);
        int threads = start is DenseWeights ? work.Threads : 1;    // torch has one thread here
        Parallel.For(0, moments.Count, new() { MaxDegreeOfParallelism = threads, CancellationToken = work.Cancellation }, i =>
            points[i + 1] = Point(moments[i], Snapshots.LoadIteration(folder, moments[i], start.Network), tests));
        return points;
    }

    /// <summary>Every task's test errors at some weights.</summary>
    public static CoursePoint Point(long iteration, NetworkWeights weights, IReadOnlyList<TrainingData> tests)
    {
        Performance[] found = [.. tests.Select(test => Performance.OnTest(weights, test))];
        return new(iteration, [.. found.Select(one => one.Error)], [.. found.Select(one => one.OwnError)]);
    }

    /// <summary>The tasks' test samples, for <see cref="Point"/>.</summary>
    public static IReadOnlyList<TrainingData> Tests(TaskSequence tasks) => [.. tasks.Tasks.Select(task => new TrainingData(task.Test, task.Test))];
}
