using Talweg.Statistics;

namespace Talweg.Training;

/// <summary>How an epoch's minibatches are drawn.</summary>
public enum Drawing
{
    /// <summary>Every epoch a new random partition of the samples; the last M mod B are left out of that epoch.</summary>
    WithoutReplacement,

    /// <summary>Every sample of every minibatch drawn anew from all samples.</summary>
    WithReplacement,
}

/// <summary>The order in which samples come. Each epoch has a random stream of its own, so an epoch needs no state from the one before.</summary>
internal sealed class Minibatches(int samples, int batchSize, Drawing drawing, long seed)
{
    /// <summary>E = ⌊M/B⌋, iterations an epoch.</summary>
    public int PerEpoch { get; } = samples / batchSize;

    /// <summary>Samples of an epoch in order: minibatch t is [t·B, (t + 1)·B).</summary>
    public int[] Epoch(int epoch)
    {
        var random = new RandomStream(seed, $"minibatches/{epoch}");
        if (drawing == Drawing.WithoutReplacement)
            return random.Permutation(samples);
        var drawn = new int[PerEpoch * batchSize];
        for (int i = 0; i < drawn.Length; i++)
            drawn[i] = random.Next(samples);
        return drawn;
    }
}
