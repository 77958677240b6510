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
    /// <param name="epoch">Counted from 1.</param>
    /// <param name="pass">Where an iteration takes several minibatches, each pass has an order of its own.</param>
    public int[] Epoch(int epoch, int pass = 0)
    {
        var random = new RandomStream(seed, pass == 0 ? $"minibatches/{epoch}" : $"minibatches/{epoch}/{pass}");
        if (drawing == Drawing.WithoutReplacement)
            return random.Permutation(samples);
        var drawn = new int[PerEpoch * batchSize];
        for (int i = 0; i < drawn.Length; i++)
            drawn[i] = random.Next(samples);
        return drawn;
    }
}
