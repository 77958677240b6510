using Talweg.Statistics;

namespace Talweg.Trajectories;

/// <summary>Windows in which nothing of interest happens, as large and as restless as a recorded one: what does a measure give on these?</summary>
/// <remarks>
/// A principal component analysis makes structure out of nothing: an isotropic random walk has σᵢ² ~ i^−2, with σ₁²/σ₂² about 4. A finding
/// that a surrogate shows too says nothing. Each surrogate has the recorded window's N, T and first row, and is a function of that window
/// and the state of the random stream.
/// </remarks>
public static class NullSurrogates
{
    private const int StepsAtOnce = 256;

    /// <summary>The variance of a step w(t + 1) − w(t) about its mean over the window, averaged over the weights: squared weights.</summary>
    /// <exception cref="InputException">There are fewer than 2 iterations, or a weight is not finite.</exception>
    public static double StepVariance(Window recorded)
    {
        RequireSteps(recorded);
        double squares = 0;
        for (int t = 1; t < recorded.Iterations; t++)
            squares += SquaredDistance(recorded.Row(t), recorded.Row(t - 1));
        int steps = recorded.Iterations - 1;
        double drift = SquaredDistance(recorded.Row(steps), recorded.Row(0)) / steps;
        return Math.Max(0, squares - drift) / steps / recorded.Dimension;
    }

    /// <summary>(a) A random walk of independent normal steps, alike in all directions.</summary>
    /// <param name="recorded">The window to imitate; its <see cref="StepVariance"/> is that of the steps.</param>
    /// <param name="random">Advances by one draw, from which streams are derived block by block.</param>
    /// <exception cref="InputException">There are fewer than 2 iterations, or a weight is not finite.</exception>
    public static Window IsotropicWalk(Window recorded, RandomStream random) =>
        Walk(recorded, random, StepsAtOnce, balanced: false);

    /// <summary>(b) The same, but the steps of each epoch sum to zero, as minibatches drawn without replacement have it at a fixed point.</summary>
    /// <param name="recorded">The window to imitate; its <see cref="StepVariance"/> is that of the steps.</param>
    /// <param name="iterationsPerEpoch">E, at least 2. Epochs count from the window's start; the last may break off.</param>
    /// <param name="random">Advances by one draw, from which streams are derived epoch by epoch.</param>
    /// <exception cref="InputException">There are fewer than 2 iterations, or a weight is not finite.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="iterationsPerEpoch"/> is less than 2.</exception>
    public static Window EpochBalancedWalk(Window recorded, int iterationsPerEpoch, RandomStream random)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(iterationsPerEpoch, 2);
        return Walk(recorded, random, iterationsPerEpoch, balanced: true);
    }

    /// <summary>(c) The recorded T − 1 steps, in random order within each epoch: the ends of epochs stay where they were.</summary>
    /// <param name="recorded">The window whose steps are shuffled.</param>
    /// <param name="iterationsPerEpoch">E, at least 1. Epochs count from the window's start; the last may break off.</param>
    /// <param name="random">Advances by one draw, from which streams are derived epoch by epoch.</param>
    /// <exception cref="InputException">There are fewer than 2 iterations, or a weight is not finite.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="iterationsPerEpoch"/> is less than 1.</exception>
    public static Window ShuffledSteps(Window recorded, int iterationsPerEpoch, RandomStream random)
    {
        RequireSteps(recorded);
        ArgumentNullException.ThrowIfNull(random);
        ArgumentOutOfRangeException.ThrowIfLessThan(iterationsPerEpoch, 1);
        long seed = (long)random.NextBits();
        var path = new SurrogatePath(recorded);
        while (path.StepsLeft > 0)
        {
            int first = path.StepsDone;
            int steps = Math.Min(iterationsPerEpoch, path.StepsLeft);
            foreach (int step in new RandomStream(seed, $"order/{first}").Permutation(steps))
                path.Add(recorded.Row(first + step), recorded.Row(first + step + 1));
        }
        return path.ToWindow();
    }

    private static Window Walk(Window recorded, RandomStream random, int stepsAtOnce, bool balanced)
    {
        ArgumentNullException.ThrowIfNull(random);
        double scale = Math.Sqrt(StepVariance(recorded) * (balanced ? stepsAtOnce / (stepsAtOnce - 1.0) : 1));
        long seed = (long)random.NextBits();
        float[] steps = new float[checked(stepsAtOnce * recorded.Dimension)];
        var path = new SurrogatePath(recorded);
        while (path.StepsLeft > 0)
        {
            Draw(steps, scale, new RandomStream(seed, $"steps/{path.StepsDone}"));
            if (balanced)
                Balance(steps, recorded.Dimension);
            for (int i = 0; i < stepsAtOnce && path.StepsLeft > 0; i++)
                path.Add(steps.AsSpan(i * recorded.Dimension, recorded.Dimension));
        }
        return path.ToWindow();
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

    private static void RequireSteps(Window recorded)
    {
        ArgumentNullException.ThrowIfNull(recorded);
        CentredWindow.RequireMotion(recorded);
        CentredWindow.Mean(recorded);   // refuses weights that are not finite
    }
}
