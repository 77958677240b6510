using Talweg.Landscapes;
using Talweg.Networks;
using Talweg.Tests.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace Talweg.Tests.Landscapes;

/// <summary>Hessian products of convolutional, residual and normalised networks and of modules, against differences of gradients that TorchSharp's own modules give.</summary>
public sealed class HessianOfAnyNetworkTests
{
    /// <summary>Of the products' largest number: error h²·L⁗/6 ≈ 1e-9 and rounding 1e-16/h ≈ 1e-11. No kink switches within ±1e-5 along these directions, as the test's passing says.</summary>
    private const double Tolerance = 1e-6;

    [Theory, MemberData(nameof(LayeredNetworks.Spaces), MemberType = typeof(LayeredNetworks))]
    public void Products_are_central_differences_of_the_gradient(string name, string layers, bool withBiases)
    {
        var one = LayeredNetworks.Get(name);
        var space = WeightSpace.Parse(one.Network, layers, withBiases);
        double[] vector = SmallNetwork.RandomDirection(space.Dimension, 8);
        using var hessian = HessianOperator.Of(one.Weights, one.Samples, space, threads: 1);
        Assert.Equal("autograd", hessian.Path);
        AssertClose(Differences(one, space, vector), Product(hessian, vector), Tolerance);
        AssertClose([Dot(vector, Product(hessian, vector))], DirectionalCurvature.Along(one.Weights, one.Samples, space, Directions.Of(vector, space.Dimension)), 1e-12);
    }

    /// <summary>The same network once as layers of its own kind and once as a module of which nothing is known but its forward pass.</summary>
    [Fact]
    public void A_module_has_the_products_of_the_layers_it_is_made_of_and_is_given_back()
    {
        var one = LayeredNetworks.Get("net:2x6x6/conv4k3p1/bn/relu/res(conv6k3s2p1/bn/relu/conv6k3p1/bn|conv6k1s2/bn)/relu/avg/dense4");
        using var module = TorchModules.Of(one.Network, one.Weights);
        module.to(ScalarType.Float32);
        using var network = ModuleNetwork.Of(module, [2, 6, 6], 4, "mine");
        var before = network.Weights();
        var space = WeightSpace.Of(network, 2);
        double[] vector = SmallNetwork.RandomDirection(space.Dimension, 8);
        using var found = HessianOperator.Of(before, one.Samples, space);
        using var expected = HessianOperator.Of(one.Weights, one.Samples, WeightSpace.Of(one.Network, 2));
        AssertClose(Product(expected, vector), Product(found, vector), 1e-12);
        Assert.Equal(before.Tensors, network.Weights().Tensors);
    }

    /// <summary>Scales and shifts of normalisations are weights too, and a part that has no curvature has zeros.</summary>
    [Fact]
    public void All_that_gradients_train_is_a_space()
    {
        var one = LayeredNetworks.Get("net:1x5x5/dense7/bn/tanh/dense3");
        var space = WeightSpace.All(one.Network);
        double[] vector = SmallNetwork.RandomDirection(space.Dimension, 8);
        using var hessian = HessianOperator.Of(one.Weights, one.Samples, space, threads: 1);
        AssertClose(Differences(one, space, vector), Product(hessian, vector), Tolerance);
    }

    [Fact]
    public void Threads_share_the_samples_and_leave_no_tensor()
    {
        var network = (LayeredNetwork)Network.Parse("net:1x6x6/conv3k3p1/relu/pool2/dense4");
        var weights = NetworkWeights.Draw(network, Initialisation.PyTorch, seed: 11);
        var samples = SmallNetworks.Clouds(300, network.Inputs, network.Outputs, seed: 4);      // five chunks
        var space = WeightSpace.Of(network, 1);
        double[] vector = SmallNetwork.RandomDirection(space.Dimension, 8);
        using var one = HessianOperator.Of(weights, samples, space, threads: 1);
        using var two = HessianOperator.Of(weights, samples, space, threads: 2);
        AssertClose(Product(one, vector), Product(two, vector), 1e-13);
        Assert.Equal(Product(two, vector), Product(two, vector));
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        Product(one, vector);
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    private static double[] Differences(LayeredCase one, WeightSpace space, double[] vector)
    {
        const double h = 1e-5;
        return [.. GradientAt(h).Zip(GradientAt(-h), (above, below) => (above - below) / (2 * h))];

        double[] GradientAt(double t)
        {
            using var scope = NewDisposeScope();
            using var module = TorchModules.Of(one.Network, one.Weights);
            // TorchModules keeps what gradients train in the order of the network's tensors.
            var trained = one.Network.Tensors.Select((tensor, i) => (tensor, i)).Where(pair => pair.tensor.IsTrained).Select(pair => pair.i).ToList();
            Tensor[] all = [.. module.parameters()];
            Tensor[] parameters = [.. space.Segments.Select(segment => all[trained.IndexOf(segment.Tensor)])];
            using (no_grad())
            {
                for (int i = 0; i < parameters.Length; i++)
                {
                    var segment = space.Segments[i];
                    var moved = tensor(vector.Skip(segment.Start).Take(segment.Length).Select((v, k) => one.Weights.Tensors[segment.Tensor][k] + t * v).ToArray());
                    parameters[i].copy_(moved.reshape(parameters[i].shape));
                }
            }

            var inputs = tensor(one.Samples.Inputs, dtype: ScalarType.Float64).reshape([one.Samples.Count, one.Network.Input.Channels, one.Network.Input.Rows, one.Network.Input.Columns]);
            var labels = tensor(one.Samples.Labels.Select(label => (long)label).ToArray());
            var gradients = autograd.grad([nn.functional.cross_entropy(module.call(inputs), labels)], parameters);
            return [.. gradients.SelectMany(gradient => gradient.contiguous().data<double>().ToArray())];
        }
    }

    private static double[] Product(HessianOperator hessian, double[] vector)
    {
        double[] product = new double[hessian.Dimension];
        hessian.Apply(vector, product);
        return product;
    }

    private static double Dot(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum();

    private static void AssertClose(double[] expected, double[] found, double relative)
    {
        Assert.Equal(expected.Length, found.Length);
        double scale = expected.Max(Math.Abs);
        for (int i = 0; i < expected.Length; i++)
            Close.Assert(expected[i], found[i], relative, scale, $"weight {i}");
    }
}
