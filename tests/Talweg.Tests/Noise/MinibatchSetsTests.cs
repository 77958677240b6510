using CsCheck;
using Talweg.Noise;
using Talweg.Statistics;

namespace Talweg.Tests.Noise;

public sealed class MinibatchSetsTests
{
    [Fact]
    public void Consecutive_blocks_leave_the_last_short_one_out()
    {
        var sets = MinibatchSets.Consecutive(11, 4);
        Assert.Equal((11, 4, 2), (sets.Samples, sets.BatchSize, sets.Count));
        Assert.Equal([0, 1, 2, 3], sets.SamplesOf(0).ToArray());
        Assert.Equal([4, 5, 6, 7], sets.SamplesOf(1).ToArray());
        Assert.Equal([1], sets.MinibatchesOf(7).ToArray());
        Assert.All([8, 9, 10], sample => Assert.True(sets.MinibatchesOf(sample).IsEmpty));
    }

    [Fact]
    public void A_shuffled_epoch_holds_every_sample_at_most_once() =>
        Gen.Select(Gen.Int[1, 200], Gen.Int[1, 50], Gen.Long[0, 1000]).Where((samples, size, _) => size <= samples).Sample((samples, size, seed) =>
        {
            var sets = MinibatchSets.Shuffled(samples, size, new RandomStream(seed, "sets"));
            var all = Enumerable.Range(0, sets.Count).SelectMany(minibatch => sets.SamplesOf(minibatch).ToArray()).ToArray();
            Assert.Equal(samples / size, sets.Count);
            Assert.Equal(all.Length, all.Distinct().Count());
            Assert.Equal(samples / size * size, all.Length);
            AssertBothWaysRound(sets);
        });

    [Fact]
    public void A_shuffled_epoch_leaves_any_sample_out()
    {
        // 3 of 11 are left out, so each of them in 55 ± 6.3 of 200 epochs; 25 are four errors.
        int[] leftOut = new int[11];
        for (int seed = 0; seed < 200; seed++)
        {
            var sets = MinibatchSets.Shuffled(11, 4, new RandomStream(seed, "left out"));
            for (int sample = 0; sample < 11; sample++)
                leftOut[sample] += sets.MinibatchesOf(sample).IsEmpty ? 1 : 0;
        }

        Assert.All(leftOut, times => Assert.InRange(times, 55 - 25, 55 + 25));
    }

    [Fact]
    public void A_draw_with_replacement_may_hold_a_sample_several_times()
    {
        var sets = MinibatchSets.WithReplacement(8, 5, 48, new RandomStream(1, "sets"));
        Assert.Equal((8, 5, 48), (sets.Samples, sets.BatchSize, sets.Count));
        Assert.Equal(240, Enumerable.Range(0, 8).Sum(sample => sets.MinibatchesOf(sample).Length));
        Assert.Contains(Enumerable.Range(0, 48), minibatch => Enumerable.Range(0, 8).Any(sample => Occurrences(sets, minibatch, sample) > 1));
        AssertBothWaysRound(sets);
    }

    /// <summary>780 pairs of 40 samples in minibatches of 4, each together in 3 of 39 epochs; what one has with all others is fixed, which leaves 740 degrees of freedom.</summary>
    [Fact]
    public void Two_samples_share_a_shuffled_minibatch_at_B_minus_1_over_M_minus_1()
    {
        const int epochs = 400;
        const double share = 3 / 39.0;
        int[][] places = [.. Enumerable.Range(0, epochs).Select(seed =>
        {
            var sets = MinibatchSets.Shuffled(40, 4, new RandomStream(seed, "pairs"));
            return Enumerable.Range(0, 40).Select(sample => sets.MinibatchesOf(sample)[0]).ToArray();
        })];
        double squares = 0;
        for (int one = 0; one < 40; one++)
        {
            for (int other = 0; other < one; other++)
                squares += Math.Pow(places.Count(epoch => epoch[one] == epoch[other]) - epochs * share, 2) / (epochs * share * (1 - share));
        }

        Assert.Equal(780, squares, 4 * Math.Sqrt(2 * 740) * 780 / 740);
    }

    /// <summary>20,000 draws from 50: χ² of 49 degrees of freedom.</summary>
    [Fact]
    public void A_draw_with_replacement_takes_every_sample_alike()
    {
        var sets = MinibatchSets.WithReplacement(50, 5, 4000, new RandomStream(1, "alike"));
        double squares = Enumerable.Range(0, 50).Sum(sample => Math.Pow(sets.MinibatchesOf(sample).Length - 400, 2) / 400);
        Assert.Equal(49, squares, 4 * Math.Sqrt(2 * 49));
    }

    [Fact]
    public void The_same_stream_draws_the_same_minibatches_and_another_seed_others()
    {
        int[] First(long seed) => MinibatchSets.Shuffled(1000, 50, new RandomStream(seed, "sets")).SamplesOf(0).ToArray();
        Assert.Equal(First(3), First(3));
        Assert.NotEqual(First(3), First(4));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(5, 0)]
    [InlineData(5, 6)]
    public void A_minibatch_that_cannot_be_filled_is_refused(int samples, int batchSize) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => MinibatchSets.Consecutive(samples, batchSize));

    private static void AssertBothWaysRound(MinibatchSets sets)
    {
        for (int sample = 0; sample < sets.Samples; sample++)
        {
            var counted = Enumerable.Range(0, sets.Count).SelectMany(minibatch => Enumerable.Repeat(minibatch, Occurrences(sets, minibatch, sample)));
            Assert.Equal(counted, sets.MinibatchesOf(sample).ToArray());
        }
    }

    private static int Occurrences(MinibatchSets sets, int minibatch, int sample)
    {
        int count = 0;
        foreach (int other in sets.SamplesOf(minibatch))
            count += other == sample ? 1 : 0;
        return count;
    }
}
