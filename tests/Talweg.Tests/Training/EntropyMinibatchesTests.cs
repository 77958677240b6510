using Talweg.Tests.Storage;
using Talweg.Training;

namespace Talweg.Tests.Training;

/// <summary>The minibatches of Entropy-SGD's inner steps, read from the weights: which steps of the walk took a sample shows in how far its mean went.</summary>
public sealed class EntropyMinibatchesTests
{
    private const int Count = 40;
    private const int BatchSize = 5;
    private const int Passes = 3;
    private const int Epochs = 200;
    private const double InnerRate = 0.5;

    /// <summary>The weight of the old mean: a step of the walk's first, second and third moves it by 0.784, 0.64 and 0.4 of itself, and no two sums of these are alike.</summary>
    private const double Average = 0.6;

    [Fact]
    public void Each_inner_step_takes_a_minibatch_of_its_own_and_each_pass_is_a_partition_in_an_order_of_its_own()
    {
        using var folder = new TemporaryFolder();
        var samples = new OneHotSamples(Count);
        var plan = samples.Plan(BatchSize, Epochs) with { LearningRate = 0, Optimizer = Optimizer.Parse($"entropy-sgd:lr=1,steps={Passes},gamma=0,noise=0,inner-lr={InnerRate},average={Average}") };
        double[][] weights = samples.Train(plan, folder["run"]);
        const int perEpoch = Count / BatchSize;
        int[,,] places = new int[Epochs, Passes, Count];
        for (int t = 0; t < Epochs * perEpoch; t++)
        {
            int[] taken = new int[Passes];
            for (int sample = 0; sample < Count; sample++)
            {
                int steps = Steps(samples.Logit(weights[t], sample), samples.Logit(weights[t + 1], sample));
                for (int pass = 0; pass < Passes; pass++)
                {
                    if ((steps & (1 << pass)) == 0)
                        continue;
                    taken[pass]++;
                    Assert.Equal(0, places[t / perEpoch, pass, sample]);                                     // once a pass
                    places[t / perEpoch, pass, sample] = t % perEpoch + 1;
                }
            }

            Assert.All(taken, size => Assert.Equal(BatchSize, size));
        }

        AssertUniform(places);
        AssertDifferent(places);
    }

    /// <summary>Each pass's place of each sample: 40 · 8 cells of 200/8 = 25, each square of mean 1 − 1/8, of 39 · 7 degrees of freedom.</summary>
    private static void AssertUniform(int[,,] places)
    {
        for (int pass = 0; pass < Passes; pass++)
        {
            double squares = 0;
            for (int sample = 0; sample < Count; sample++)
            {
                for (int place = 1; place <= 8; place++)
                    squares += Math.Pow(Enumerable.Range(0, Epochs).Count(epoch => places[epoch, pass, sample] == place) - 25, 2) / 25;
            }

            Assert.Equal(280, squares, 4 * Math.Sqrt(2 * 273) * 280 / 273);
        }
    }

    /// <summary>A sample has the same place in two passes of an epoch once in eight times: 1,000 of 8,000, give or take √(8,000 · ⅛ · ⅞ · 40/39) = 30.</summary>
    private static void AssertDifferent(int[,,] places)
    {
        foreach (var (one, other) in ((int, int)[])[(0, 1), (0, 2), (1, 2)])
        {
            int same = 0;
            for (int epoch = 0; epoch < Epochs; epoch++)
                same += Enumerable.Range(0, Count).Count(sample => places[epoch, one, sample] == places[epoch, other, sample]);
            Assert.Equal(1000, same, 4 * 30.0);
        }
    }

    /// <summary>The set of inner steps that took a sample, one bit a step: the one whose walk, written out here, ends where the training's mean did.</summary>
    private static int Steps(double before, double after)
    {
        double[] ends = [.. Enumerable.Range(0, 1 << Passes).Select(steps => End(before, steps))];
        int nearest = Array.IndexOf(ends, ends.MinBy(end => Math.Abs(end - after)));
        double moved = ends[^1] - ends[0];
        // Single precision leaves 1e-6 of a logit of some units; two sets lie at least 0.144/1.824 = 8% of the whole walk apart.
        Assert.True(Math.Abs(ends[nearest] - after) < 0.02 * moved, $"from {before} to {after}, not to {string.Join(", ", ends)}");
        return nearest;
    }

    private static double End(double logit, int steps)
    {
        double x = logit, mean = logit;
        for (int pass = 0; pass < Passes; pass++)
        {
            if ((steps & (1 << pass)) != 0)
                x += 2 * InnerRate / BatchSize * OneHotSamples.Wrong(x);
            mean = Average * mean + (1 - Average) * x;
        }

        return mean;
    }
}
