using Talweg.Tests.Storage;
using Talweg.Training;

namespace Talweg.Tests.Training;

/// <summary>Which samples a training's minibatches held, read from its weights: chance as it should be, epoch by epoch.</summary>
/// <remarks>Sums of squares have the means given; their spreads are those of χ², since cells depend on each other weakly. Seeds are fixed; limits are four deviations.</remarks>
public sealed class DrawnMinibatchesTests : IDisposable
{
    private const int Epochs = 400;
    private const int BatchSize = 5;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>53 samples in ten minibatches of 5, three left out: eleven places, of which a sample is in each as often as in any other in proportion to its size.</summary>
    [Fact]
    public void A_samples_place_in_its_epoch_is_uniform_and_every_sample_comes_once_or_is_left_out()
    {
        int[][] places = Places(53);
        double squares = 0;
        for (int sample = 0; sample < 53; sample++)
        {
            for (int place = 0; place <= 10; place++)
            {
                double expected = Epochs * (place < 10 ? 5 : 3) / 53.0;
                squares += Math.Pow(places.Count(epoch => epoch[sample] == place) - expected, 2) / expected;
            }
        }

        // Each cell's square has the mean 1 − p, so together 53·(11 − 1); of 52·10 degrees of freedom.
        Assert.Equal(530, squares, 4 * Math.Sqrt(2 * 520) * 53 / 52);
    }

    [Fact]
    public void Two_samples_share_a_minibatch_at_B_minus_1_over_M_minus_1()
    {
        int[][] places = Places(50);
        const double share = (BatchSize - 1) / 49.0;
        double squares = 0;
        for (int one = 0; one < 50; one++)
        {
            for (int other = 0; other < one; other++)
            {
                int times = places.Count(epoch => epoch[one] == epoch[other]);
                squares += Math.Pow(times - Epochs * share, 2) / (Epochs * share * (1 - share));
            }
        }

        // 1225 pairs, each binomial; what one sample has with all others is fixed, which leaves 1175 degrees of freedom.
        Assert.Equal(1225, squares, 4 * Math.Sqrt(2 * 1175) * 1225 / 1175);
    }

    [Fact]
    public void An_epochs_order_says_nothing_of_the_next()
    {
        int[][] places = Places(50);
        int same = Enumerable.Range(1, Epochs - 1).Sum(e => Enumerable.Range(0, 50).Count(sample => places[e][sample] == places[e - 1][sample]));
        // One in ten; the number of matches of two random orders has the variance M p (1 − p) M/(M − 1).
        Assert.Equal((Epochs - 1) * 5, same, 4 * Math.Sqrt((Epochs - 1) * 50 * 0.09 * 50 / 49));
    }

    [Fact]
    public void With_replacement_samples_come_as_often_as_independent_draws_have_it()
    {
        var samples = new OneHotSamples(50);
        var plan = samples.Plan(BatchSize, Epochs, Drawing.WithReplacement);
        double[][] weights = samples.Train(plan, _folder["run"]);
        int[][] times = [.. Enumerable.Range(0, Epochs * 10).Select(t => samples.Times(weights[t], weights[t + 1], plan))];
        Assert.All(times, minibatch => Assert.Equal(BatchSize, minibatch.Sum()));
        double squares = Enumerable.Range(0, 50).Sum(sample => Math.Pow(times.Sum(minibatch => minibatch[sample]) - 400, 2) / 400);
        Assert.Equal(49, squares, 4 * Math.Sqrt(2 * 49));                                                     // 20,000 draws: χ² of 49 degrees of freedom
        double[] binomial = [Math.Pow(0.98, 5), 5 * 0.02 * Math.Pow(0.98, 4), 10 * 0.0004 * Math.Pow(0.98, 3), 10 * 0.000008 * Math.Pow(0.98, 2)];
        // Samples of one minibatch stand in each other's way: the deviations are at most those of independent ones.
        for (int count = 0; count <= 3; count++)
        {
            double expected = 200_000 * binomial[count];
            Assert.Equal(expected, times.Sum(minibatch => minibatch.Count(c => c == count)), 4 * Math.Sqrt(expected * (1 - binomial[count])));
        }
    }

    [Fact]
    public void Another_seed_draws_other_minibatches()
    {
        int[] one = Places(50, epochs: 1, seed: 1)[0], other = Places(50, epochs: 1, seed: 2)[0];
        Assert.InRange(Enumerable.Range(0, 50).Count(sample => one[sample] == other[sample]), 0, 5 + 9);      // 5 ± 2.1
    }

    /// <summary>The minibatch, counted from 0, in which each sample was, [epochs][M]; ⌊M/B⌋ where it was left out.</summary>
    private int[][] Places(int count, int epochs = Epochs, long seed = 1)
    {
        var samples = new OneHotSamples(count);
        var plan = samples.Plan(BatchSize, epochs, seed: seed);
        double[][] weights = samples.Train(plan, _folder[$"{count} samples, seed {seed}"]);
        int perEpoch = count / BatchSize;
        int[][] places = new int[epochs][];
        for (int epoch = 0; epoch < epochs; epoch++)
        {
            places[epoch] = [.. Enumerable.Repeat(-1, count)];
            for (int t = 0; t < perEpoch; t++)
            {
                int[] times = samples.Times(weights[epoch * perEpoch + t], weights[epoch * perEpoch + t + 1], plan);
                Assert.Equal(BatchSize, times.Sum());
                for (int sample = 0; sample < count; sample++)
                {
                    if (times[sample] == 0)
                        continue;
                    Assert.Equal((1, -1), (times[sample], places[epoch][sample]));                            // once in the minibatch, once in the epoch
                    places[epoch][sample] = t;
                }
            }

            Assert.Equal(count % BatchSize, places[epoch].Count(place => place < 0));
            places[epoch] = [.. places[epoch].Select(place => place < 0 ? perEpoch : place)];
        }

        return places;
    }
}
