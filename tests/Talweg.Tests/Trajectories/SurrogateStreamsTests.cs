using Talweg.Statistics;
using Talweg.Trajectories;

namespace Talweg.Tests.Trajectories;

/// <summary>Chance within a surrogate: every epoch and every block of steps has its own, and nothing repeats.</summary>
public sealed class SurrogateStreamsTests
{
    private const int Epoch = 8;
    private const int Epochs = 400;

    /// <summary>Steps of 1, 2, … 8 in each epoch tell where each went: 64 cells of 400/8, each square of mean 1 − 1/8, of 7·7 degrees of freedom.</summary>
    [Fact]
    public void A_steps_place_in_its_shuffled_epoch_is_uniform_and_each_epoch_has_an_order_of_its_own()
    {
        var recorded = Windows.From(Epochs * Epoch, 1, (t, _) => t / Epoch * 36 + (t % Epoch + 1) * (t % Epoch + 2) / 2.0);
        var shuffled = NullSurrogates.ShuffledSteps(recorded, Epoch, new RandomStream(1, "null"));
        int[,] places = new int[Epoch, Epoch];
        var orders = new HashSet<string>();
        for (int epoch = 1; epoch < Epochs; epoch++)           // the first epoch's first step was made before the window's first row
        {
            int[] order = [.. Enumerable.Range(0, Epoch).Select(i => (int)Math.Round(shuffled.Row(epoch * Epoch + i)[0] - shuffled.Row(epoch * Epoch + i - 1)[0]))];
            Assert.Equal(Enumerable.Range(1, Epoch), order.Order());
            orders.Add(string.Join(' ', order));
            for (int i = 0; i < Epoch; i++)
                places[i, order[i] - 1]++;
        }

        const double expected = (Epochs - 1) / (double)Epoch;
        Assert.Equal(56, places.Cast<int>().Sum(times => Math.Pow(times - expected, 2) / expected), 4 * Math.Sqrt(2 * 49) * 8 / 7);
        Assert.InRange(orders.Count, Epochs - 1 - 12, Epochs - 1);       // of 40,320 orders: 399·398/2/40,320 = 2 pairs agree
    }

    /// <summary>Steps a lag apart are independent, so their mean product is 0 to within σ²/√n: at the length of an epoch and of a block of 256.</summary>
    [Theory]
    [InlineData(false, 1)]
    [InlineData(false, Epoch)]
    [InlineData(false, 256)]
    [InlineData(true, Epoch)]
    [InlineData(true, 2 * Epoch)]
    public void A_walks_steps_do_not_come_again(bool balanced, int lag)
    {
        var recorded = Windows.From(1025, 6, (t, j) => (t + j) % 2);
        var walk = balanced ? NullSurrogates.EpochBalancedWalk(recorded, Epoch, new RandomStream(1, "null")) : NullSurrogates.IsotropicWalk(recorded, new RandomStream(1, "null"));
        double product = 0, square = 0;
        int count = 0;
        for (int j = 0; j < 6; j++)
        {
            double Step(int t) => (double)walk.Row(t + 1)[j] - walk.Row(t)[j];
            for (int t = 0; t + lag < 1024; t++, count++)
                (product, square) = (product + Step(t) * Step(t + lag), square + Step(t) * Step(t));
        }

        Assert.Equal(0, product / square, 4 / Math.Sqrt(count));
    }

    /// <summary>Within an epoch of steps that sum to zero two of them have the correlation −1/(E − 1); in a walk whose steps are independent they have none, and (Σs)²/Σs² of E normal steps has the mean 1 and the variance 2(E − 1)/(E + 2).</summary>
    [Fact]
    public void Only_a_balanced_walks_steps_are_against_each_other_within_an_epoch()
    {
        var recorded = Windows.From(1 + 300 * Epoch, 6, (t, j) => (t + j) % 2);
        double Within(Window walk) => Enumerable.Range(0, 6).Average(j => Enumerable.Range(1, 298).Average(epoch =>
        {
            double[] steps = [.. Enumerable.Range(0, Epoch).Select(i => (double)walk.Row(epoch * Epoch + i)[j] - walk.Row(epoch * Epoch + i - 1)[j])];
            return Math.Pow(steps.Sum(), 2) / steps.Sum(s => s * s);
        }));
        Assert.Equal(0, Within(NullSurrogates.EpochBalancedWalk(recorded, Epoch, new RandomStream(1, "null"))), 1e-6);
        Assert.Equal(1, Within(NullSurrogates.IsotropicWalk(recorded, new RandomStream(1, "null"))), 4 * Math.Sqrt(2.0 * (Epoch - 1) / (Epoch + 2) / 1788));
    }

    /// <summary>Each surrogate of a stream differs from that of another seed and from the next of the same stream.</summary>
    [Fact]
    public void Every_surrogate_of_another_seed_is_another()
    {
        var recorded = Windows.Noise(5 * Epoch, 3, seed: 1);
        foreach (var surrogate in (Func<RandomStream, Window>[])
            [random => NullSurrogates.IsotropicWalk(recorded, random), random => NullSurrogates.EpochBalancedWalk(recorded, Epoch, random), random => NullSurrogates.ShuffledSteps(recorded, Epoch, random)])
        {
            var random = new RandomStream(1, "null");
            Window[] windows = [surrogate(random), surrogate(random), surrogate(new RandomStream(2, "null")), surrogate(new RandomStream(3, "null"))];
            Assert.Equal(4, windows.Select(window => string.Join(' ', window.Weights)).Distinct().Count());
        }
    }
}
