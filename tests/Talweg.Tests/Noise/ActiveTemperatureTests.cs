using CsCheck;
using Talweg.Landscapes;
using Talweg.Networks;
using Talweg.Noise;
using Talweg.Statistics;
using Talweg.Tests.Landscapes;
using Talweg.Tests.Networks;

namespace Talweg.Tests.Noise;

/// <summary>The comparison with autograd is in <see cref="MinibatchProfilesTests"/>.</summary>
public sealed class ActiveTemperatureTests
{
    private static readonly Gen<double[]> Slopes = Gen.Double[-10, 10].Array[2, 30];

    [Fact]
    public void By_hand()
    {
        // Slopes 1, 2, 6 at the first point: mean 3, squares 4, 1, 9, fourth powers 16, 1, 81. All equal at the second.
        var temperature = ActiveTemperature.Of(MinibatchProfiles.Of([0, 0.5], [10, 20, 20, 20, 60, 20], [1, 7, 2, 7, 6, 7]), learningRate: 0.5);
        Close.Assert(0.25 * 14 / 3, temperature.Temperature[0], 1e-15);
        Close.Assert(0.25 * Math.Sqrt((98.0 / 3 - 14.0 / 3 * 14 / 3) / 3), temperature.StandardError![0], 1e-15);
        Assert.Equal((0, 0), (temperature.Temperature[1], temperature.StandardError[1]));
        Assert.Equal([30, 20], temperature.Loss);
        Assert.Equal([0, 0.5], temperature.Displacements);
    }

    /// <summary>Samples in pairs: the temperature is (α/2)·⟨(g₁/2 + g₂/2 − ḡ)²⟩, from slopes that are central differences of single samples' losses.</summary>
    [Fact]
    public void It_follows_from_the_slopes_of_the_samples()
    {
        const double h = 1e-5;
        var small = SmallNetworks.Get("fc:6-8-7-5,bias,tanh");
        var space = WeightSpace.Of(small.Network, 2);
        double[] direction = SmallNetwork.RandomDirection(space.Dimension, 8);
        using var landscape = Landscape.Of(small.Weights, small.Samples, space, LandscapePrecision.Double);
        double[] above = LossesAt(h), below = LossesAt(-h);
        double[] slopes = [.. above.Zip(below, (a, b) => (a - b) / (2 * h))];
        double[] pairs = [.. slopes.Take(202).Chunk(2).Select(pair => (pair[0] + pair[1]) / 2)];   // the 203rd sample fills no pair
        double expected = 0.2 / 2 * pairs.Average(slope => Math.Pow(slope - pairs.Average(), 2));
        var found = ActiveTemperature.Along(landscape, Directions.Of(direction, space.Dimension), MinibatchSets.Consecutive(203, 2), 0.2, [0])[0];
        Close.Assert(expected, found.Temperature[0], 1e-8);   // error of the differences: h²·L‴/6 ≈ 1e-10, rounding 1e-11

        double[] LossesAt(double t)
        {
            using var moved = new TorchReference(small.Weights, small.Samples);
            moved.Move(space, direction, t);
            return moved.Losses();
        }
    }

    [Fact]
    public void It_is_proportional_to_the_learning_rate_and_to_the_square_of_the_slopes_and_knows_no_common_slope() =>
        Gen.Select(Slopes, Gen.Double[0.01, 10], Gen.Double[0.1, 5], Gen.Double[-20, 20]).Sample((slopes, rate, factor, tilt) =>
        {
            var (one, error) = Of(slopes, 1);
            var (other, otherError) = Of([.. slopes.Select(slope => factor * slope + tilt)], rate);
            double scale = factor * factor * rate;
            // The tilt takes up to two digits from the deviations, of which the square is left.
            Close.Assert(scale * one, other, 1e-10, scale);
            Close.Assert(scale * error, otherError, 1e-6, scale);   // the root of what rounding leaves of m₄ − m₂²
        });

    [Fact]
    public void One_minibatch_has_temperature_0_and_no_standard_error()
    {
        var small = SmallNetworks.Get("fc:5-13-9-3");
        var space = WeightSpace.Of(small.Network, 2);
        var directions = Directions.Of(SmallNetwork.RandomDirection(space.Dimension, 8), space.Dimension);
        using var landscape = Landscape.Of(small.Weights, small.Samples, space);
        var temperature = ActiveTemperature.Along(landscape, directions, MinibatchSets.Consecutive(97, 97), 0.1, [-1, 0, 2])[0];
        Assert.Equal([0, 0, 0], temperature.Temperature);
        Assert.Null(temperature.StandardError);
    }

