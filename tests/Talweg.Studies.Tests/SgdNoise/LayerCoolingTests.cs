using Talweg.Studies.SgdNoise;

namespace Talweg.Studies.Tests.SgdNoise;

/// <summary>Signals made up after known regimes.</summary>
public sealed class LayerCoolingTests
{
    private static readonly double[] Exponents = [0.9, 1.0, 1.1];

    private static double Signal(SignalRow row) => row.Signal;

    private static LayerCooling Cool(double[] exponents, Func<double, double, double>? late = null, string network = "fc:784-8-8-10") =>
        new(Samples.Cell(NoisePart.Layers) with { Network = network }, Samples.Signals(exponents, late));

    [Fact]
    public void The_regimes_are_found_where_they_were_put()
    {
        var cooling = Cool(Exponents);
        Assert.Equal(100, cooling.MaximumAt);
        Assert.Equal(106, cooling.NoiseFrom);        // the first time after 100
        Assert.InRange(cooling.Change!.Value, 900, 1100);   // the hinge is continuous; times are 6% apart
        Assert.Equal(Math.Log(4), cooling.EarlyRatio.Value, 1e-12);
        Assert.Equal(-Math.Log(2), cooling.LateRatio.Value, 1e-12);
        Assert.Equal("ReLU", cooling.Activation);
        Assert.Equal("tanh", Cool(Exponents, network: "fc:784-8-8-10,tanh").Activation);
    }

    [Fact]
    public void Late_exponents_and_their_spread_are_those_given()
    {
        var cooling = Cool(Exponents);
        Assert.Equal(Exponents, cooling.LateExponents, (a, b) => Math.Abs(a - b) < 1e-9);
        Assert.Equal(Math.Sqrt(0.02 / 3), cooling.ExponentSpread(Signal).Value, 1e-9);
        Assert.Equal(0, Cool([1, 1, 1]).ExponentSpread(Signal).Value, 1e-9);
    }

    [Fact]
    public void A_power_decays_ever_more_slowly_and_an_exponential_does_not()
    {
        Assert.InRange(Cool(Exponents).RateRatio(Signal).Value, 0.01, 0.5);
        Assert.Equal(1, Cool(Exponents, (t, _) => Math.Exp(-(t - 1000) / 2e4)).RateRatio(Signal).Value, 1e-9);
        Assert.True(Cool(Exponents, (t, _) => Math.Exp(-(t - 1000) / 2e4 * (1 + t / 2e5))).RateRatio(Signal).Value > 1.05);
    }

    /// <summary>Student's interval of a jackknife over five blocks of times, leaving out one after the other.</summary>
    [Fact]
    public void The_late_intervals_are_over_five_blocks_of_times()
    {
        var cooling = Cool(Exponents, (t, exponent) => Math.Pow(t / 1000, -exponent) * Math.Exp(0.1 * Math.Sin(exponent * t)));
        SignalRow[][] late = [.. cooling.Rows.Where(row => row.Iteration >= cooling.Change).GroupBy(row => row.Iteration).Select(group => group.ToArray())];
        int length = (late.Length + 4) / 5;
        double[] without = [.. Enumerable.Range(0, 5).Select(block => Spread([.. late.Where((_, i) => i / length != block)]))];
        double error = Math.Sqrt(4.0 / 5 * without.Sum(value => Math.Pow(value - without.Average(), 2)));
        var found = cooling.ExponentSpread(Signal);
        Assert.Equal("5 blocks of late times", found.Over);
        Assert.Equal(Spread(late), found.Value, 1e-9);
        Assert.Equal(2.776445105 * error, found.Interval!.Value.Width / 2, 1e-6 * error);   // 97.5% of Student's t with 4 degrees of freedom
        Assert.Equal("5 blocks of late times", cooling.RateRatio(Signal).Over);

        static double Spread(SignalRow[][] times)
        {
            double[] slopes = [.. Enumerable.Range(0, 3).Select(layer =>
            {
                double[] x = [.. times.Select(rows => Math.Log(rows[layer].Iteration))], y = [.. times.Select(rows => Math.Log(rows[layer].Signal))];
                return x.Zip(y, (a, b) => (a - x.Average()) * b).Sum() / x.Sum(a => (a - x.Average()) * (a - x.Average()));
            })];
            return Math.Sqrt(slopes.Average(slope => Math.Pow(slope - slopes.Average(), 2))) / Math.Abs(slopes.Average());
        }
    }

    /// <summary>The late half of s ~ exp(−rate·t) and of its inverse: the ratio of the two halves' rates is the same, their signs are not.</summary>
    [Fact]
    public void Rates_tell_growth_from_decay_where_their_ratio_does_not()
    {
        var falls = Cool(Exponents, (t, _) => Math.Exp(-(t - 1000) / 2e4));
        Assert.Equal(5e-5, falls.EarlierRate(Signal).Value, 1e-15);
        Assert.Equal(5e-5, falls.LaterRate(Signal).Value, 1e-15);
        Assert.Equal(1, falls.RateRatio(Signal).Value, 1e-9);
        var grows = new LayerCooling(falls.Cell, [.. falls.Rows.Select(row => row.Iteration <= falls.Change ? row : row with { Deviation = row.Deviation * Math.Exp((row.Iteration - 1000) / 1e4) })]);
        Assert.Equal(-5e-5, grows.EarlierRate(row => row.Deviation).Value, 1e-15);
        Assert.Equal(-5e-5, grows.LaterRate(row => row.Deviation).Value, 1e-15);
        Assert.Equal(1, grows.RateRatio(row => row.Deviation).Value, 1e-9);
    }

    [Fact]
    public void Too_few_times_leave_it_open()
    {
        var rows = Enumerable.Range(1, 5).Select(t => new SignalRow { Iteration = t, Loss = 1, Layer = 1, Signal = 1.0 / t, Deviation = 1 });
        var cooling = new LayerCooling(Samples.Cell(NoisePart.Layers), [.. rows]);
        Assert.Null(cooling.Change);
        Assert.Equal(double.NaN, cooling.ExponentSpread(Signal).Value);
        Assert.Empty(cooling.LateExponents);
        Assert.Empty(new LayerCooling(Samples.Cell(NoisePart.Layers), []).LateExponents);
    }
}
