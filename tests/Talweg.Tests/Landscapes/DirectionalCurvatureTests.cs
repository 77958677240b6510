using Talweg.Landscapes;
using Talweg.Networks;
using Talweg.Tests.Networks;
using TorchSharp;

namespace Talweg.Tests.Landscapes;

/// <summary>pᵀHp from tangents alone, over all small networks and weight spaces, against three ways that share no code with it.</summary>
public sealed class DirectionalCurvatureTests
{
    [Theory, MemberData(nameof(SmallNetworks.Spaces), MemberType = typeof(SmallNetworks))]
    public void Curvatures_are_those_of_products_with_the_Hessian(string name, string layers, bool withBiases)
    {
        var (small, space, directions) = Case(name, layers, withBiases, 5);
        double[] found = DirectionalCurvature.Along(small.Weights, small.Samples, space, directions);
        using var hessian = HessianOperator.Of(small.Weights, small.Samples, space);
        AssertClose(DirectionalCurvature.Along(hessian, directions), found, 1e-11);
    }

    /// <summary>pᵢᵀH pᵢ from a Hessian whose every column is a central difference of autograd's gradient: error h²·L⁗/6 ≈ 1e-10 a column.</summary>
    [Theory, MemberData(nameof(SmallNetworks.Spaces), MemberType = typeof(SmallNetworks))]
    public void Curvatures_are_those_of_a_Hessian_of_differences(string name, string layers, bool withBiases)
    {
        var (small, space, directions) = Case(name, layers, withBiases, 5);
        double[] found = DirectionalCurvature.Along(small.Weights, small.Samples, space, directions);
        double[] expected = new double[directions.Count];
        if (space.Dimension <= 100)
        {
            double[][] columns = [.. Enumerable.Range(0, space.Dimension).Select(i => Column(small, space, Unit(space.Dimension, i)))];
            for (int k = 0; k < expected.Length; k++)
                expected[k] = Enumerable.Range(0, space.Dimension).Sum(i => directions[k][i] * Dot(directions[k].ToArray(), columns[i]));
        }
        else
        {
            for (int k = 0; k < expected.Length; k++)
                expected[k] = Dot(directions[k].ToArray(), Column(small, space, directions[k].ToArray()));
        }

        AssertClose(expected, found, 1e-6);
    }

    /// <summary>Second differences of the mean loss in double precision: with h = 3e-4 their error is h²·L⁗/12 ≈ 1e-8 and rounding 4·1e-16/h² ≈ 5e-9, of curvatures of 0.005 to 0.1.</summary>
    [Theory]
    [InlineData("fc:6-8-7-5,bias,tanh", "all", true)]
    [InlineData("fc:6-8-7-5,bias,tanh", "2", false)]
    [InlineData("fc:4-6-5-9-3,tanh", "1,3", false)]
    [InlineData("fc:7-3", "1", false)]
    public void Curvatures_are_second_differences_of_transects(string name, string layers, bool withBiases)
    {
        const double h = 3e-4;
        var (small, space, directions) = Case(name, layers, withBiases, 5);
        double[] found = DirectionalCurvature.Along(small.Weights, small.Samples, space, directions);
        using var landscape = Landscape.Of(small.Weights, small.Samples, space, LandscapePrecision.Double);
        var profiles = Transects.Along(landscape, directions, [-h, 0, h]);
        AssertClose([.. profiles.Select(profile => (profile.Loss[0] + profile.Loss[2] - 2 * profile.Loss[1]) / (h * h))], found, 1e-5);
    }

    /// <summary>Many directions of one layer are taken from its Hessian written out, few from tangents.</summary>
    [Theory, MemberData(nameof(SmallNetworks.Spaces), MemberType = typeof(SmallNetworks))]
    public void Each_direction_alone_has_the_curvature_that_it_has_among_many(string name, string layers, bool withBiases)
    {
        var (small, space, directions) = Case(name, layers, withBiases, 12);
        double[] together = DirectionalCurvature.Along(small.Weights, small.Samples, space, directions);
        AssertClose(together, [.. Enumerable.Range(0, 12).Select(i => DirectionalCurvature.Along(small.Weights, small.Samples, space, Directions.Of(directions[i], space.Dimension))[0])], 1e-12);
    }

