using Talweg.Statistics;
using Talweg.Trajectories;

namespace Talweg.Tests.Trajectories;

/// <summary>Windows to test on.</summary>
internal static class Windows
{
    /// <summary>Independent normal numbers about 1, of a different variance in each weight.</summary>
    public static Window Noise(int iterations, int dimension, long seed)
    {
        var random = new RandomStream(seed, "noise");
        return From(iterations, dimension, (_, j) => 1 + random.NextNormal() / (1 + j));
    }

    public static Window From(int iterations, int dimension, Func<int, int, double> weight)
    {
        float[] weights = new float[iterations * dimension];
        for (int i = 0; i < weights.Length; i++)
            weights[i] = (float)weight(i / dimension, i % dimension);
        return new(weights, iterations, dimension);
    }
}
