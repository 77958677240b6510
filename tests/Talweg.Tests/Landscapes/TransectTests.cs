using Talweg.Landscapes;
using Talweg.Networks;
using Talweg.Tests.Networks;

namespace Talweg.Tests.Landscapes;

/// <summary>Both paths against plain forward passes of the moved network, in double precision, over all small networks and weight spaces.</summary>
public sealed class TransectTests
{
    /// <summary>Seven: not a multiple of the kernel's four.</summary>
    private static readonly double[] Displacements = [0, -2.5, 0.1, 1.3, -0.01, 4, 0.7];

    [Theory, MemberData(nameof(SmallNetworks.Spaces), MemberType = typeof(SmallNetworks))]
    public void Losses_are_those_of_the_moved_network_in_single_precision(string network, string layers, bool withBiases) =>
        Compare(network, layers, withBiases, LandscapePrecision.Single, relative: 1e-5);

    [Theory, MemberData(nameof(SmallNetworks.Spaces), MemberType = typeof(SmallNetworks))]
    public void Losses_are_those_of_the_moved_network_in_double_precision(string network, string layers, bool withBiases) =>
        Compare(network, layers, withBiases, LandscapePrecision.Double, relative: 1e-12);

    private static void Compare(string name, string layers, bool withBiases, LandscapePrecision precision, double relative)
    {
        var small = SmallNetworks.Get(name);
        var space = WeightSpace.Parse(small.Network, layers, withBiases);
        double[] direction = SmallNetwork.RandomDirection(space.Dimension, 2);
        using var landscape = Landscape.Of(small.Weights, small.Samples, space, precision);
        Assert.Equal(precision == LandscapePrecision.Single && space.Segments.Count == 1 ? "fused" : "layered", landscape.Path);
        var perSample = PerSample.Of(landscape, direction, Displacements, withSlopes: true);
        var profile = landscape.Profile(direction, Displacements, withSlopes: true);
        var withoutSlopes = landscape.Profile(direction, Displacements);
        Assert.Equal(Displacements, profile.Displacements);
        Assert.Null(withoutSlopes.Slope);
        for (int d = 0; d < Displacements.Length; d++)
        {
            using var moved = new TorchReference(small.Weights, small.Samples);
            moved.Move(space, direction, Displacements[d]);
            double[] losses = moved.Losses();
            double mean = losses.Average();
            Close.Assert(mean, profile.Loss[d], relative, what: $"mean loss at {Displacements[d]}");
            Assert.Equal(profile.Loss[d], withoutSlopes.Loss[d]);
            for (int sample = 0; sample < losses.Length; sample++)
                Close.Assert(losses[sample], perSample.Losses[d][sample], relative, mean, $"loss of sample {sample} at {Displacements[d]}");

            // Autograd knows nothing of tangents. Slopes of either sign cancel in the mean, so the scale is that of the samples' own.
            double scale = perSample.Slopes![d].Average(Math.Abs);
            Close.Assert(moved.Slope(space, direction), profile.Slope![d], relative, scale, $"slope at {Displacements[d]}");
        }

        Close.Assert(profile.Loss[0], landscape.LossAtOrigin, 1e-12);
    }

    /// <remarks>
    /// Error h²·L‴/6 ≈ 1e-10 and rounding 1e-16/h ≈ 1e-11, against 1e-7 allowed. A ReLU that switches within ±h would show up, but among
    /// these few hundred samples none lies within 2e-5 of its kink at these displacements, as the test's passing says.
    /// </remarks>
    [Theory, MemberData(nameof(SmallNetworks.Spaces), MemberType = typeof(SmallNetworks))]
    public void Slopes_are_central_differences(string name, string layers, bool withBiases)
    {
        const double h = 1e-5;
        var small = SmallNetworks.Get(name);
        var space = WeightSpace.Parse(small.Network, layers, withBiases);
        double[] direction = SmallNetwork.RandomDirection(space.Dimension, 2);
        using var landscape = Landscape.Of(small.Weights, small.Samples, space, LandscapePrecision.Double);
        double[] points = [-0.8, 0.15, 1.1];
        var sweep = PerSample.Of(landscape, direction, points, withSlopes: true);
        for (int i = 0; i < points.Length; i++)
        {
            double[] above = LossesAt(points[i] + h), below = LossesAt(points[i] - h);
            double scale = sweep.Slopes![i].Average(Math.Abs);
            for (int sample = 0; sample < above.Length; sample++)
                Close.Assert((above[sample] - below[sample]) / (2 * h), sweep.Slopes[i][sample], 1e-7, scale, $"slope of sample {sample} at {points[i]}");
        }

        double[] LossesAt(double t)
        {
            using var moved = new TorchReference(small.Weights, small.Samples);
            moved.Move(space, direction, t);
            return moved.Losses();
        }
    }

