using Talweg.Statistics;

namespace Talweg.Noise;

/// <summary>Which samples form which minibatches: the ensemble that a measure of this room averages over.</summary>
/// <remarks>
/// Every minibatch has exactly B samples; samples that fill no minibatch are left out of everything. Memory: 8 bytes for each of the
/// count × B places, and 4 a sample.
/// </remarks>
public sealed class MinibatchSets
{
    private readonly int[] _samples;
    private readonly int[] _minibatches;
    private readonly int[] _firstOfSample;

    private MinibatchSets(int samples, int batchSize, int[] places)
    {
        Samples = samples;
        BatchSize = batchSize;
        Count = places.Length / batchSize;
        _samples = places;
        _firstOfSample = new int[samples + 1];
        foreach (int sample in places)
            _firstOfSample[sample + 1]++;
        for (int sample = 0; sample < samples; sample++)
            _firstOfSample[sample + 1] += _firstOfSample[sample];
        _minibatches = new int[places.Length];
        int[] next = _firstOfSample[..samples];
        for (int place = 0; place < places.Length; place++)
            _minibatches[next[places[place]]++] = place / batchSize;
    }

    /// <summary>M, the number of samples that minibatches were drawn from.</summary>
    public int Samples { get; }

    /// <summary>B, samples a minibatch.</summary>
    public int BatchSize { get; }

    /// <summary>Number of minibatches.</summary>
    public int Count { get; }

    /// <summary>⌊M/B⌋ consecutive blocks of the samples in file order; the last M mod B are left out.</summary>
    /// <exception cref="ArgumentOutOfRangeException">B is not within 1 … M.</exception>
    public static MinibatchSets Consecutive(int samples, int batchSize)
    {
        Require(samples, batchSize);
        return new(samples, batchSize, [.. Enumerable.Range(0, samples / batchSize * batchSize)]);
    }

    /// <summary>One epoch without replacement: ⌊M/B⌋ blocks of the samples in random order; M mod B of them, at random, are left out.</summary>
    /// <exception cref="ArgumentOutOfRangeException">B is not within 1 … M.</exception>
    public static MinibatchSets Shuffled(int samples, int batchSize, RandomStream random)
    {
        ArgumentNullException.ThrowIfNull(random);
        Require(samples, batchSize);
        return new(samples, batchSize, random.Permutation(samples)[..(samples / batchSize * batchSize)]);
    }

    /// <summary><paramref name="count"/> minibatches, every sample of each drawn anew from all samples.</summary>
    /// <exception cref="ArgumentOutOfRangeException">B is not within 1 … M, there is no minibatch, or there are more than 2³¹ places.</exception>
    public static MinibatchSets WithReplacement(int samples, int batchSize, int count, RandomStream random)
    {
        ArgumentNullException.ThrowIfNull(random);
        Require(samples, batchSize);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)count * batchSize, int.MaxValue, nameof(count));
        int[] places = new int[count * batchSize];
        for (int place = 0; place < places.Length; place++)
            places[place] = random.Next(samples);
        return new(samples, batchSize, places);
    }

    /// <summary>The samples of one minibatch, [B].</summary>
    public ReadOnlySpan<int> SamplesOf(int minibatch) => _samples.AsSpan(minibatch * BatchSize, BatchSize);

    /// <summary>The minibatches that hold a sample, as often as it was drawn for each; none where it was left out.</summary>
    public ReadOnlySpan<int> MinibatchesOf(int sample) => _minibatches.AsSpan(_firstOfSample[sample].._firstOfSample[sample + 1]);

    private static void Require(int samples, int batchSize)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(batchSize, samples);
    }
}
