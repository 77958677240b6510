using Talweg.Networks;
using Talweg.Statistics;
using Talweg.Tests.Storage;
using Talweg.Tests.Training;
using Talweg.Training;
using Talweg.Trajectories;
using TorchSharp;

namespace Talweg.Tests.Trajectories;

public sealed class ModeDriftTests
{
    private const int Epoch = 50;

    [Fact]
    public void Motion_at_constant_speed_is_straight_and_persistent()
    {
        double[] theta = [.. Enumerable.Range(0, 501).Select(t => 0.02 * t - 3)];
        var drift = ModeDrift.Of(theta, Epoch);
        Assert.Equal(9, drift.Epochs);   // the weights before row 0 are not known, so the first of the ten has no displacement
        Assert.Equal(10, drift.Displacement, 1e-12);
        Assert.Equal(0.02, drift.MeanVelocity, 1e-15);
        Assert.Equal(0, drift.MeanVelocityError!.Value, 1e-15);
        Assert.Equal(0.02 * 0.02 * (501.0 * 501 - 1) / 12, drift.Variance, 1e-10);
        Assert.Equal(500 / Math.Sqrt(501.0 * 501 - 1), drift.Straightness!.Value, 1e-12);
        Assert.Equal(1, drift.DisplacementCorrelation!.Value, 1e-12);
        Assert.Equal(0, drift.DisplacementCorrelationError!.Value, 1e-12);
    }

    [Fact]
    public void Drift_velocity_is_found_within_its_error()
    {
        // A drift under independent steps of variance 1: the error of the mean velocity over 20 epochs is 1/√1000 = 0.032, known from 20 epochs to
        // 1/√(2 · 19) = 16 %, from 300 walks' mean square to 0.9 %: four such errors.
        var drifts = Ensemble(300, 1050, random => { double x = 0; return () => x += 0.3 + random.NextNormal(); }, Epoch);
        Assert.Equal(0.3, drifts.Average(d => d.MeanVelocity), 4 / Math.Sqrt(1000 * 300));
        Assert.Equal(1 / Math.Sqrt(1000), Math.Sqrt(drifts.Average(d => d.MeanVelocityError!.Value * d.MeanVelocityError.Value)), 0.0012);
    }

    [Fact]
    public void Epochs_of_a_random_walk_are_uncorrelated_and_the_jackknife_error_is_the_spread()
    {
        var drifts = Ensemble(1500, 1050, Walk, Epoch);
        Assert.Equal(0, drifts.Average(d => d.DisplacementCorrelation!.Value), 0.025);   // spread 0.22 / √1500 = 0.006
        double spread = Math.Sqrt(drifts.Average(d => d.DisplacementCorrelation!.Value * d.DisplacementCorrelation.Value));
        Assert.Equal(1 / Math.Sqrt(19), spread, 0.02);   // 0.220 by simulation, 4 % below the large-window value; known to 0.004
        // Over 19 pairs the jackknife gives 1.02 times the spread, and 1500 walks know the ratio to 0.023 (60 independent simulations): four such errors.
        Assert.InRange(Math.Sqrt(drifts.Average(d => d.DisplacementCorrelationError!.Value * d.DisplacementCorrelationError.Value)) / spread, 0.93, 1.11);
        Assert.True(drifts.Average(d => d.DisplacementCorrelationAboutMean!.Value) < -0.02);   // about −1/n: the mean is taken from the same epochs
    }

    [Fact]
    public void The_time_of_a_random_walk_is_a_sixth_of_the_window()
    {
        const int t = 300;
        var drifts = Ensemble(4000, t, Walk, Epoch);
        Assert.Equal((t * t - 1) / (6.0 * t), drifts.Average(d => d.Variance), 0.07 * t / 6);   // one walk's variance spreads by 0.9: five errors
        Assert.Equal(t / 6.0, drifts.Average(d => d.CorrelationTime!.Value), 0.07 * t / 6);
    }