    [Theory]
    [InlineData("fc:11-66-3-17-10,bias", "all")]
    [InlineData("fc:11-66-3-17-10,bias", "2")]
    public void Many_threads_measure_what_one_does(string name, string layers)
    {
        var small = SmallNetworks.Get(name);
        var space = WeightSpace.Parse(small.Network, layers);
        double[] values = [.. Enumerable.Range(0, 12).SelectMany(seed => SmallNetwork.RandomDirection(space.Dimension, seed))];
        var directions = Directions.Of(values, space.Dimension);
        using var landscape = Landscape.Of(small.Weights, small.Samples, space);
        var reports = new List<WorkProgress>();
        var together = Transects.Along(landscape, directions, Displacements, true, new(4, new Collector(reports)));
        for (int i = 0; i < directions.Count; i++)
        {
            var alone = landscape.Profile(directions[i], Displacements, true);
            Assert.Equal(alone.Loss, together[i].Loss);
            Assert.Equal(alone.Slope, together[i].Slope);
        }

        Assert.Equal(Enumerable.Range(0, 13).Select(done => new WorkProgress("transects", done, 12)), reports.OrderBy(report => report.Done));
        Assert.ThrowsAny<OperationCanceledException>(() => Transects.Along(landscape, directions, [0], options: new(2, null, new(canceled: true))));
    }

    [Fact]
    public void The_layered_path_computes_the_same_in_chunks()
    {
        // 1,000 displacements of 66 units leave 63 samples a chunk in double precision.
        var small = SmallNetworks.Get("fc:11-66-3-17-10,bias");
        var space = WeightSpace.Parse(small.Network, "all", withBiases: true);
        double[] direction = SmallNetwork.RandomDirection(space.Dimension, 4);
        using var landscape = Landscape.Of(small.Weights, small.Samples, space, LandscapePrecision.Double);
        double[] many = [.. Enumerable.Range(0, 1000).Select(i => i * 1e-3)];
        var chunked = PerSample.Of(landscape, direction, many, withSlopes: true);
        var whole = PerSample.Of(landscape, direction, [many[987]], withSlopes: true);
        for (int sample = 0; sample < small.Samples.Count; sample++)
        {
            Close.Assert(whole.Losses[0][sample], chunked.Losses[987][sample], 1e-12);
            Close.Assert(whole.Slopes![0][sample], chunked.Slopes![987][sample], 1e-10, 1e-3);
        }
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        var small = SmallNetworks.Get("fc:7-3");
        var space = WeightSpace.Of(small.Network, 1);
        using var landscape = Landscape.Of(small.Weights, small.Samples, space);
        var reducer = new ProfileReducer([0], false);
        Assert.Contains("The weight space has 21 weights, but the direction has 20 numbers.", Assert.Throws<ArgumentException>(() => landscape.Sweep(new double[20], [0], false, reducer)).Message);
        Assert.Contains("There must be at least one displacement.", Assert.Throws<ArgumentException>(() => landscape.Sweep(new double[21], [], false, reducer)).Message);
        var other = FullyConnected.Of(7, 4);
        Assert.Contains("The weight space belongs to fc:7-4, but the weights to fc:7-3.", Assert.Throws<ArgumentException>(() => Landscape.Of(small.Weights, small.Samples, WeightSpace.Of(other, 1))).Message);
        Assert.Contains("fc:7-3 takes 7 inputs and 3 classes, but the samples have 4 and 3.", Assert.Throws<ArgumentException>(() => Landscape.Of(small.Weights, SmallNetworks.Clouds(5, 4, 3, 1), space)).Message);
    }
}

internal sealed class Collector(List<WorkProgress> reports) : IProgress<WorkProgress>
{
    public void Report(WorkProgress value)
    {
        lock (reports)
            reports.Add(value);
    }
}
