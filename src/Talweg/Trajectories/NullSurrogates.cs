using Talweg.Statistics;

namespace Talweg.Trajectories;

/// <summary>Windows in which nothing of interest happens, as large and as restless as a recorded one: what does a measure give on these?</summary>
/// <remarks>
/// A principal component analysis makes structure out of nothing: an isotropic random walk has σᵢ² ~ i^−2, with σ₁²/σ₂² about 4. A finding
/// that a surrogate shows too says nothing. Each surrogate has the recorded window's N, T and first row, and is a function of that window
/// and the state of the random stream. The result is held in memory, 4·T·N bytes; the recorded window may lie on disk.
/// </remarks>
public static class NullSurrogates
{
    private const int StepsAtOnce = 256;

    /// <summary>The variance of a step w(t + 1) − w(t) about its mean over the window, averaged over the weights: squared weights.</summary>
    /// <exception cref="InputException">There are fewer than 2 iterations, or a weight is not finite.</exception>
    public static double StepVariance(IWindow recorded)
    {
        RequireSteps(recorded);
        var (first, from, to) = (Row(recorded, 0), Row(recorded, 0), new float[recorded.Dimension]);
        double squares = 0;
        for (int t = 1; t < recorded.Iterations; t++)
        {
            recorded.Read(t, 0, to);
            squares += SquaredDistance(to, from);
            (from, to) = (to, from);
        }
        int steps = recorded.Iterations - 1;
        double drift = SquaredDistance(from, first) / steps;
        return Math.Max(0, squares - drift) / steps / recorded.Dimension;
    }

    /// <summary>(a) A random walk of independent normal steps, alike in all directions.</summary>
    /// <param name="recorded">The window to imitate; its <see cref="StepVariance"/> is that of the steps.</param>
    /// <param name="random">Advances by one draw, from which streams are derived block by block.</param>
    /// <exception cref="InputException">There are fewer than 2 iterations, or a weight is not finite.</exception>
    public static Window IsotropicWalk(IWindow recorded, RandomStream random) =>
        Walk(recorded, random, StepsAtOnce, balanced: false);

    /// <summary>(b) The same, but the steps of each epoch sum to zero, as minibatches drawn without replacement have it at a fixed point.</summary>
    /// <param name="recorded">The window to imitate; its <see cref="StepVariance"/> is that of the steps.</param>
    /// <param name="iterationsPerEpoch">E, at least 2. Row 0 holds the weights after the first step of an epoch; the last epoch may break off.</param>
    /// <param name="random">Advances by one draw, from which streams are derived epoch by epoch.</param>
    /// <exception cref="InputException">There are fewer than 2 iterations, or a weight is not finite.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="iterationsPerEpoch"/> is less than 2.</exception>
    public static Window EpochBalancedWalk(IWindow recorded, int iterationsPerEpoch, RandomStream random)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(iterationsPerEpoch, 2);
        return Walk(recorded, random, iterationsPerEpoch, balanced: true);
    }

    /// <summary>(c) The recorded T − 1 steps, in random order within each epoch: the ends of epochs stay where they were.</summary>
    /// <param name="recorded">The window whose steps are shuffled.</param>
    /// <param name="iterationsPerEpoch">E, at least 1. Row 0 holds the weights after the first step of an epoch; the last epoch may break off.</param>
    /// <param name="random">Advances by one draw, from which streams are derived epoch by epoch.</param>
    /// <exception cref="InputException">There are fewer than 2 iterations, or a weight is not finite.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="iterationsPerEpoch"/> is less than 1.</exception>
    public static Window ShuffledSteps(IWindow recorded, int iterationsPerEpoch, RandomStream random)
    {
        RequireSteps(recorded);
        ArgumentNullException.ThrowIfNull(random);
        ArgumentOutOfRangeException.ThrowIfLessThan(iterationsPerEpoch, 1);
        long seed = (long)random.NextBits();
        var path = new SurrogatePath(recorded);
        var epochs = new WindowEpochs(recorded.Iterations, iterationsPerEpoch);
        var (from, to) = (new float[recorded.Dimension], new float[recorded.Dimension]);
        while (path.StepsLeft > 0)
        {
            int first = path.StepsDone;
            int steps = Math.Min(iterationsPerEpoch - epochs.StepFrom(first), path.StepsLeft);
            foreach (int step in new RandomStream(seed, $"order/{first}").Permutation(steps))
            {
                recorded.Read(first + step, 0, from);
                recorded.Read(first + step + 1, 0, to);
                path.Add(from, to);
            }
        }
        return path.ToWindow();
    }

    private static Window Walk(IWindow recorded, RandomStream random, int stepsAtOnce, bool balanced)
    {
        ArgumentNullException.ThrowIfNull(random);
        double scale = Math.Sqrt(StepVariance(recorded) * (balanced ? stepsAtOnce / (stepsAtOnce - 1.0) : 1));
        long seed = (long)random.NextBits();
        float[] steps = new float[checked(stepsAtOnce * recorded.Dimension)];
        var path = new SurrogatePath(recorded);
        var epochs = new WindowEpochs(recorded.Iterations, stepsAtOnce);
        while (path.StepsLeft > 0)
        {
            Draw(steps, scale, new RandomStream(seed, $"steps/{path.StepsDone}"));
            if (balanced)
                Balance(steps, recorded.Dimension);
            int first = balanced ? epochs.StepFrom(path.StepsDone) : 0;   // an epoch's first step was made before the window's first row
            for (int i = first; i < stepsAtOnce && path.StepsLeft > 0; i++)
                path.Add(steps.AsSpan(i * recorded.Dimension, recorded.Dimension));
        }
        return path.ToWindow();
    }

    private static float[] Row(IWindow window, int iteration)
    {
        float[] row = new float[window.Dimension];
        window.Read(iteration, 0, row);
        return row;
    }

    private static void Draw(float[] steps, double scale, RandomStream random)
    {
        for (int i = 0; i < steps.Length; i++)
            steps[i] = (float)(scale * random.NextNormal());
    }

    /// <summary>Takes from each weight's steps their mean, so that they sum to zero.</summary>
    private static void Balance(float[] steps, int dimension)
    {
        double[] means = new double[dimension];
        for (int i = 0; i < steps.Length; i += dimension)
        {
            for (int j = 0; j < dimension; j++)
                means[j] += steps[i + j];
        }
        int count = steps.Length / dimension;
        for (int i = 0; i < steps.Length; i += dimension)
        {
            for (int j = 0; j < dimension; j++)
                steps[i + j] = (float)(steps[i + j] - means[j] / count);
        }
    }

    private static double SquaredDistance(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double sum = 0;
        for (int j = 0; j < a.Length; j++)
        {
            double difference = (double)a[j] - b[j];
            sum += difference * difference;
        }
        return sum;
    }

    private static void RequireSteps(IWindow recorded)
    {
        ArgumentNullException.ThrowIfNull(recorded);
        CentredWindow.RequireMotion(recorded);
        CentredWindow.Mean(recorded);   // refuses weights that are not finite
    }
}
