using Talweg.Statistics;
using Talweg.Studies.InverseVarianceFlatness;

namespace Talweg.Studies.Tests.InverseVarianceFlatness;

public class CellGroupTests
{
    /// <summary>The 97.5% quantile of Student's distribution with 2 degrees of freedom, from tables.</summary>
    private const double StudentOf2 = 4.30265272991;

    [Fact]
    public void Three_seeds_give_students_interval_over_seeds()
    {
        var measured = Synthetic.Group(3.9, 4, 4.4).Measure("ψ", Bands.Psi, (cell, w) => Estimators.Psi(cell.Windows[w]));
        double mean = (3.9 + 4 + 4.4) / 3;
        double deviation = Math.Sqrt((Math.Pow(3.9 - mean, 2) + Math.Pow(4 - mean, 2) + Math.Pow(4.4 - mean, 2)) / 2);
        Assert.Equal(mean, measured.Value, 1e-9);
        Assert.Equal(mean - StudentOf2 * deviation / Math.Sqrt(3), measured.Interval!.Value.Low, 1e-6);
        Assert.Equal(mean + StudentOf2 * deviation / Math.Sqrt(3), measured.Interval.Value.High, 1e-6);
        Assert.Equal("3 seeds", measured.IntervalOver);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Fewer_seeds_give_an_interval_over_the_first_cells_windows(int seeds)
    {
        var cells = Enumerable.Range(1, seeds).Select(seed => Synthetic.Measured(Synthetic.Cell(seed: seed),
            Synthetic.Modes(psi: 3.5 + 10 * (seed - 1)), Synthetic.Modes(psi: 4 + 10 * (seed - 1)), Synthetic.Modes(psi: 4.2 + 10 * (seed - 1))));
        var measured = new CellGroup([.. cells]).Measure("ψ", Bands.Psi, (cell, w) => Estimators.Psi(cell.Windows[w]));
        double mean = (3.5 + 4 + 4.2) / 3;
        double deviation = Math.Sqrt((Math.Pow(3.5 - mean, 2) + Math.Pow(4 - mean, 2) + Math.Pow(4.2 - mean, 2)) / 2);
        Assert.Equal(4, measured.Value, 1e-9);
        Assert.Equal(mean - StudentOf2 * deviation / Math.Sqrt(3), measured.Interval!.Value.Low, 1e-6);
        Assert.Equal("3 windows in time, one cell", measured.IntervalOver);
    }

    [Fact]
    public void A_value_that_is_undefined_in_one_cell_or_window_leaves_no_interval()
    {
        var seeds = Synthetic.Group(3.9, 4, 4.4);
        foreach (var measured in new[]
        {
            seeds.Measure("x", Bands.Psi, (cell, _) => cell.Cell.Seed == 2 ? double.NaN : 4),
            seeds.MeasureCells("x", Bands.Psi, cell => cell.Cell.Seed == 2 ? double.NaN : 4),
            Synthetic.Group(4).Measure("x", Bands.Psi, (_, window) => window == 0 ? double.NaN : 4),
            Synthetic.Group(4).MeasureCells("x", Bands.Psi, _ => double.NaN, _ => new Estimate(4, new(3, 5), "blocks")),
            Synthetic.Group(4, 4).MeasureCells("x", Bands.Psi, _ => 4),
            new CellGroup([]).MeasureCells("x", Bands.Psi, _ => 4),
        })
        {
            Assert.Null(measured.Interval);
            Assert.False(measured.HasInterval);
            Assert.Equal("", measured.IntervalOver);
        }
    }

    [Fact]
    public void One_cell_has_its_own_value_and_the_interval_it_was_given()
    {
        var measured = Synthetic.Group(4).MeasureCells("x", Bands.Psi, _ => 4.1, _ => new Estimate(3.9, new(3.5, 4.5), "10 tenths"));
        Assert.Equal((4.1, new Interval(3.5, 4.5), "10 tenths"), (measured.Value, measured.Interval!.Value, measured.IntervalOver));
    }

    [Fact]
    public void Blocks_of_modes_give_the_jackknife_of_a_difference()
    {
        var cell = Synthetic.Measured(Synthetic.Cell(), Synthetic.Modes(noise: 0.2));
        double Difference(ModeTable modes) =>
            Estimators.Psi(modes.Flatness, Estimators.Nullable(modes.Variance), 20, 200) - Estimators.Psi(modes);
        var estimate = ModeJackknife.Of(cell, 200, keep => Difference(keep(cell.Modes)));
        double[] without = [.. Enumerable.Range(0, 10).Select(block => Difference(cell.Modes with
        {
            Flatness = [.. cell.Modes.Flatness.Select((f, i) => i >= 1 && (i - 1) / 20 == block ? null : f)],
        }))];
        double error = Math.Sqrt(0.9 * without.Sum(value => Math.Pow(value - without.Average(), 2)));
        Assert.Equal(Difference(cell.Modes), estimate.Value, 1e-9);
        // 2.262157 is the 97.5% quantile of Student's distribution with 9 degrees of freedom.
        Assert.Equal(estimate.Value - 2.2621571628 * error, estimate.Interval!.Value.Low, 1e-6);
        Assert.Equal("10 blocks of 20 modes, one cell", estimate.Over);
    }

    [Fact]
    public void Too_few_modes_give_a_difference_without_interval()
    {
        var cell = Synthetic.Measured(Synthetic.Cell(), Synthetic.Modes(count: 41, measured: 41));
        Assert.Null(ModeJackknife.Of(cell, 200, keep => Estimators.Psi(keep(cell.Modes)) - 4).Interval);
    }
}
