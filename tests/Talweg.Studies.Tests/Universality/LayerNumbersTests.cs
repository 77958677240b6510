using Talweg.Studies.Universality;

namespace Talweg.Studies.Tests.Universality;

/// <summary>A layer's numbers over seeds, from tables with noise and open sides, computed anew.</summary>
public sealed class LayerNumbersTests
{
    private static readonly MeasuredLayer[] Seeds = [.. Enumerable.Range(1, 3).Select(seed => Layer(seed))];

    [Fact]
    public void The_rank_correlation_is_over_modes_from_the_second_on_that_have_F_and_a_variance()
    {
        var group = new LayerGroup(Seeds);
        Assert.Equal(Seeds.Average(layer => Correlation(layer, row => row.Variance)), group.RankCorrelation.Value, 1e-12);
        Assert.Equal(Seeds.Average(layer => Correlation(layer, row => row.HeldOutVariance)), group.RankCorrelation.HeldOut!.Value, 1e-12);
        Assert.NotEqual(group.RankCorrelation.Value, group.RankCorrelation.HeldOut.Value, 0.1);
        foreach (var surrogate in group.RankCorrelation.Nulls)
        {
            double expected = Seeds.Average(layer =>
            {
                LayerNullRow[] rows = [.. layer.Nulls.Where(row => row.Surrogate == surrogate.Surrogate && row.Flatness is not null)];
                return Naive.Spearman([.. rows.Select(row => row.Variance)], [.. rows.Select(row => row.Flatness!.Value)]);
            });
            Assert.Equal(expected, surrogate.Value, 1e-12);
        }

        Assert.Equal(3, group.RankCorrelation.Nulls.Select(value => Math.Round(value.Value, 9)).Distinct().Count());
    }

    /// <summary>Mode 1 is not of the claim; its open side is not counted either. Every fifth mode from the second on has a side that was not found.</summary>
    [Fact]
    public void Modes_left_out_are_counted_from_the_second_on() =>
        Assert.Equal(3 * Enumerable.Range(2, Layers.Modes - 1).Count(rank => rank % 5 == 0), new LayerGroup(Seeds).RankCorrelation.LeftOut);

    [Fact]
    public void The_exponent_is_the_mean_over_seeds_of_the_lines_through_the_logarithms()
    {
        MeasuredLayer[] smooth = [.. Enumerable.Range(1, 3).Select(seed => Layer(seed, noise: 0.2))];
        var psi = new LayerGroup(smooth).Exponent!;
        Assert.Equal(smooth.Average(layer => -Naive.Exponent([.. Points(layer).Select(row => row.Flatness!.Value)], [.. Points(layer).Select(row => row.Variance)])), psi.Value, 1e-9);
        Assert.Equal("3 seeds", psi.IntervalOver);
        var alone = new LayerGroup(smooth[..1]).Exponent!;
        Assert.Equal(-smooth[0].Law!.Exponent, alone.Value);
        Assert.Equal((-smooth[0].Law!.Interval.High, -smooth[0].Law!.Interval.Low), (alone.Interval!.Value.Low, alone.Interval.Value.High));
        Assert.InRange(alone.Value, alone.Interval.Value.Low, alone.Interval.Value.High);
    }

    [Fact]
    public void A_power_law_is_said_only_where_every_seed_s_line_explains_nine_tenths()
    {
        Assert.All(Seeds, layer => Assert.InRange(layer.Law!.RSquared, 0, LayerGroup.FitsFrom));
        Assert.Null(new LayerGroup(Seeds).Exponent);
        MeasuredLayer[] mixed = [Layer(1, noise: 0.2), Seeds[1], Layer(3, noise: 0.2)];
        Assert.Equal([true, false, true], mixed.Select(layer => layer.Law!.RSquared >= LayerGroup.FitsFrom));
        Assert.Null(new LayerGroup(mixed).Exponent);
        Assert.NotNull(new LayerGroup([mixed[0], mixed[2]]).Exponent);
        Assert.Equal(0.9, LayerGroup.FitsFrom);
        Assert.Equal(-0.5, LayerGroup.Weak);
    }

    [Fact]
    public void Ten_points_have_a_correlation_and_nine_have_none()
    {
        Assert.True(double.IsFinite(With(10).RankCorrelation.Value));
        Assert.NotNull(With(10).Law);
        Assert.Equal(double.NaN, With(9).RankCorrelation.Value);
        Assert.Null(With(9).Law);

        static MeasuredLayer With(int points) => Layers.Of(psi: 4) is var layer ? layer with { Modes = [.. layer.Modes.Take(points + 1)] } : null!;
    }

    private static double Correlation(MeasuredLayer layer, Func<LayerModeRow, double> variance) =>
        Naive.Spearman([.. Points(layer).Select(variance)], [.. Points(layer).Select(row => row.Flatness!.Value)]);

    private static LayerModeRow[] Points(MeasuredLayer layer) => [.. layer.Modes.Where(row => row.Rank >= 2 && row.Flatness is not null && row.Variance > 0)];

    /// <summary>Mode 1 lies far off, every fifth mode has an open side, one mode does not move; variances in the next window and surrogates are noisier.</summary>
    private static MeasuredLayer Layer(int seed, double noise = 1.5)
    {
        var layer = Layers.Of(psi: 4, noise: noise, seed: seed);
        var random = new Talweg.Statistics.RandomStream(seed, "layer numbers");
        return layer with
        {
            Modes = [.. layer.Modes.Select(row => row with
            {
                Variance = row.Rank == 1 ? 1e-9 : row.Rank == 7 ? 0 : row.Variance,
                HeldOutVariance = row.Variance * Math.Exp(3 * random.NextNormal()),
                Flatness = row.Rank % 5 == 0 ? null : row.Flatness,
                OpenSides = row.Rank == 1 || row.Rank % 5 == 0 ? 1 : 0,
            })],
            Nulls = [.. layer.Nulls.Select(row => row with { Flatness = row.Rank % 6 == 0 ? null : row.Flatness * Math.Exp(2 * random.NextNormal()) })],
        };
    }
}
