using Talweg.Trajectories;

namespace Talweg.Tests.Trajectories;

/// <summary>What the displacements of epochs say, against sums written out: displacements that differ in size, so that leaving any of them out shows.</summary>
public sealed class EpochDisplacementTests
{
    private const int Epoch = 4;

    /// <summary>Of epochs 2 to 7; the first epoch's is not known, and the last breaks off.</summary>
    private static readonly double[] Displacements = [1, -2, 4, 3, -5, 7];

    private static readonly double[] Theta = Path();

    [Fact]
    public void The_error_of_the_mean_velocity_is_the_spread_of_all_displacements()
    {
        double mean = (1 - 2 + 4 + 3 - 5 + 7) / 6.0;
        double expected = Math.Sqrt(Displacements.Sum(d => (d - mean) * (d - mean)) / 5 / 6) / Epoch;
        Assert.Equal(expected, ModeDrift.Of(Theta, Epoch).MeanVelocityError!.Value, 1e-12);
        Assert.Equal(6, ModeDrift.Of(Theta, Epoch).Epochs);
    }

    /// <summary>Pairs (1, −2), (−2, 4), (4, 3), (3, −5), (−5, 7): products −2 − 8 + 12 − 15 − 35 = −48, squares before 55, after 103.</summary>
    [Fact]
    public void Correlations_are_sums_over_consecutive_pairs()
    {
        var drift = ModeDrift.Of(Theta, Epoch);
        Assert.Equal(-48 / Math.Sqrt(55 * 103), drift.DisplacementCorrelation!.Value, 1e-12);
        double[] about = [.. Displacements.Select(d => d - 8 / 6.0)];
        Assert.Equal(Correlation(about, skip: -1), drift.DisplacementCorrelationAboutMean!.Value, 1e-12);
    }

    /// <summary>√((n − 1)/n · Σ (r₍₋ᵢ₎ − r̄)²), with each of the five pairs left out in turn.</summary>
    [Fact]
    public void The_correlations_error_is_the_jackknife_over_pairs()
    {
        double[] leftOut = [.. Enumerable.Range(0, 5).Select(pair => Correlation(Displacements, skip: pair))];
        double mean = leftOut.Average();
        Assert.Equal(Math.Sqrt(4.0 / 5 * leftOut.Sum(r => (r - mean) * (r - mean))), ModeDrift.Of(Theta, Epoch).DisplacementCorrelationError!.Value, 1e-12);
    }

    [Fact]
    public void Displacement_variance_and_time_are_those_of_the_whole_window()
    {
        var drift = ModeDrift.Of(Theta, Epoch);
        double mean = Theta.Average(), variance = Theta.Average(x => (x - mean) * (x - mean));
        double[] velocities = [.. Enumerable.Range(1, Theta.Length - 1).Select(t => Theta[t] - Theta[t - 1])];
        double velocity = velocities.Average(), spread = velocities.Average(v => (v - velocity) * (v - velocity));
        Assert.Equal(Theta[^1] - Theta[0], drift.Displacement, 1e-12);
        Assert.Equal(velocity, drift.MeanVelocity, 1e-12);
        Assert.Equal(variance, drift.Variance, 1e-12);
        Assert.Equal(spread, drift.VelocityVariance, 1e-12);
        Assert.Equal(variance / spread, drift.CorrelationTime!.Value, 1e-12);
        Assert.Equal(Math.Abs(Theta[^1] - Theta[0]) / Math.Sqrt(12 * variance), drift.Straightness!.Value, 1e-12);
    }

    private static double Correlation(double[] displacements, int skip)
    {
        double before = 0, product = 0, after = 0;
        for (int e = 0; e + 1 < displacements.Length; e++)
        {
            if (e == skip)
                continue;
            before += displacements[e] * displacements[e];
            product += displacements[e] * displacements[e + 1];
            after += displacements[e + 1] * displacements[e + 1];
        }

        return product / Math.Sqrt(before * after);
    }

    /// <summary>An epoch's steps are a quarter of its displacement each, and a kick that its last step takes back.</summary>
    private static double[] Path()
    {
        double[] displacements = [2, .. Displacements, 11];
        var theta = new double[displacements.Length * Epoch - 2];                              // the last epoch breaks off
        double x = 0;
        for (int t = 0; t < theta.Length; t++)
        {
            x += displacements[t / Epoch] / Epoch + (t % Epoch) switch { 0 => 1.5, Epoch - 1 => -1.5, _ => 0 };
            theta[t] = x;
        }

        return theta;
    }
}
