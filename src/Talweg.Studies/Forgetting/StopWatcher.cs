using Talweg.Continual;
using Talweg.Networks;
using Talweg.Training;

namespace Talweg.Studies.Forgetting;

/// <summary>Takes the weights of one training at all stops of its ladder, and, if asked, the errors on the way.</summary>
/// <remarks>Where an error first falls to a bound is looked for after iterations 1, 2, 3, … that grow by a fifth: within so much the moment is known.</remarks>
internal sealed class StopWatcher : IWeightsObserver
{
    private const double Growth = 1.2;

    private readonly IReadOnlyList<TrainingData> _tests;
    private readonly bool _follows;
    private readonly Dictionary<long, string[]> _epochs;
    private readonly HashSet<long> _moments;
    private readonly Queue<double> _bounds;
    private readonly Dictionary<string, (long Iteration, NetworkWeights Weights)> _found = [];
    private readonly List<CoursePoint> _course = [];

    /// <param name="ladder">The stops.</param>
    /// <param name="perEpoch">Iterations of an epoch.</param>
    /// <param name="tests">Every task's test samples, the trained one's last.</param>
    /// <param name="follows">Whether all tasks' errors are taken on the way.</param>
    public StopWatcher(Ladder ladder, int perEpoch, IReadOnlyList<TrainingData> tests, bool follows)
    {
        (_tests, _follows) = (tests, follows);
        _bounds = new(ladder.Errors.OrderDescending());
        _epochs = ladder.Epochs.GroupBy(epochs => Ladder.IterationOf(epochs, perEpoch)).ToDictionary(group => group.Key, group => group.Select(Ladder.EpochName).ToArray());
        _moments = [.. Moments(ladder.TrainedEpochs * (long)perEpoch)];
        if (follows)
            _moments.UnionWith(Enumerable.Range(1, ladder.TrainedEpochs).Select(epoch => (long)epoch * perEpoch));
    }

    /// <summary>All errors on the way; empty unless they were asked for.</summary>
    public IReadOnlyList<CoursePoint> Course => _course;

    /// <summary>Where a stop was, and the weights there; null if it was not reached.</summary>
    public (long Iteration, NetworkWeights Weights)? At(string stop) => _found.TryGetValue(stop, out var found) ? found : null;

    /// <inheritdoc/>
    public bool Wants(long iteration) => _epochs.ContainsKey(iteration) || (_moments.Contains(iteration) && (_follows || _bounds.Count > 0));

    /// <inheritdoc/>
    public void See(long iteration, NetworkWeights weights)
    {
        if (_epochs.TryGetValue(iteration, out string[]? names))
        {
            foreach (string name in names)
                _found.Add(name, (iteration, weights));
        }

        if (!_moments.Contains(iteration))
            return;
        if (_follows)
            _course.Add(TaskCourse.Point(iteration, weights, _tests));
        double error = _bounds.Count == 0 ? 1 : _follows ? _course[^1].Errors[^1] : Performance.OnTest(weights, _tests[^1]).Error;
        while (iteration > 0 && _bounds.TryPeek(out double bound) && error <= bound)
            _found.Add(Ladder.ErrorName(_bounds.Dequeue()), (iteration, weights));
    }

    /// <summary>0, 1, 2, …, each a fifth above the one before.</summary>
    internal static IEnumerable<long> Moments(long last)
    {
        yield return 0;
        for (long moment = 1; moment <= last; moment = Math.Max(moment + 1, (long)Math.Ceiling(Growth * moment)))
            yield return moment;
    }
}
