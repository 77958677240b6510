using Talweg.Statistics;
using Talweg.Trajectories;

namespace Talweg.Tests.Trajectories;

public sealed class NullSurrogatesTests
{
    private const int Epoch = 30;

    [Fact]
    public void The_step_variance_is_that_of_the_steps_about_their_mean()
    {
        var recorded = Recorded(12, 4);
        double expected = Enumerable.Range(0, 4).Average(j =>
        {
            double[] steps = [.. Enumerable.Range(1, 11).Select(t => (double)recorded.Row(t)[j] - recorded.Row(t - 1)[j])];
            return steps.Average(s => s * s) - Math.Pow(steps.Average(), 2);
        });
        Assert.Equal(expected, NullSurrogates.StepVariance(recorded), 1e-14);
        Assert.Equal(0, NullSurrogates.StepVariance(Windows.From(5, 2, (t, _) => t)), 1e-14);
    }

    [Fact]
    public void Walks_have_the_size_start_and_step_variance_of_the_record()
    {
        var recorded = Recorded(20 * Epoch + 1, 200);
        double variance = NullSurrogates.StepVariance(recorded);
        foreach (var walk in new[]
        {
            NullSurrogates.IsotropicWalk(recorded, new RandomStream(1, "null")),
            NullSurrogates.EpochBalancedWalk(recorded, Epoch, new RandomStream(1, "null")),
        })
        {
            Assert.Equal((recorded.Iterations, recorded.Dimension), (walk.Iterations, walk.Dimension));
            Assert.Equal(recorded.Row(0).ToArray(), walk.Row(0).ToArray());
            Assert.Equal(1, NullSurrogates.StepVariance(walk) / variance, 0.02);   // 120,000 steps: 0.4 % is one error
        }
    }

    [Fact]
    public void A_balanced_walk_returns_at_the_end_of_each_epoch_and_not_before()
    {
        var recorded = Recorded(4 * Epoch + 11, 20);   // the last epoch breaks off
        var walk = NullSurrogates.EpochBalancedWalk(recorded, Epoch, new RandomStream(2, "null"));
        for (int t = 0; t < walk.Iterations; t++)
        {
            double distance = Math.Sqrt(walk.Row(t).ToArray().Zip(walk.Row(Epoch - 1).ToArray(), (a, b) => Math.Pow(a - b, 2)).Sum());
            if (t % Epoch == Epoch - 1)   // row 0 is after the first step, so the end of an epoch is one row earlier
                Assert.Equal(0, distance, 1e-4);
            else
                Assert.True(distance > 0.5, $"{distance} at {t}");
        }
    }

    [Fact]
    public void Shuffling_keeps_each_epochs_steps_and_ends_but_not_their_order()
    {
        var recorded = Recorded(4 * Epoch + 11, 3);
        var shuffled = NullSurrogates.ShuffledSteps(recorded, Epoch, new RandomStream(3, "null"));
        for (int epoch = 0; epoch <= 4; epoch++)
        {
            int first = Math.Max(epoch * Epoch - 1, 0);
            int end = Math.Min((epoch + 1) * Epoch - 1, recorded.Iterations - 1);
            var before = Steps(recorded, first, end);
            var after = Steps(shuffled, first, end);
            Assert.NotEqual(before.Select(s => Math.Round(s, 3)), after.Select(s => Math.Round(s, 3)));
            Assert.All(before.Order().Zip(after.Order()), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
            Assert.Equal(recorded.Row(end)[2], shuffled.Row(end)[2], 1e-5);
        }
    }

    [Fact]
    public void The_same_stream_gives_the_same_surrogate_and_another_another()
    {
        var recorded = Recorded(3 * Epoch, 5);
        Func<RandomStream, Window>[] surrogates =
        [
            random => NullSurrogates.IsotropicWalk(recorded, random),
            random => NullSurrogates.EpochBalancedWalk(recorded, Epoch, random),
            random => NullSurrogates.ShuffledSteps(recorded, Epoch, random),
        ];
        foreach (var surrogate in surrogates)
        {
            var random = new RandomStream(4, "null");
            float[] first = surrogate(random).Weights;
            Assert.Equal(first, surrogate(new RandomStream(4, "null")).Weights);
            Assert.NotEqual(first, surrogate(random).Weights);
        }
    }

    [Fact]
    public void Modes_of_a_random_walk_look_like_a_finding()
    {
        // σᵢ² = N/(4 sin²(πi/2T)) for unit steps as N → ∞: ratio 4, exponent 2, and 90 % of what mode 1 leaves in 14 modes.
        const int t = 1200, n = 600;
        var walk = NullSurrogates.IsotropicWalk(Recorded(t, n), new RandomStream(5, "null"));
        double[] variances = PrincipalModes.Of(walk).Variances;
        Assert.Equal(4, variances[0] / variances[1], 0.6);   // each σ² spreads by √(2/N) = 6 %
        double slope = Math.Log(variances[4] / variances[39]) / Math.Log(40 / 5.0);
        Assert.Equal(2, slope, 0.1);
        Assert.InRange(ExplainedVariance.ModesWithoutFirst(variances, 0.9), 11, 17);
        Assert.Equal(6, ExplainedVariance.Modes(variances, 0.9), 1.0);
        var drifts = ModeDrift.OfModes(PrincipalModes.Of(walk, 20), walk, 120);
        Assert.Equal(2, Math.Log(drifts[3].CorrelationTime!.Value / drifts[19].CorrelationTime!.Value) / Math.Log(20 / 4.0), 0.2);
    }

    [Fact]
    public void Bad_input_is_refused()
    {
        var random = new RandomStream(1, "null");
        Assert.Contains("at least 2", Assert.Throws<InputException>(() => NullSurrogates.IsotropicWalk(Windows.Noise(1, 2, 1), random)).Message);
        Assert.Contains("iteration 1, weight 0", Assert.Throws<InputException>(() => NullSurrogates.ShuffledSteps(new Window([0, float.NaN], 2, 1), 5, random)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => NullSurrogates.EpochBalancedWalk(Windows.Noise(3, 2, 1), 1, random));
        Assert.Throws<ArgumentOutOfRangeException>(() => NullSurrogates.ShuffledSteps(Windows.Noise(3, 2, 1), 0, random));
    }

    /// <summary>A drift with steps of different size in each weight.</summary>
    private static Window Recorded(int iterations, int dimension)
    {
        var random = new RandomStream(9, "recorded");
        double[] position = new double[dimension];
        return Windows.From(iterations, dimension, (_, j) => position[j] += 0.1 + random.NextNormal() * (0.5 + j % 3));
    }

    private static List<double> Steps(Window window, int first, int end) =>
        [.. Enumerable.Range(first, end - first).Select(t => (double)window.Row(t + 1)[1] - window.Row(t)[1])];
}
