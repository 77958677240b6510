using Talweg.Landscapes;
using Talweg.Trajectories;
using TorchSharp;

namespace Talweg.Continual;

/// <summary>How the weights moved about a task's solution, and how flat its valley is there: what landscape-dependent constraints are made of.</summary>
public sealed record TaskModes
{
    /// <summary>w₁, the task's solution, [N].</summary>
    public required IReadOnlyList<float> Centre { get; init; }

    /// <summary>p₁ᵢ, in the order of their variance.</summary>
    public required Directions Directions { get; init; }

    /// <summary>σ²ᵢ.</summary>
    public required IReadOnlyList<double> Variances { get; init; }

    /// <summary>F₁ᵢ, null for an open side; null where nothing was measured.</summary>
    public required IReadOnlyList<double?>? Flatness { get; init; }

    /// <summary>Finds the modes of a task's recorded window, and measures the landscape along them.</summary>
    /// <param name="task">The task, with its window.</param>
    /// <param name="count">N_c, at most so many modes.</param>
    /// <param name="measure">Whether flatness is measured.</param>
    /// <param name="work">Threads, progress, cancellation.</param>
    /// <exception cref="ArgumentException">Nothing was recorded.</exception>
    public static TaskModes Of(LearnedTask task, int count, bool measure, WorkOptions work)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(work);
        var window = task.Window ?? throw new ArgumentException("Landscape-dependent constraints need the trajectory of the task's last epochs, but nothing was recorded.", nameof(task));
        torch.set_num_threads(1);                              // a resumed run knows its memory by the last bits, which depend on it
        var modes = PrincipalModes.Of(window, Math.Min(count, Math.Min(window.Iterations, window.Dimension)));
        var directions = Directions.Of(modes.Directions, modes.Dimension);
        return new()
        {
            Centre = task.Space.Flatten(task.Weights),
            Directions = directions,
            Variances = modes.Variances[..modes.Count],
            Flatness = measure ? Measure(task, directions, work) : null,
        };
    }

    /// <summary>The first modes alone.</summary>
    public TaskModes First(int count)
    {
        int kept = Math.Min(count, Directions.Count);
        double[] values = [.. Enumerable.Range(0, kept).SelectMany(i => Directions[i].ToArray())];
        return this with
        {
            Directions = Directions.Of(values, Directions.Dimension),
            Variances = [.. Variances.Take(kept)],
            Flatness = Flatness is null ? null : [.. Flatness.Take(kept)],
        };
    }

    private static double?[] Measure(LearnedTask task, Directions directions, WorkOptions work)
    {
        using var landscape = Landscape.Of(task.Weights, task.Samples, task.Space, threads: work.Threads);
        return [.. Landscapes.Flatness.Along(landscape, directions, new() { Fit = false }, work).Select(found => found.WidthUnlessOpen)];
    }
}