    [Fact]
    public void The_time_of_an_Ornstein_Uhlenbeck_process_is_the_closed_form()
    {
        const int t = 1000;
        const double rate = 0.02;
        var drifts = Ensemble(1500, t, random =>
        {
            double x = random.NextNormal() / Math.Sqrt(rate * (2 - rate));
            return () => x += -rate * x + random.NextNormal();
        }, Epoch);
        const double kt = rate * t;
        double expected = 1 / (2 * rate) * (1 - 2 / kt * (1 - (1 - Math.Exp(-kt)) / kt));
        Assert.Equal(expected, drifts.Average(d => d.CorrelationTime!.Value), 0.05 * expected);   // statistical 1 %, discrete steps 1 %
    }

    [Fact]
    public void The_time_of_epoch_balanced_noise_is_a_sixth_of_an_epoch()
    {
        const int Walks = 400;
        var like = Windows.From(40 * Epoch + 1, Walks, (t, j) => (t + j) % 2);
        var walk = NullSurrogates.EpochBalancedWalk(like, Epoch, new RandomStream(1, "balanced"));
        var drifts = Enumerable.Range(0, Walks).Select(j => ModeDrift.Of([.. Enumerable.Range(0, walk.Iterations).Select(t => (double)walk.Row(t)[j])], Epoch)).ToList();
        // A discrete bridge has (E + 1)/6; the window's own mean takes away E/12 divided by the 40 epochs.
        double expected = (Epoch + 1) / 6.0 - Epoch / 12.0 / 40;
        Assert.Equal(expected, drifts.Average(d => d.CorrelationTime!.Value), 0.03 * expected);   // 16,000 bridges of spread about 0.9: 0.7 %, four such errors
        double spread = Math.Sqrt(drifts.Average(d => Math.Pow(d.CorrelationTime!.Value - expected, 2)));
        double error = drifts.Average(d => d.CorrelationTimeError!.Value);   // epochs are independent here, so the jackknife is right
        Assert.InRange(error / spread, 0.86, 1.14);   // the spread of 400 values is known to 1/√800 = 3.5 %: four such errors
    }

