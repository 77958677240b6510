using MathNet.Numerics.Statistics;
using Talweg.Statistics;
using Talweg.Tests.Networks;
using Talweg.Tests.Statistics;
using Talweg.Trajectories;

namespace Talweg.Tests.Trajectories;

/// <summary>Δ_v and τ, with their errors, of processes whose values are known.</summary>
public sealed class VelocityTests
{
    private const int Epoch = 50;
    private const int Epochs = 40;
    private const int Iterations = (Epochs + 1) * Epoch;   // the first epoch, whose start is not known, is none of them

    /// <summary>x(t + 1) = a x(t) + √(1 − a²) ξ, a = e^−k, of variance 1, on top of a drift: Δ_v = 2 (1 − a), and σ² is the double sum of a^|s − t|.</summary>
    [Theory, InlineData(0.02, 0), InlineData(0.02, 0.001), InlineData(0.5, 0.01)]
    public void An_Ornstein_Uhlenbeck_process_has_the_velocity_variance_and_time_of_the_closed_form(double rate, double drift)
    {
        double a = Math.Exp(-rate), T = Iterations;
        double correlated = (T * (1 + a) / (1 - a) - 2 * a * (1 - Math.Pow(a, T)) / ((1 - a) * (1 - a))) / (T * T);
        double variance = 1 - correlated + drift * drift * (T * T - 1) / 12;
        double velocity = 2 * (1 - a);
        var motions = Many(300, random => OrnsteinUhlenbeck(random, rate, drift));
        AssertMean(variance, motions, motion => motion.Variance);
        // The window's own mean velocity takes away (x(T) − x(0))²/(T − 1)², 1e-6.
        AssertMean(velocity, motions, motion => motion.VelocityVariance, allowance: 1e-6);
        AssertMean(drift, motions, motion => motion.MeanVelocity);
        if (drift == 0)
        {
            // The closed form of continuous time is reached for small k to a relative k/2.
            double kT = rate * T;
            double time = 1 / (2 * rate) * (1 - 2 / kT * (1 - (1 - Math.Exp(-kT)) / kT));
            Close.Assert(time, motions.Average(motion => motion.Variance) / motions.Average(motion => motion.VelocityVariance), rate / 2 + 4 * RelativeError(motions, motion => motion.CorrelationTime!.Value));
        }
    }

    [Fact]
    public void A_random_walk_has_its_step_variance_and_a_sixth_of_the_window()
    {
        var motions = Many(2000, RandomWalk, iterations: 301);
        AssertMean(1 - 1.0 / 300, motions, motion => motion.VelocityVariance);           // about the window's own mean
        AssertMean((301.0 * 301 - 1) / (6 * 301), motions, motion => motion.Variance);
        // The mean of a ratio of independent numbers, whose lower one spreads by √(2/300): off by 2/300 of itself.
        AssertMean(301 / 6.0, motions, motion => motion.CorrelationTime!.Value, allowance: 301 / 6.0 * 2 / 300);
    }

    [Fact]
    public void Epoch_balanced_noise_has_a_sixth_of_an_epoch()
    {
        var motions = Many(300, EpochBalanced);
        AssertMean(1 - 1.0 / Epoch, motions, motion => motion.VelocityVariance);
        // A discrete bridge has (E + 1)/6; the window's own mean takes away E/12 divided by the 41 epochs.
        AssertMean((Epoch + 1) / 6.0 - Epoch / 12.0 / (Epochs + 1), motions, motion => motion.CorrelationTime!.Value);
    }

    [Fact]
    public void Variance_is_velocity_variance_times_correlation_time()
    {
        foreach (var process in new Func<RandomStream, Func<double>>[] { RandomWalk, EpochBalanced, random => OrnsteinUhlenbeck(random, 0.1, 0.02) })
        {
            var motion = Many(1, process)[0];
            Close.Assert(motion.Variance, motion.VelocityVariance * motion.CorrelationTime!.Value, 1e-15);
        }
    }

