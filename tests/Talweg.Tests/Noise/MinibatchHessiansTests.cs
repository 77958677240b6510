using Talweg.Data;
using Talweg.Landscapes;
using Talweg.Networks;
using Talweg.Noise;
using Talweg.Statistics;
using Talweg.Tests.Networks;
using TorchSharp;

namespace Talweg.Tests.Noise;

public sealed class MinibatchHessiansTests
{
    private const int Modes = 3;

    /// <summary>
    /// Central differences of autograd's gradient in double precision over each minibatch's samples: errors of h² and of 1e-16/h, near 1e-10,
    /// in units of the loss's own derivatives, which are of order 1 here.
    /// </summary>
    [Theory, MemberData(nameof(SmallNetworks.Spaces), MemberType = typeof(SmallNetworks))]
    public void Slope_and_curvature_agree_with_differences_of_the_gradient(string name, string layers, bool withBiases)
    {
        const double h = 1e-5;
        var (net, space, directions) = Setting(name, layers, withBiases);
        int batch = Math.Min(7, net.Samples.Count);
        var sets = MinibatchSets.WithReplacement(net.Samples.Count, batch, 2, new RandomStream(2, "sets"));
        var hessians = MinibatchHessians.Of(net.Weights, net.Samples, space, directions, sets);
        Assert.Equal(2, hessians.Losses.Count);
        for (int minibatch = 0; minibatch < 2; minibatch++)
        {
            var samples = Take(net.Samples, sets.SamplesOf(minibatch));
            var (loss, gradient) = Gradient(net.Weights, samples, space, directions, 0, 0);
            var found = hessians.Losses[minibatch];
            Close.Assert(loss, found.LossAtOrigin, 1e-12);
            for (int i = 0; i < Modes; i++)
            {
                Close.Assert(gradient[i] / loss, found.Slope[i], 1e-10, scale: 1);
                var (_, ahead) = Gradient(net.Weights, samples, space, directions, i, h);
                var (_, behind) = Gradient(net.Weights, samples, space, directions, i, -h);
                for (int j = 0; j < Modes; j++)
                {
                    double second = (ahead[j] - behind[j]) / (2 * h);
                    Close.Assert(second / loss - gradient[i] * gradient[j] / (loss * loss), found.Curvature[i * Modes + j], 1e-8, scale: 1, $"M[{i},{j}] of minibatch {minibatch}");
                }
            }
        }
    }

    /// <summary>The mean over minibatches that hold every sample once is the whole landscape: its slopes along a mode, and ln L's bend.</summary>
    [Theory, InlineData("fc:5-13-9-3", "2"), InlineData("fc:6-8-7-5,bias,tanh", "all")]
    public void The_mean_loss_has_the_slope_and_curvature_of_the_landscape(string name, string layers)
    {
        var (net, space, directions) = Setting(name, layers, withBiases: false);
        var samples = net.Samples.First(90);
        var hessians = MinibatchHessians.Of(net.Weights, samples, space, directions, MinibatchSets.Consecutive(90, 10));
        // None of these untrained networks need have a minimum: what is compared here needs none.
        using var landscape = Landscape.Of(net.Weights, samples, space, LandscapePrecision.Double);
        const double h = 1e-4;                                 // errors of h² and of 1e-15/h
        for (int i = 0; i < Modes; i++)
        {
            var profile = landscape.Profile(directions[i], [-h, 0, h], withSlopes: true);
            double loss = hessians.Losses.Average(each => each.LossAtOrigin);
            double slope = hessians.Losses.Average(each => each.LossAtOrigin * each.Slope[i]);
            double bend = hessians.Losses.Average(each => each.LossAtOrigin * (each.Curvature[i * (Modes + 1)] + each.Slope[i] * each.Slope[i]));
            Close.Assert(profile.Loss[1], loss, 1e-12);
            Close.Assert(profile.Slope![1], slope, 1e-11, scale: 1);
            Close.Assert((profile.Slope[2] - profile.Slope[0]) / (2 * h), bend, 1e-7, scale: 1);
        }
    }

    [Fact]
    public void Minima_are_those_of_the_parabola_of_ln_L()
    {
        var (net, space, directions) = Setting("fc:6-8-7-5,bias,tanh", "2", withBiases: false);
        var hessians = MinibatchHessians.Of(net.Weights, net.Samples, space, directions, MinibatchSets.Consecutive(net.Samples.Count, 7));
        Assert.Equal(29, hessians.Losses.Count);
        Assert.Equal(hessians.Losses.Count(loss => !loss.HasMinimum), hessians.WithoutMinimum);
        Assert.InRange(hessians.WithoutMinimum, 1, 28);        // some of each, so that both are looked at
        foreach (var loss in hessians.Losses)
        {
            for (int i = 0; i < Modes && loss.HasMinimum; i++)
            {
                double residual = loss.Slope[i];
                for (int j = 0; j < Modes; j++)
                    residual += loss.Curvature[i * Modes + j] * loss.Minimum[j];
                Assert.Equal(0, residual, 1e-10);
            }

            Assert.Equal(!loss.HasMinimum, HasNegativeMinor(loss.Curvature));
        }
    }

