using Talweg.Statistics;

namespace Talweg.Tests.Statistics;

public sealed class ColouredResidualsTests
{
    private static readonly double[] Residuals = [1, 2, -1, -2, 1, 3, 0, -1];

    /// <summary>Σ e² = 21 and Σ e(t) e(t + 1) = 2 − 2 + 2 − 2 + 3 = 3, so that n·3/21 = 8/7.</summary>
    [Fact]
    public void The_correlation_at_lag_1_is_freed_from_its_bias()
    {
        Assert.Equal(8.0 / 7 / 6, ColouredResiduals.LagCorrelation(Residuals, 0), 1e-15);
        Assert.Equal((8.0 / 7 + 1) / 5, ColouredResiduals.LagCorrelation(Residuals, 1), 1e-15);
        Assert.Equal(0, ColouredResiduals.LagCorrelation(new double[8], 4));
        double[] small = Array.ConvertAll(Residuals, e => 1e-3 * e);
        Assert.Equal((8.0 / 7 + 1) / 5, ColouredResiduals.LagCorrelation(small, 1), 1e-14);
    }

    [Fact]
    public void A_correlation_stays_within_95_percent()
    {
        Assert.Equal(0.95, ColouredResiduals.LagCorrelation(Residuals, 4));                  // (8/7 + 4)/2 before
        Assert.Equal(-0.95, ColouredResiduals.LagCorrelation([1, -1, 1, -1, 1, -1, 1, -1], 0));
        Assert.Equal((0.95, 0.5, -0.95), (ColouredResiduals.Bounded(0.96), ColouredResiduals.Bounded(0.5), ColouredResiduals.Bounded(-2)));
    }

    /// <summary>e(t) − e(t − 1)/2 is 1.5, −2, −1.5, 2, 2.5, −1.5, −1 here, of mean 0; with −3 before it, 3.5 instead of 1.5, of mean 2/7.</summary>
    [Theory, InlineData(1, 4, 2), InlineData(2, 1, 4.0 / 3), InlineData(3, 1, 8.0 / 5)]
    public void Shocks_are_centred_and_enlarged_by_what_the_fit_took(int blockLength, int fitted, double square)
    {
        double[] residuals = [-3, 2, -1, -2, 1, 3, 0, -1], expected = [3.5, -2, -1.5, 2, 2.5, -1.5, -1];
        double[] shocks = new ColouredResiduals(residuals, fitted, blockLength).Shocks(0.5);
        Assert.Equal(7, shocks.Length);
        for (int i = 0; i < 7; i++)
            Assert.Equal(Math.Sqrt(square) * (expected[i] - 2.0 / 7), shocks[i], 1e-14);
    }

    [Fact]
    public void Blocks_less_the_fitted_numbers_are_free() => Assert.Equal(8.0 / 3 - 1, new ColouredResiduals(Residuals, 1, 3).DegreesOfFreedom, 1e-15);

    /// <summary>The same draws, laid out one after another: all shocks in blocks round the circle, then the recursion, then the second half.</summary>
    [Theory, InlineData(1), InlineData(3)]
    public void A_draw_is_a_recursion_over_blocks_of_shocks(int blockLength)
    {
        var noise = new ColouredResiduals(Residuals, 1, blockLength);
        double[] shocks = noise.Shocks(0.4);
        var random = new RandomStream(5, "draw");
        double[] drawn = new ColouredResiduals(Residuals, 1, blockLength).Draw(0.4, new RandomStream(5, "draw"));
        List<double> sequence = [];
        while (sequence.Count < 16)
        {
            int start = random.Next(7);
            sequence.AddRange(Enumerable.Range(start, blockLength).Select(i => shocks[i % 7]));
        }
        for (int t = 0; t < 8; t++)
            Assert.Equal(Enumerable.Range(0, 9 + t).Sum(lag => Math.Pow(0.4, lag) * sequence[8 + t - lag]), drawn[t], 1e-13);
    }

    [Fact]
    public void Likely_correlations_spread_by_one_over_the_root_of_n_in_their_angle()
    {
        double[] residuals = new double[400];
        var noise = new ColouredResiduals(residuals, 1, 1);
        RandomStream random = new(6, "likely"), same = new(6, "likely");
        for (int i = 0; i < 100; i++)
            Assert.Equal(Math.Sin(Math.Asin(0.5) + same.NextNormal() / 20), noise.LikelyCorrelation(0.5, random), 1e-14);
    }

    [Fact]
    public void Likely_correlations_do_not_turn_back_beyond_one()
    {
        // Eight residuals: an angle of asin 0.95 = 1.25 and 0.35 times a normal number exceeds π/2 in 18% of draws; the sine would fall again.
        var noise = new ColouredResiduals(Residuals, 1, 1);
        RandomStream random = new(7, "likely"), same = new(7, "likely");
        int bounded = 0;
        for (int i = 0; i < 400; i++)
        {
            double drawn = noise.LikelyCorrelation(0.95, random), normal = same.NextNormal();
            bounded += normal > 0 ? 1 : 0;
            Assert.True(normal > 0 ? drawn == 0.95 : drawn <= 0.95);
        }
        Assert.InRange(bounded, 150, 250);
    }
}