    [Theory, InlineData("walk"), InlineData("balanced"), InlineData("slow"), InlineData("fast, drifting")]
    public void The_error_of_the_velocity_variance_covers_the_truth(string process)
    {
        var (make, truth) = process switch
        {
            "walk" => ((Func<RandomStream, Func<double>>)RandomWalk, 1.0),
            "balanced" => (EpochBalanced, 1 - 1.0 / Epoch),
            "slow" => (random => OrnsteinUhlenbeck(random, 0.005, 0), 2 * (1 - Math.Exp(-0.005))),
            _ => (random => OrnsteinUhlenbeck(random, 0.5, 0.3), 2 * (1 - Math.Exp(-0.5))),
        };
        double covered = Coverage.Of(process, truth, random =>
        {
            var motion = Motion(make(random), Iterations);
            return Confidence.Student(motion.VelocityVariance, motion.VelocityVarianceError!.Value, motion.Epochs - 1);
        });
        Assert.InRange(covered, Coverage.Low, Coverage.High);
    }

    /// <summary>θ forgets itself within an epoch (k E = 25), so that leaving epochs out tells the spread of τ as well.</summary>
    [Fact]
    public void The_error_of_the_time_covers_the_truth_where_an_epoch_is_forgotten()
    {
        const double rate = 0.5;
        double a = Math.Exp(-rate);
        double truth = (1 - (1 + a) / (1 - a) / Iterations) / (2 * (1 - a));
        double covered = Coverage.Of("time", truth, random =>
        {
            var motion = Motion(OrnsteinUhlenbeck(random, rate, 0), Iterations);
            return Confidence.Student(motion.CorrelationTime!.Value, motion.CorrelationTimeError!.Value, motion.Epochs - 1);
        });
        Assert.InRange(covered, Coverage.Low, Coverage.High);
    }

    /// <summary>The jackknife of the public record of blocks, fed with each epoch's velocities, shares no code with the running sums.</summary>
    [Fact]
    public void The_error_is_the_jackknife_over_epochs_of_velocities()
    {
        var next = OrnsteinUhlenbeck(new RandomStream(3, "jackknife"), 0.1, 0.05);
        double[] theta = [.. Enumerable.Range(0, 7 * Epoch).Select(_ => next())];
        double[] first = [.. Enumerable.Range(1, Epoch - 1).Select(t => theta[t] - theta[t - 1])];
        double[][] epochs = [.. Enumerable.Range(1, 6).Select(e => Enumerable.Range(e * Epoch, Epoch).Select(t => theta[t] - theta[t - 1]).ToArray())];
        var expected = BlockJackknife.Of(epochs, kept => first.Concat(kept.SelectMany(velocities => velocities)).PopulationVariance());
        var motion = ModeDrift.Of(theta, Epoch);
        Close.Assert(expected.Value, motion.VelocityVariance, 1e-12);
        Close.Assert(expected.StandardError, motion.VelocityVarianceError!.Value, 1e-10);
    }

    /// <summary>
    /// Two steps an epoch: epochs end at rows 1, 3, 5 and 7, at 10, 12, 16 and 25, so that three of them move by 2, 4 and 9: mean 5, Σ (d − 5)² = 26, and 13/3 the
    /// variance of their mean. The first epoch, which began before the window, and the last, which breaks off, are none of them; the mean velocity is over all rows.
    /// </summary>
    [Fact]
    public void The_error_of_the_mean_velocity_is_that_of_three_epochs_by_hand()
    {
        var motion = ModeDrift.Of([1, 10, 30, 12, -5, 16, 0, 25, 77], 2);
        Assert.Equal(3, motion.Epochs);
        Assert.Equal(Math.Sqrt(13.0 / 3) / 2, motion.MeanVelocityError!.Value, 1e-14);
        Assert.Equal(76.0 / 8, motion.MeanVelocity, 1e-14);
        // Σ DₑDₑ₊₁ = 8 + 36, over √((4 + 16)(16 + 81)); about the mean (−3)(−1) + (−1)4 over √((9 + 1)(1 + 16)).
        Assert.Equal(44 / Math.Sqrt(20.0 * 97), motion.DisplacementCorrelation!.Value, 1e-14);
        Assert.Equal(-1 / Math.Sqrt(170.0), motion.DisplacementCorrelationAboutMean!.Value, 1e-14);
        // Without one of the two pairs, the other's product over its lengths is 1: no spread.
        Assert.Equal(0, motion.DisplacementCorrelationError!.Value, 1e-14);
    }

