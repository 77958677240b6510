namespace Talweg.Landscapes;

/// <summary>Transects along many directions at once, each direction on one thread.</summary>
public static class Transects
{
    /// <summary>The mean loss, and slope if asked for, along every direction.</summary>
    /// <param name="landscape">Where.</param>
    /// <param name="directions">[K, N].</param>
    /// <param name="displacements">δθ, the same for all directions.</param>
    /// <param name="withSlopes">Whether exact slopes are wanted.</param>
    /// <param name="options">Threads, progress, cancellation.</param>
    public static IReadOnlyList<Profile> Along(
        Landscape landscape, Directions directions, IReadOnlyList<double> displacements, bool withSlopes = false, WorkOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(landscape);
        double[] points = [.. displacements];
        return Each(directions, "transects", (_, direction) => landscape.Profile(direction, points, withSlopes), options);
    }

    /// <summary>Runs <paramref name="measure"/> for every direction, spread over threads, results in the directions' order.</summary>
    internal static T[] Each<T>(Directions directions, string what, DirectionMeasure<T> measure, WorkOptions? options)
    {
        ArgumentNullException.ThrowIfNull(directions);
        return Each(directions.Count, what, index => measure(index, directions[index]), options);
    }

    /// <summary>Runs <paramref name="measure"/> for indices from 0, spread over threads, results in their order.</summary>
    internal static T[] Each<T>(int count, string what, Func<int, T> measure, WorkOptions? options)
    {
        options ??= WorkOptions.Default;
        var results = new T[count];
        int done = 0;
        options.Progress?.Report(new(what, 0, count));
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Threads, CancellationToken = options.Cancellation };
        Parallel.For(0, count, parallel, index =>
        {
            results[index] = measure(index);
            options.Progress?.Report(new(what, Interlocked.Increment(ref done), count));
        });
        return results;
    }

    internal delegate T DirectionMeasure<out T>(int index, ReadOnlySpan<double> direction);
}
