using Talweg.Studies.Findings;
using Talweg.Studies.Universality;

namespace Talweg.Studies.Tests.Universality;

public sealed class LayerGroupTests
{
    [Fact]
    public void A_power_law_gives_its_exponent_and_a_correlation_of_minus_one()
    {
        var group = new LayerGroup([Layers.Of(psi: 4)]);
        Assert.Equal(-1, group.RankCorrelation.Value);
        Assert.Equal(-1, group.RankCorrelation.HeldOut);
        Assert.Equal(4, group.Exponent!.Value, 1e-12);
        Assert.Equal(["isotropic walk", "epoch-balanced walk", "shuffled steps"], group.RankCorrelation.Nulls.Select(value => value.Surrogate));
        Assert.All(group.RankCorrelation.Nulls, value => Assert.Equal(-1, value.Value, 1e-12));
        Assert.Equal("four hidden layers, layer 2 (50×50)", group.Name);
    }

    [Fact]
    public void Surrogates_are_told_apart_by_intervals_over_seeds_and_not_from_one_draw()
    {
        var one = new LayerGroup([Layers.Of(psi: 4, noise: 0.5, nullPsi: -0.5)]).RankCorrelation;
        Assert.All(one.Nulls, value => Assert.Equal((1, null), (Math.Round(value.Value, 12), value.Interval)));
        Assert.Equal("not told apart", Evidence.Of([one], settings: true).Word);
        var three = new LayerGroup([.. Enumerable.Range(1, 3).Select(seed => Layers.Of(psi: 4, noise: 0.5, nullPsi: -0.5, nullNoise: 0.3, seed: seed))]).RankCorrelation;
        Assert.All(three.Nulls, value => Assert.Equal("3 seeds", value.IntervalOver));
        Assert.Equal("distinct", Evidence.Of([three], settings: true).Word);
        Assert.Equal("shared", Evidence.Of([new LayerGroup([.. Enumerable.Range(1, 3).Select(seed => Layers.Of(psi: 4, noise: 0.5, nullPsi: 0.5, nullNoise: 0.3, seed: seed))]).RankCorrelation], settings: true).Word);
    }

    [Fact]
    public void A_correlation_without_any_scatter_has_an_interval_of_no_width_and_says_nothing() =>
        Assert.Contains("nothing can be said, for the interval has no width, Spearman −1", new LayerGroup([Layers.Of(psi: 4)]).Statement, StringComparison.Ordinal);

    [Fact]
    public void With_noise_the_statement_says_what_became_of_the_relation()
    {
        // Spearman's ρ of a normal pair is (6/π) asin(r/2); r² = ψ² var(ln F)/(ψ² var(ln F) + noise²), var(ln F) about 0.22 here.
        Assert.Contains("the relation is there, Spearman −0.9", new LayerGroup([Layers.Of(psi: 4, noise: 0.5)]).Statement, StringComparison.Ordinal);
        Assert.EndsWith("; F spans a factor of 7.07.", new LayerGroup([Layers.Of(psi: 4, noise: 0.5)]).Statement, StringComparison.Ordinal);   // √(100/2)
        Assert.Contains("the relation weakens, Spearman −0.", new LayerGroup([Layers.Of(psi: 4, noise: 4)]).Statement, StringComparison.Ordinal);
        Assert.Contains("no power law, R² 0.", new LayerGroup([Layers.Of(psi: 4, noise: 4)]).Statement, StringComparison.Ordinal);
        Assert.Contains("the relation fails: the interval reaches above 0", new LayerGroup([Layers.Of(psi: 0, noise: 1)]).Statement, StringComparison.Ordinal);
        Assert.Contains("the relation fails, Spearman 0.9", new LayerGroup([Layers.Of(psi: -4, noise: 0.3)]).Statement, StringComparison.Ordinal);
        Assert.Contains("nothing can be said, for too few modes have a flatness", new LayerGroup([Layers.Of(psi: 4, open: Layers.Modes - 5)]).Statement, StringComparison.Ordinal);
    }

    [Fact]
    public void Three_seeds_give_an_interval_over_seeds()
    {
        var group = new LayerGroup([.. Enumerable.Range(1, 3).Select(seed => Layers.Of(psi: 4, noise: 0.5, seed: seed, open: 2))]);
        Assert.Equal("3 seeds", group.RankCorrelation.IntervalOver);
        Assert.Equal(group.Seeds.Average(layer => layer.RankCorrelation.Value), group.RankCorrelation.Value, 1e-15);
        Assert.Equal(6, group.RankCorrelation.LeftOut);
        Assert.Equal("3 seeds", group.Exponent!.IntervalOver);
    }

    [Fact]
    public void One_seed_without_a_power_law_leaves_none()
    {
        Assert.Null(new LayerGroup([Layers.Of(psi: 4, noise: 0.1), Layers.Of(psi: 4, noise: 0.1, seed: 2), Layers.Of(psi: 4, noise: 4, seed: 3)]).Exponent);
        Assert.NotNull(new LayerGroup([Layers.Of(psi: 4, noise: 0.1), Layers.Of(psi: 4, noise: 0.1, seed: 2), Layers.Of(psi: 4, noise: 0.1, seed: 3)]).Exponent);
    }

    [Theory]
    [InlineData(2500, 1200, 10, 1)]                            // a small layer keeps all
    [InlineData(12_800, 1200, 10, 5)]                          // 12,000 rows to 2,400
    [InlineData(48_000, 1000, 10, 4)]                          // 10,000 rows to 2,500
    [InlineData(12_800, 100, 10, 1)]                           // 1,000 rows are few enough
    [InlineData(12_800, 1201, 10, 1)]                          // a prime number of iterations has no divisor
    public void Wide_layers_keep_as_many_rows_as_are_diagonalised_in_a_moment(int weights, int perEpoch, int epochs, int stride) =>
        Assert.Equal(stride, LayerWindow.Stride(weights, perEpoch, epochs, most: 2500));

    [Fact]
    public void Ranks_are_all_or_spread_over_their_logarithm()
    {
        Assert.Equal([2, 3, 4, 5], CellMeasurement.Ranks(200, 5));
        int[] ranks = CellMeasurement.Ranks(10, 200);
        Assert.Equal((2, 200, 10), (ranks[0], ranks[^1], ranks.Length));
    }

    [Theory]
    [InlineData("deep,shallow", "--set: cases: found 'shallow', expected one of deep, lenet-mnist, lenet-cifar, momentum, adam")]
    [InlineData("adam,adam", "--set: cases: found 'adam' twice, expected every case once")]
    public void Cases_that_are_not_there_are_refused(string cases, string message) =>
        Assert.StartsWith(message, Assert.Throws<InputException>(() => UniversalityCase.Parse(cases)).Message, StringComparison.Ordinal);
}
