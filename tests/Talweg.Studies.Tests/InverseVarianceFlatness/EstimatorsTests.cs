using Talweg.Studies.InverseVarianceFlatness;

namespace Talweg.Studies.Tests.InverseVarianceFlatness;

public class EstimatorsTests
{
    private const double Outlier = 1e6;

    [Theory]
    [InlineData(2)]
    [InlineData(2.6)]
    public void The_spectrum_exponent_is_that_of_ranks_21_to_199(double gamma)
    {
        double[] variances = Synthetic.Modes(gamma: gamma).Variance;
        foreach (int outside in new[] { 1, 2, 20, 200, 201 })
            variances[outside - 1] = Outlier;
        Assert.Equal(gamma, Estimators.SpectrumExponent(variances), 1e-9);
        foreach (int inside in new[] { 21, 199 })
        {
            double[] changed = [.. variances];
            changed[inside - 1] *= 10;
            Assert.NotEqual(gamma, Estimators.SpectrumExponent(changed), 1e-3);
        }

        Assert.Equal(double.NaN, Estimators.SpectrumExponent(variances[..22]));
    }

    [Theory]
    [InlineData(4)]
    [InlineData(1.5)]
    public void Psi_is_that_of_ranks_2_to_200(double psi)
    {
        var modes = Synthetic.Modes(psi: psi);
        Assert.Equal(psi, Estimators.Psi(modes), 1e-9);
        double?[] flatness = [.. modes.Flatness];
        (flatness[0], flatness[200]) = (Outlier, Outlier);
        Assert.Equal(psi, Estimators.Psi(modes with { Flatness = flatness }), 1e-9);
        foreach (int inside in new[] { 2, 200 })
        {
            double?[] changed = [.. flatness];
            changed[inside - 1] *= 2;
            Assert.NotEqual(psi, Estimators.Psi(modes with { Flatness = changed }), 1e-4);
        }
    }

    [Fact]
    public void Psi_agrees_with_the_normal_equations_on_noisy_modes()
    {
        var modes = Synthetic.Modes(noise: 0.2);
        double[] x = [.. Enumerable.Range(1, 199).Select(i => Math.Log(modes.Flatness[i]!.Value))];
        double[] y = [.. Enumerable.Range(1, 199).Select(i => Math.Log(modes.Variance[i]))];
        double slope = (x.Zip(y, (a, b) => a * b).Sum() - x.Sum() * y.Sum() / 199) / (x.Sum(a => a * a) - x.Sum() * x.Sum() / 199);
        Assert.Equal(-slope, Estimators.Psi(modes), 1e-9);
    }

    [Fact]
    public void Open_sides_are_left_out_and_too_few_modes_give_nothing()
    {
        var modes = Synthetic.Modes();
        double?[] open = [.. modes.Flatness.Select((f, i) => i % 3 == 0 ? null : f)];
        Assert.Equal(Synthetic.Psi, Estimators.Psi(modes with { Flatness = open }), 1e-9);
        Assert.Equal(1, Estimators.RankCorrelation(open), 1e-12);
        var ten = Synthetic.Modes(count: 11, measured: 11);
        Assert.Equal(Synthetic.Psi, Estimators.Psi(ten), 1e-9);
        var nine = Synthetic.Modes(count: 10, measured: 10);
        Assert.Equal(double.NaN, Estimators.Psi(nine));
        Assert.Null(Estimators.Law(nine.Flatness, Estimators.Nullable(nine.Variance)));
        Assert.Equal(double.NaN, Estimators.RankCorrelation(new double?[200]));
        Assert.Equal(double.NaN, Estimators.MedianFit(new double?[200]));
    }

    [Fact]
    public void Theil_Sen_is_the_median_slope_over_pairs()
    {
        var modes = Synthetic.Modes(noise: 0.3);
        var points = Enumerable.Range(1, 199).Select(i => (X: Math.Log(modes.Flatness[i]!.Value), Y: Math.Log(modes.Variance[i]))).ToArray();
        double[] slopes = [.. points.SelectMany((a, i) => points.Skip(i + 1).Select(b => (b.Y - a.Y) / (b.X - a.X))).Order()];
        double median = (slopes[slopes.Length / 2] + slopes[(slopes.Length - 1) / 2]) / 2;
        Assert.Equal(-median, Estimators.Psi(modes.Flatness, Estimators.Nullable(modes.Variance), theilSen: true), 1e-9);
    }

    [Fact]
    public void The_gap_is_the_first_ratio()
    {
        Assert.Equal(25, Estimators.Gap([50, 2, 1]));
        Assert.Equal(double.NaN, Estimators.Gap([50]));
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(1)]
    [InlineData(2.6)]
    public void Modes_for_90_percent_are_counted_from_mode_2(double gamma)
    {
        double[] variances = Synthetic.Modes(gamma: gamma).Variance;
        int n = 2;
        while (variances[1..n].Sum() < 0.9 * variances[1..].Sum())
            n++;
        Assert.Equal(n - 1, Estimators.ModesFor90(variances));
    }

    [Fact]
    public void The_rank_correlation_is_that_of_counted_ranks()
    {
        var modes = Synthetic.Modes(noise: 0.5);
        double[] flatness = [.. modes.Flatness.Take(200).Skip(1).Select(f => f!.Value)];
        double sum = flatness.Select((f, i) => Math.Pow(i - flatness.Count(other => other < f), 2)).Sum();
        double n = flatness.Length;
        Assert.Equal(1 - 6 * sum / (n * (n * n - 1)), Estimators.RankCorrelation(modes.Flatness), 1e-12);
    }

    [Fact]
    public void Medians_are_over_modes_2_to_200()
    {
        double?[] values = [.. Enumerable.Range(1, 300).Select(i => i is 1 or > 200 ? Outlier : (double?)i)];
        Assert.Equal(101, Estimators.MedianPersistence(values));
        values[1] = null;
        Assert.Equal(101.5, Estimators.MedianFit(values));
    }
}