    [Fact]
    public void The_number_of_threads_changes_no_bit_and_no_tensor_stays_alive()
    {
        var (net, space, directions) = Setting("fc:11-66-3-17-10,bias", "all", withBiases: true);
        // Weights of 3,000 minibatches at once would be 30 MB: four blocks.
        var sets = MinibatchSets.WithReplacement(net.Samples.Count, 2, 3000, new RandomStream(1, "sets"));
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        var one = MinibatchHessians.Of(net.Weights, net.Samples, space, directions, sets, new WorkOptions(1));
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        var progress = new Recorder();
        var three = MinibatchHessians.Of(net.Weights, net.Samples, space, directions, sets, new WorkOptions(3, progress));
        for (int minibatch = 0; minibatch < sets.Count; minibatch++)
        {
            Assert.Equal(one.Losses[minibatch].LossAtOrigin, three.Losses[minibatch].LossAtOrigin);
            Assert.Equal(one.Losses[minibatch].Slope.ToArray(), three.Losses[minibatch].Slope.ToArray());
            Assert.Equal(one.Losses[minibatch].Curvature.ToArray(), three.Losses[minibatch].Curvature.ToArray());
        }

        Assert.True(progress.Reports > 3);
        Assert.Equal(3000, progress.Most);
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.Throws<OperationCanceledException>(() => MinibatchHessians.Of(net.Weights, net.Samples, space, directions, sets, new WorkOptions(1, null, cancelled.Token)));
    }

    [Fact]
    public void What_does_not_fit_together_is_refused()
    {
        var (net, space, directions) = Setting("fc:5-13-9-3", "2", withBiases: false);
        var sets = MinibatchSets.Consecutive(net.Samples.Count, 7);
        string Refusal(Action action) => Assert.ThrowsAny<ArgumentException>(action).Message;
        Assert.Contains("belongs to fc:5-13-9-3, but the weights to fc:7-3", Refusal(() => MinibatchHessians.Of(SmallNetworks.Get("fc:7-3").Weights, net.Samples, space, directions, sets)));
        Assert.Contains("takes 5 inputs and 3 classes, but the samples have 7 and 3", Refusal(() => MinibatchHessians.Of(net.Weights, SmallNetworks.Get("fc:7-3").Samples, space, directions, sets)));
        Assert.Contains("has 65 weights, but the directions have 117", Refusal(() => MinibatchHessians.Of(net.Weights, net.Samples, WeightSpace.Of(net.Network, 1), directions, sets)));
        Assert.Contains("drawn from 50 samples, but there are 97", Refusal(() => MinibatchHessians.Of(net.Weights, net.Samples, space, directions, MinibatchSets.Consecutive(50, 7))));
        var many = Random(65, space.Dimension);
        Assert.Contains("at most 64 directions, but there are 65", Refusal(() => MinibatchHessians.Of(net.Weights, net.Samples, space, many, sets)));
        var huge = MinibatchSets.WithReplacement(97, 1, 70_000, new RandomStream(1, "sets"));
        Assert.Contains("at most 268435456 are kept", Refusal(() => MinibatchHessians.Of(net.Weights, net.Samples, space, Random(64, space.Dimension), huge)));
    }

    /// <summary>A margin of 1000 is a loss of e^−1000, which is 0 even in double precision.</summary>
    [Fact]
    public void A_minibatch_of_loss_0_is_named()
    {
        var network = FullyConnected.Of(2, 2);
        var weights = DenseWeights.Of(network, [[1000, 0, 0, 1000]]);
        var samples = new LabelledSamples([0.001f, 0, 1, 0], [0, 0], 2, 2);
        var error = Assert.Throws<ArgumentException>(() => MinibatchHessians.Of(
            weights, samples, WeightSpace.Of(network, 1), Directions.Of([1, 0, 0, 0], 4), MinibatchSets.Consecutive(2, 1), new WorkOptions(1)));
        Assert.Contains("The loss of minibatch 1 (counted from 0) is 0 or not a finite number, so that ln L does not exist.", error.Message);
    }

    private static (SmallNetwork Net, WeightSpace Space, Directions Directions) Setting(string name, string layers, bool withBiases)
    {
        var net = SmallNetworks.Get(name);
        var space = WeightSpace.Parse(net.Network, layers, withBiases);
        return (net, space, Random(Modes, space.Dimension));
    }

    private static Directions Random(int count, int dimension) =>
        Directions.Of([.. Enumerable.Range(0, count).SelectMany(seed => SmallNetwork.RandomDirection(dimension, seed + 1))], dimension);

    private static LabelledSamples Take(LabelledSamples samples, ReadOnlySpan<int> which)
    {
        int[] chosen = which.ToArray();
        return new([.. chosen.SelectMany(sample => samples.Input(sample).ToArray())], [.. chosen.Select(sample => samples.Labels[sample])], samples.Width, samples.Classes);
    }

    /// <summary>Loss, and its slopes along all directions, at w₀ moved along one.</summary>
    private static (double Loss, double[] Slopes) Gradient(DenseWeights weights, LabelledSamples samples, WeightSpace space, Directions directions, int along, double by)
    {
        using var reference = new TorchReference(weights, samples);
        reference.Move(space, directions[along].ToArray(), by);
        return (reference.Loss(), [.. Enumerable.Range(0, directions.Count).Select(i => reference.Slope(space, directions[i].ToArray()))]);
    }

    /// <summary>Sylvester's criterion on three modes.</summary>
    private static bool HasNegativeMinor(ReadOnlySpan<double> m)
    {
        double second = m[0] * m[4] - m[1] * m[3];
        double third = m[0] * (m[4] * m[8] - m[5] * m[7]) - m[1] * (m[3] * m[8] - m[5] * m[6]) + m[2] * (m[3] * m[7] - m[4] * m[6]);
        return m[0] <= 0 || second <= 0 || third <= 0;
    }

    private sealed class Recorder : IProgress<WorkProgress>
    {
        private int _reports;
        private long _most;

        public int Reports => _reports;

        public long Most => _most;

        public void Report(WorkProgress value)
        {
            Interlocked.Increment(ref _reports);
            lock (this)
                _most = Math.Max(_most, value.Done);
        }
    }
}