    [Fact]
    public void Windows_too_short_or_still_give_null_and_not_a_number()
    {
        var still = ModeDrift.Of(new double[200], Epoch);
        Assert.Null(still.Straightness);
        Assert.Null(still.DisplacementCorrelation);
        Assert.Null(still.CorrelationTime);
        Assert.Null(still.CorrelationTimeError);
        var brief = ModeDrift.Of([0, 1, 3], Epoch);
        Assert.Equal(0, brief.Epochs);
        Assert.Equal(1.5, brief.MeanVelocity);
        Assert.Null(brief.MeanVelocityError);
        Assert.Null(brief.DisplacementCorrelation);
        Assert.Equal(14.0 / 9 / 0.25, brief.CorrelationTime!.Value, 1e-12);
        Assert.Null(brief.CorrelationTimeError);
        Assert.Contains("at least 2 iterations, but there are 1", Assert.Throws<ArgumentException>(() => ModeDrift.Of([1], Epoch)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => ModeDrift.Of([1, 2], 0));
    }

    /// <summary>Each epoch moves by its displacement in its middle step; its first step kicks by an amount of its own, and its last takes that back.</summary>
    [Fact]
    public void Displacements_are_those_of_the_epochs_in_which_they_were_made()
    {
        double[] displacements = [0, 1, -1, 1, -1, 1, -1, 1];
        double[] theta = OfEpochs(displacements);
        var drift = ModeDrift.Of(theta, Epoch);
        Assert.Equal(7, drift.Epochs);
        Assert.Equal(-1, drift.DisplacementCorrelation!.Value, 1e-12);
        double mean = displacements[1..].Average();
        Assert.Equal(Math.Sqrt(displacements[1..].Sum(d => (d - mean) * (d - mean)) / 6 / 7) / Epoch, drift.MeanVelocityError!.Value, 1e-12);
        Assert.Null(ModeDrift.Of(OfEpochs(new double[8]), Epoch).DisplacementCorrelation);   // what every epoch takes back is no displacement
    }

    /// <summary>A training's windows begin with an epoch, whose last weights its snapshots know.</summary>
    [Fact]
    public void Displacements_of_a_training_are_those_between_its_snapshots()
    {
        using var folder = new TemporaryFolder();
        const int Recorded = 8;
        var plan = TrainerTests.Plan with { MaxEpochs = Recorded, ExtraEpochs = null, Recording = Recording.All, SnapshotEvery = 1, LearningRate = 0.3 };
        var run = Trainer.Run(plan, TrainerTests.Data, folder["run"]);
        using var trajectory = Trajectory.Open(run.TrajectoryPath!);
        var window = trajectory.Slice(0, trajectory.Iterations);
        var modes = PrincipalModes.Of(window, 2);
        var space = WeightSpace.Of(plan.Network, 2);
        double At(int epoch, int mode)
        {
            float[] weights = space.Flatten(Snapshots.Load(folder["run"], epoch, plan.Network));
            return weights.Zip(modes.Direction(mode).ToArray(), (w, p) => w * p).Sum();
        }

        for (int mode = 0; mode < 2; mode++)
        {
            double[] moved = [.. Enumerable.Range(2, Recorded - 1).Select(epoch => At(epoch, mode) - At(epoch - 1, mode))];
            double[] before = moved[..^1], after = moved[1..];
            double expected = before.Zip(after, (a, b) => a * b).Sum() / Math.Sqrt(before.Sum(d => d * d) * after.Sum(d => d * d));
            var drift = ModeDrift.OfModes(modes, window, run.IterationsPerEpoch)[mode];
            Assert.Equal(Recorded - 1, drift.Epochs);
            Assert.Equal(expected, drift.DisplacementCorrelation!.Value, 1e-5);   // displacements of 0.1 of weights of 1 in single precision
        }
    }

    private static double[] OfEpochs(double[] displacements)
    {
        var theta = new double[displacements.Length * Epoch];
        double x = 0;
        for (int t = 0; t < theta.Length; t++)
        {
            int epoch = t / Epoch;
            x += (t % Epoch) switch
            {
                0 => 3 + epoch * epoch,
                Epoch / 2 => displacements[epoch],
                Epoch - 1 => -(3 + epoch * epoch),
                _ => 0,
            };
            theta[t] = x;
        }

        return theta;
    }

    [Fact]
    public void All_modes_of_a_window_agree_with_one_at_a_time_and_with_the_spectrum()
    {
        var window = Windows.Noise(330, 290, seed: 1);   // more modes than are projected at once
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        var modes = PrincipalModes.Of(window);
        var drifts = ModeDrift.OfModes(modes, window, Epoch);
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        Assert.Equal(290, drifts.Count);
        Assert.Equal(3, ModeDrift.OfModes(modes, window, Epoch, 3).Count);
        for (int i = 0; i < 290; i++)
            Assert.Equal(modes.Variances[i], drifts[i].Variance, 1e-13);
        Assert.Equal(ModeDrift.Of(modes.Projections(window, 280), Epoch).CorrelationTime!.Value, drifts[280].CorrelationTime!.Value, 1e-9);
    }

    [Fact]
    public void A_walk_that_scales_its_weights_is_aligned_with_them()
    {
        double[] w = [3, -4, 0];
        var window = Windows.From(100, 3, (t, j) => w[j] * (1 + 0.01 * t));
        var modes = PrincipalModes.Of(window);
        var alignment = WeightAlignment.Of(modes.Direction(0), window.Row(99));
        Assert.Equal(1, alignment.Cosine!.Value, 1e-6);
        Assert.Equal(-1, alignment.Orientation);   // the largest component, −4's, was made positive
        Assert.Equal(0.6, WeightAlignment.Of([1.0, 0, 0], w.AsSpan()).Cosine!.Value, 1e-15);
        Assert.Null(WeightAlignment.Of([1.0, 0, 0], new double[3]).Cosine);
        Assert.Contains("2 components, but there are 3 weights", Assert.Throws<ArgumentException>(() => WeightAlignment.Of([1.0, 0], new double[3])).Message);
    }

    private static Func<double> Walk(RandomStream random)
    {
        double x = 0;
        return () => x += random.NextNormal();
    }

    private static List<ModeDrift> Ensemble(int walks, int iterations, Func<RandomStream, Func<double>> process, int epoch) =>
        [.. Enumerable.Range(0, walks).Select(walk =>
        {
            var next = process(new RandomStream(walk, "ensemble"));
            double[] theta = new double[iterations];
            for (int t = 0; t < iterations; t++)
                theta[t] = next();
            return ModeDrift.Of(theta, epoch);
        })];
}
