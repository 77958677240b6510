using Talweg.Statistics;
using Talweg.Studies.Running;
using Talweg.Trajectories;

namespace Talweg.Studies.Tests.Running;

/// <summary>Which surrogate stands under which name, for whichever study asks: properties that the others lack.</summary>
public sealed class NullWindowsTests
{
    private const int Iterations = 96, PerEpoch = 8, Weights = 40;

    private static readonly Window Recorded = Motion();

    [Fact]
    public void There_are_three_names() =>
        Assert.Equal(["isotropic walk", "epoch-balanced walk", "shuffled steps"], NullWindows.Names);

    [Theory]
    [InlineData("isotropic walk")]
    [InlineData("epoch-balanced walk")]
    [InlineData("shuffled steps")]
    public void A_surrogate_has_the_recorded_length_weights_start_and_restlessness(string name)
    {
        var drawn = NullWindows.Draw(name, Recorded, PerEpoch, 1);
        Assert.Equal((Iterations, Weights), (drawn.Iterations, drawn.Dimension));
        Assert.Equal(Recorded.Row(0).ToArray(), drawn.Row(0).ToArray());
        // 95 · 40 steps: their variance is known to √(2/3800) = 2.3%; four of that.
        Assert.Equal(1, StepVariance(drawn) / StepVariance(Recorded), 0.1);
    }

    [Fact]
    public void The_isotropic_walk_has_independent_steps_alike_in_all_weights()
    {
        var drawn = NullWindows.Draw("isotropic walk", Recorded, PerEpoch, 1);
        double[][] steps = Steps(drawn);
        double step = StepVariance(drawn);
        // Over an epoch, an independent walk goes as far as √E steps: 11 · 40 sums, known to 7% each.
        Assert.Equal(1, Epochs(steps).Average(sum => sum * sum) / (PerEpoch * step), 0.3);
        // The recorded steps are 3 times as long in the second half of the weights, 9 times in variance; a walk's are not (√(2/1900) = 3%).
        Assert.Equal(1, Half(steps, 1) / Half(steps, 0), 0.2);
        Assert.InRange(Half(Steps(Recorded), 1) / Half(Steps(Recorded), 0), 7, 11);
    }

    [Fact]
    public void The_epoch_balanced_walk_comes_back_after_every_epoch_and_is_alike_in_all_weights()
    {
        double[][] steps = Steps(NullWindows.Draw("epoch-balanced walk", Recorded, PerEpoch, 1));
        Assert.All(Epochs(steps), sum => Assert.Equal(0, sum, 1e-5));                     // single precision
        Assert.Equal(1, Half(steps, 1) / Half(steps, 0), 0.2);
        Assert.Contains(Epochs(Steps(NullWindows.Draw("epoch-balanced walk", Recorded, PerEpoch / 2, 1))), sum => Math.Abs(sum) < 1e-5);
        Assert.Contains(Epochs(Steps(NullWindows.Draw("epoch-balanced walk", Recorded, PerEpoch * 2, 1))), sum => Math.Abs(sum) > 0.1);
    }

    [Fact]
    public void The_shuffled_steps_are_each_epoch_s_own_in_another_order()
    {
        double[][] steps = Steps(NullWindows.Draw("shuffled steps", Recorded, PerEpoch, 1)), recorded = Steps(Recorded);
        int moved = 0;
        var orders = new HashSet<string>();
        for (int first = 0; first < steps.Length; first += first == 0 ? PerEpoch - 1 : PerEpoch)   // the first epoch's first step is in no row
        {
            int[] epoch = [.. Enumerable.Range(first, first == 0 ? PerEpoch - 1 : PerEpoch)];
            int[] order = [.. epoch.Select(t => Array.FindIndex(recorded, step => Math.Abs(step[0] - steps[t][0]) < 1e-4 && Math.Abs(step[1] - steps[t][1]) < 1e-4))];
            Assert.Equal(epoch, order.Order());
            moved += epoch.Zip(order).Count(pair => pair.First != pair.Second);
            orders.Add(string.Join(' ', order.Select(t => t - first)));
        }

        Assert.InRange(moved, 60, 95);
        Assert.Equal(Iterations / PerEpoch, orders.Count);   // no two epochs in one order
    }

    [Fact]
    public void Seeds_and_names_give_other_draws_and_the_same_ones_the_same_bits()
    {
        foreach (string name in NullWindows.Names)
        {
            float[] first = NullWindows.Draw(name, Recorded, PerEpoch, 1).Weights;
            Assert.Equal(first, NullWindows.Draw(name, Recorded, PerEpoch, 1).Weights);
            Assert.NotEqual(first, NullWindows.Draw(name, Recorded, PerEpoch, 2).Weights);
        }
    }

    /// <summary>
    /// The isotropic walk draws its numbers by 256 steps, the balanced one by epochs. With epochs of 256 steps, two walks from one stream would draw
    /// the same numbers in the same order, and their steps would go together; the balanced walk's first step is in no row, so that it is one ahead.
    /// </summary>
    [Fact]
    public void The_two_walks_have_streams_of_their_own()
    {
        var recorded = Motion(iterations: 300);
        double[] isotropic = [.. Steps(NullWindows.Draw("isotropic walk", recorded, 256, 1)).Skip(1).Take(200).SelectMany(step => step)];
        double[] balanced = [.. Steps(NullWindows.Draw("epoch-balanced walk", recorded, 256, 1)).Take(200).SelectMany(step => step)];
        // 8,000 independent pairs correlate by 1/√8000 = 0.011.
        Assert.InRange(Math.Abs(MathNet.Numerics.Statistics.Correlation.Pearson(isotropic, balanced)), 0, 0.05);
    }

    /// <summary>Steps three times as long in the second half of the weights, and a drift.</summary>
    private static Window Motion(int iterations = Iterations)
    {
        var random = new RandomStream(7, "recorded");
        float[] rows = new float[iterations * Weights];
        for (int i = 0; i < rows.Length; i++)
            rows[i] = (i < Weights ? 1 : rows[i - Weights]) + (float)(0.05 + (i % Weights < Weights / 2 ? 1 : 3) * random.NextNormal());
        return new(rows, iterations, Weights);
    }

    private static double[][] Steps(Window window) =>
        [.. Enumerable.Range(1, window.Iterations - 1).Select(t => Enumerable.Range(0, window.Dimension).Select(j => (double)window.Row(t)[j] - window.Row(t - 1)[j]).ToArray())];

    private static double StepVariance(Window window)
    {
        double[][] steps = Steps(window);
        return Enumerable.Range(0, Weights).Average(j => NaiveModes.Variance([.. steps.Select(step => step[j])]));
    }

    /// <summary>Each weight's displacement over each epoch whose beginning is in a row.</summary>
    private static IEnumerable<double> Epochs(double[][] steps) =>
        from first in Enumerable.Range(0, Iterations / PerEpoch - 1).Select(e => e * PerEpoch + PerEpoch - 1)
        from j in Enumerable.Range(0, Weights)
        select steps[first..(first + PerEpoch)].Sum(step => step[j]);

    private static double Half(double[][] steps, int half) => steps.Average(step => step.Skip(half * Weights / 2).Take(Weights / 2).Average(x => x * x));
}
