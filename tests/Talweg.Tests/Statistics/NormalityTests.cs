using CsCheck;
using MathNet.Numerics.Distributions;
using MathNet.Numerics.Statistics;
using Talweg.Statistics;
using Talweg.Tests.Networks;

namespace Talweg.Tests.Statistics;

public sealed class NormalityTests
{
    [Fact]
    public void Moments_agree_with_MathNet() =>
        Gen.Select(Gen.Double[-5, 5].Array[4, 60], Gen.Double[-100, 100]).Where((values, _) => values.Max() - values.Min() > 0.1).Sample((values, shift) =>
        {
            double[] shifted = [.. values.Select(value => value + shift)];
            var found = Normality.Of(shifted);
            // Roundoff of a mean near 100 against a spread of 0.1 and more: 1e-16 · 1000, to the fourth power four times as much.
            Close.Assert(shifted.Mean(), found.Mean, 1e-12, scale: 1);
            Close.Assert(shifted.PopulationVariance(), found.Variance, 1e-10);
            Close.Assert(shifted.PopulationSkewness(), found.Skewness!.Value, 1e-9, scale: 1);
            Close.Assert(shifted.PopulationKurtosis(), found.ExcessKurtosis!.Value, 1e-9, scale: 1);
        });

    [Fact]
    public void P_value_is_the_tail_of_chi_squared_of_two_degrees()
    {
        var found = Normality.Of([1, 4, 2, 8, 5, 7, 30]);
        double statistic = 7 * (Math.Pow(found.Skewness!.Value, 2) + Math.Pow(found.ExcessKurtosis!.Value, 2) / 4) / 6;
        Close.Assert(statistic, found.JarqueBera!.Value, 1e-14);
        Close.Assert(1 - ChiSquared.CDF(2, statistic), found.PValue!.Value, 1e-12);
    }

    /// <summary>Two values taken n/2 times each, ±1: m₂ = m₄ = 1, m₃ = 0; so kurtosis −2 and JB = n/6.</summary>
    [Fact]
    public void A_coin_has_the_least_kurtosis_there_is()
    {
        var coin = Normality.Of([.. Enumerable.Range(0, 60).Select(i => i % 2 == 0 ? 1.0 : -1.0)]);
        Assert.Equal((60, 0, 0), (coin.Count, coin.Mean, coin.Skewness!.Value));
        Assert.Equal(1, coin.Variance, 1e-14);
        Assert.Equal(-2, coin.ExcessKurtosis!.Value, 1e-14);
        Assert.Equal(10, coin.JarqueBera!.Value, 1e-13);
        Assert.Equal(Math.Exp(-5), coin.PValue!.Value, 1e-15);
        Assert.Equal(Math.Sqrt(0.1), coin.SkewnessError, 1e-15);
        Assert.Equal(Math.Sqrt(0.4), coin.ExcessKurtosisError, 1e-15);
    }

    /// <summary>An exponential distribution has skewness 2 and excess kurtosis 6; its quantiles at midpoints, 10⁶ of them, nearly so.</summary>
    [Fact]
    public void An_exponential_distribution_is_told_from_a_normal_one()
    {
        const int count = 1_000_000;
        var found = Normality.Of([.. Enumerable.Range(0, count).Select(i => -Math.Log((i + 0.5) / count))]);
        // The last half of 1e-6 of the probability, where x⁴ reaches 14⁴ = 4e4, is taken at one point: 0.01 of m₄ = 9, less of m₃ = 2.
        Assert.Equal(2, found.Skewness!.Value, 0.002);
        Assert.Equal(6, found.ExcessKurtosis!.Value, 0.03);
        Assert.Equal(0, found.PValue!.Value);
    }

    [Fact]
    public void On_normal_samples_the_errors_and_the_p_value_mean_what_they_say()
    {
        const int sets = 2000;
        Normality[] samples = [.. Enumerable.Range(0, sets).Select(set => Normality.Of(new RandomStream(set, "normality").Normals(2000)))];
        // At n = 2000 the asymptotic spreads are right within 1%. 2000 sets know a spread to 1.6%, and that of the kurtosis, whose square
        // spreads by 1.5 times its mean (5000 other sets), to 1.7%: four such errors.
        Close.Assert(samples[0].SkewnessError, Math.Sqrt(samples.Average(s => s.Skewness!.Value * s.Skewness.Value)), 0.065);
        Close.Assert(samples[0].ExcessKurtosisError, Math.Sqrt(samples.Average(s => s.ExcessKurtosis!.Value * s.ExcessKurtosis.Value)), 0.07);
        // 5% of p-values below 0.05, and 2000 sets know that to 0.5%; four such errors.
        Assert.InRange(samples.Count(s => s.PValue < 0.05) / (double)sets, 0.03, 0.07);
    }

    [Fact]
    public void Without_spread_there_is_no_verdict_and_without_values_no_moment()
    {
        var still = Normality.Of([0.1, 0.1, 0.1]);
        Assert.Equal(0, still.Variance);
        Assert.Null(still.Skewness);
        Assert.Null(still.ExcessKurtosis);
        Assert.Null(still.JarqueBera);
        Assert.Null(still.PValue);
        Assert.StartsWith("Moments need at least one value", Assert.Throws<ArgumentException>(() => Normality.Of([])).Message, StringComparison.Ordinal);
        Assert.Contains("number 1 (counted from 0) is NaN", Assert.Throws<ArgumentException>(() => Normality.Of([1, double.NaN])).Message);
    }
}