    /// <summary>Displacements 1, 2 and −1, 3: pairs (1, 2), (2, −1), (−1, 3), of which one is left out at a time; three values have the jackknife √(2/3 Σ (x − x̄)²).</summary>
    [Fact]
    public void The_error_of_the_correlation_is_the_jackknife_of_its_pairs_by_hand()
    {
        var motion = ModeDrift.Of([0, 1, 3, 2, 5], 1);
        double[] without = [(-2 - 3) / Math.Sqrt((4.0 + 1) * (1 + 9)), (2 - 3) / Math.Sqrt((1.0 + 1) * (4 + 9)), (2 - 2) / Math.Sqrt((1.0 + 4) * (4 + 1))];
        double mean = without.Sum() / 3;
        Assert.Equal(-3 / Math.Sqrt(6.0 * 14), motion.DisplacementCorrelation!.Value, 1e-14);
        Assert.Equal(Math.Sqrt(2.0 / 3 * without.Sum(x => (x - mean) * (x - mean))), motion.DisplacementCorrelationError!.Value, 1e-14);
    }

    [Fact]
    public void One_epoch_gives_no_error()
    {
        Assert.Null(ModeDrift.Of([0, 1, 3], 2).VelocityVarianceError);
        Assert.Null(ModeDrift.Of([0, 1, 3, 2, 5], 2).VelocityVarianceError);
        Assert.NotNull(ModeDrift.Of([0, 1, 3, 2, 5, 4], 2).VelocityVarianceError);
        Assert.Equal(0, ModeDrift.Of(new double[200], Epoch).VelocityVarianceError);
    }

    private static Func<double> OrnsteinUhlenbeck(RandomStream random, double rate, double drift)
    {
        double a = Math.Exp(-rate), x = random.NextNormal(), t = 0;
        return () =>
        {
            x = a * x + Math.Sqrt(1 - a * a) * random.NextNormal();
            return x + drift * t++;
        };
    }

    private static Func<double> RandomWalk(RandomStream random)
    {
        double x = 0;
        return () => x += random.NextNormal();
    }

    /// <summary>Unit steps less their epoch's mean: a chain of bridges.</summary>
    private static Func<double> EpochBalanced(RandomStream random)
    {
        double x = 0;
        var steps = new Queue<double>();
        return () =>
        {
            if (steps.Count == 0)
            {
                double[] drawn = random.Normals(Epoch);
                steps = new(drawn.Select(step => step - drawn.Average()));
            }

            return x += steps.Dequeue();
        };
    }

    private static ModeDrift Motion(Func<double> next, int iterations) => ModeDrift.Of([.. Enumerable.Range(0, iterations).Select(_ => next())], Epoch);

    private static ModeDrift[] Many(int count, Func<RandomStream, Func<double>> process, int iterations = Iterations) =>
        [.. Enumerable.Range(0, count).Select(seed => Motion(process(new RandomStream(seed, "velocities")), iterations))];

    /// <summary>Within four standard errors of the mean over the simulations, and what the truth itself neglects.</summary>
    private static void AssertMean(double expected, ModeDrift[] motions, Func<ModeDrift, double> value, double allowance = 0) =>
        Assert.Equal(expected, motions.Average(value), 4 * RelativeError(motions, value) * Math.Abs(motions.Average(value)) + allowance);

    private static double RelativeError(ModeDrift[] motions, Func<ModeDrift, double> value)
    {
        double[] values = [.. motions.Select(value)];
        return values.StandardDeviation() / Math.Sqrt(values.Length) / Math.Abs(values.Mean());
    }
}