    /// <summary>More directions than a block holds, more chunks than one, on one thread and on two, to the bit every time.</summary>
    [Fact]
    public void Blocks_and_threads_share_the_work()
    {
        var network = new FullyConnected([40, 66, 30, 4], bias: true, Activation.Tanh);
        var weights = DenseWeights.Draw(network, Initialisation.PyTorch, 1);
        var samples = SmallNetworks.Clouds(500, 40, 4, 1);
        var space = WeightSpace.Of(network, [2, 3], withBiases: true);
        var directions = Random(space.Dimension, 131);
        double[] one = DirectionalCurvature.Along(weights, samples, space, directions, new(1));
        double[] two = DirectionalCurvature.Along(weights, samples, space, directions, new(2));
        AssertClose(one, two, 1e-13);
        Assert.Equal(two, DirectionalCurvature.Along(weights, samples, space, directions, new(2)));
        using var hessian = HessianOperator.Of(weights, samples, space);
        AssertClose(DirectionalCurvature.Along(hessian, directions), one, 1e-11);
    }

    /// <summary>A layer so large that a batch of 64 MiB holds fewer directions than there are: 512 × 1024 weights are 4 MiB.</summary>
    [Fact]
    public void Batches_follow_one_another()
    {
        var network = FullyConnected.Of(1024, 512, 3);
        var weights = DenseWeights.Draw(network, Initialisation.PyTorch, 1);
        var samples = SmallNetworks.Clouds(20, 1024, 3, 1);
        var space = WeightSpace.Of(network, 1);
        var directions = Random(space.Dimension, 18);
        using var hessian = HessianOperator.Of(weights, samples, space);
        AssertClose(DirectionalCurvature.Along(hessian, directions), DirectionalCurvature.Along(weights, samples, space, directions), 1e-11);
    }

    [Fact]
    public void One_layer_of_ReLU_has_no_negative_curvature_and_tanh_has()
    {
        var relu = Case("fc:5-13-9-3", "2", false, 40);
        Assert.All(DirectionalCurvature.Along(relu.Small.Weights, relu.Small.Samples, relu.Space, relu.Directions), curvature => Assert.True(curvature >= 0));
        var tanh = Case("fc:4-6-5-9-3,tanh", "1", false, 40);
        Assert.Contains(DirectionalCurvature.Along(tanh.Small.Weights, tanh.Small.Samples, tanh.Space, tanh.Directions), curvature => curvature < 0);
    }

    [Fact]
    public void What_does_not_fit_is_refused_and_work_can_be_cancelled()
    {
        var (small, space, _) = Case("fc:7-3", "1", false, 1);
        var wrong = Random(20, 2);
        const string message = "The Hessian is 21 × 21, but the directions have 20 numbers.";
        Assert.Contains(message, Assert.Throws<ArgumentException>(() => DirectionalCurvature.Along(small.Weights, small.Samples, space, wrong)).Message, StringComparison.Ordinal);
        using var hessian = HessianOperator.Of(small.Weights, small.Samples, space);
        Assert.Contains(message, Assert.Throws<ArgumentException>(() => DirectionalCurvature.Along(hessian, wrong)).Message, StringComparison.Ordinal);
        Assert.Throws<OperationCanceledException>(() => DirectionalCurvature.Along(small.Weights, small.Samples, space, Random(21, 2), new(1, Cancellation: new(true))));
    }

    [Fact]
    public void Measuring_leaves_no_tensor_alive()
    {
        var (small, space, directions) = Case("fc:6-8-7-5,bias,tanh", "all", true, 5);
        DirectionalCurvature.Along(small.Weights, small.Samples, space, directions, new(1));
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        DirectionalCurvature.Along(small.Weights, small.Samples, space, directions, new(1));
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    private static (SmallNetwork Small, WeightSpace Space, Directions Directions) Case(string name, string layers, bool withBiases, int count)
    {
        var small = SmallNetworks.Get(name);
        var space = WeightSpace.Parse(small.Network, layers, withBiases);
        return (small, space, Random(space.Dimension, count));
    }

    private static Directions Random(int dimension, int count) =>
        Directions.Of([.. Enumerable.Range(0, count).SelectMany(i => SmallNetwork.RandomDirection(dimension, 11 + i))], dimension);

    private static double[] Column(SmallNetwork small, WeightSpace space, double[] vector)
    {
        const double h = 1e-5;
        return [.. GradientAt(h).Zip(GradientAt(-h), (above, below) => (above - below) / (2 * h))];

        double[] GradientAt(double t)
        {
            using var moved = new TorchReference(small.Weights, small.Samples);
            moved.Move(space, vector, t);
            return moved.Gradient(small.Samples, space);
        }
    }

    private static double[] Unit(int dimension, int index)
    {
        double[] unit = new double[dimension];
        unit[index] = 1;
        return unit;
    }

    private static double Dot(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum();

    private static void AssertClose(double[] expected, double[] found, double relative)
    {
        Assert.Equal(expected.Length, found.Length);
        double scale = expected.Max(Math.Abs);
        for (int i = 0; i < expected.Length; i++)
            Close.Assert(expected[i], found[i], relative, scale, $"direction {i}");
    }
}