    /// <remarks>
    /// For normal slopes of variance 1 the exact values are ⟨T⟩ = (α/2)(n − 1)/n and n·var(m₂) = 2(n − 1)/n; ⟨m₄ − m₂²⟩ is
    /// 3(n − 1)²/n² − (n² − 1)/n², which is smaller by 1/n·4. So the root of the mean squared standard error is known: over 4,000 ensembles
    /// of n = 400 it comes out to 0.2% (m₄ varies by 24% an ensemble), hence 1% allowed; the spread itself to 1.1%, hence 4%.
    /// Uniform slopes have m₄ = 9/5 m₂², so that an error that only fits normals would be off by a factor 1.6.
    /// </remarks>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_standard_error_is_the_spread_over_ensembles_drawn_anew(bool normal)
    {
        const int n = 400, ensembles = 4000;
        const double learningRate = 0.7;
        var random = new RandomStream(11, "slopes");
        double[] temperatures = new double[ensembles], squares = new double[ensembles];
        for (int i = 0; i < ensembles; i++)
        {
            double[] slopes = [.. Enumerable.Range(0, n).Select(_ => 5 + (normal ? random.NextNormal() : random.NextDouble()))];
            var (temperature, error) = Of(slopes, learningRate);
            (temperatures[i], squares[i]) = (temperature, error * error);
        }

        double spread = Math.Sqrt(temperatures.Average(t => Math.Pow(t - temperatures.Average(), 2)));
        double estimated = Math.Sqrt(squares.Average());
        Close.Assert(spread, estimated, 0.04);
        if (!normal)
            return;
        Close.Assert(learningRate / 2 * Math.Sqrt((3.0 * (n - 1) * (n - 1) - (n * n - 1.0)) / n / n / n), estimated, 0.01);
        Close.Assert(learningRate / 2 * (n - 1) / n, temperatures.Average(), 0.005);   // 4 standard errors of 7%/√4000
    }

    [Fact]
    public void A_slope_that_is_not_a_number_leaves_no_temperature_at_its_point_alone()
    {
        var temperature = ActiveTemperature.Of(MinibatchProfiles.Of([0, 1], [1, 1, 1, 1], [1, double.NaN, 3, 1]), 1);
        Assert.Equal([0.5, double.NaN], temperature.Temperature);
        Assert.Equal([0, double.NaN], temperature.StandardError!);
    }

    [Fact]
    public void Displacements_taken_in_turns_give_what_they_give_together()
    {
        var small = SmallNetworks.Get("fc:6-8-7-5,bias,tanh");
        var space = WeightSpace.Of(small.Network, 2);
        using var landscape = Landscape.Of(small.Weights, small.Samples, space);
        var directions = Directions.Of(SmallNetwork.RandomDirection(space.Dimension, 1), space.Dimension);
        var sets = MinibatchSets.Consecutive(small.Samples.Count, 7);
        double[] points = [-1, -0.4, 0, 0.3, 0.9, 2, 5];
        var together = ActiveTemperature.Along(landscape, directions, sets, 0.1, points)[0];
        var inTurns = ActiveTemperature.Along(landscape, directions, sets, 0.1, points, null, atOnce: 3)[0];
        Assert.Equal(points, inTurns.Displacements);
        Assert.Equal(together.Temperature, inTurns.Temperature);
        Assert.Equal(together.StandardError, inTurns.StandardError);
        Assert.Equal(together.Loss, inTurns.Loss);
    }

    [Fact]
    public void Many_threads_measure_what_one_does()
    {
        var small = SmallNetworks.Get("fc:11-66-3-17-10,bias");
        var space = WeightSpace.Of(small.Network, 2);
        var directions = Directions.Of([.. Enumerable.Range(0, 12).SelectMany(seed => SmallNetwork.RandomDirection(space.Dimension, seed))], space.Dimension);
        var sets = MinibatchSets.Consecutive(small.Samples.Count, 20);
        using var landscape = Landscape.Of(small.Weights, small.Samples, space);
        var reports = new List<WorkProgress>();
        var together = ActiveTemperature.Along(landscape, directions, sets, 0.1, [-0.5, 0, 0.3], new(4, new Collector(reports)));
        for (int i = 0; i < directions.Count; i++)
        {
            var alone = ActiveTemperature.Of(MinibatchProfiles.Along(landscape, directions[i], sets, [-0.5, 0, 0.3], withSlopes: true), 0.1);
            Assert.Equal(alone.Temperature, together[i].Temperature);
            Assert.Equal(alone.StandardError!, together[i].StandardError!);
        }

        Assert.Equal(Enumerable.Range(0, 13).Select(done => new WorkProgress("temperatures", done, 12)), reports.OrderBy(report => report.Done));
        Assert.ThrowsAny<OperationCanceledException>(() => ActiveTemperature.Along(landscape, directions, sets, 0.1, [0], new(2, null, new(canceled: true))));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_learning_rate_that_is_no_positive_number_is_refused(double rate) => Assert.Contains(
        "The learning rate must be a positive number.",
        Assert.Throws<ArgumentOutOfRangeException>(() => ActiveTemperature.Of(MinibatchProfiles.Of([0], [1], [1]), rate)).Message);

    [Fact]
    public void Slopes_and_displacements_are_needed()
    {
        Assert.Contains("the profiles hold none. Measure them with slopes.", Assert.Throws<ArgumentException>(() => ActiveTemperature.Of(MinibatchProfiles.Of([0], [1]), 1)).Message);
        var small = SmallNetworks.Get("fc:7-3");
        using var landscape = Landscape.Of(small.Weights, small.Samples, WeightSpace.Of(small.Network, 1));
        var directions = Directions.Of(SmallNetwork.RandomDirection(21, 1), 21);
        Assert.Contains("There must be at least one displacement.", Assert.Throws<ArgumentException>(() => ActiveTemperature.Along(landscape, directions, MinibatchSets.Consecutive(65, 5), 1, [])).Message);
    }

    private static (double Temperature, double Error) Of(double[] slopes, double learningRate)
    {
        var temperature = ActiveTemperature.Of(MinibatchProfiles.Of([0], new double[slopes.Length], slopes), learningRate);
        return (temperature.Temperature[0], temperature.StandardError![0]);
    }
}
