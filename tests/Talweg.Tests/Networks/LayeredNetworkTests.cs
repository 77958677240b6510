using Talweg.Networks;
using Talweg.Tests.Storage;
using static TorchSharp.torch;

namespace Talweg.Tests.Networks;

public sealed class LayeredNetworkTests
{
    [Theory]
    [MemberData(nameof(LayeredNetworks.Names), MemberType = typeof(LayeredNetworks))]
    public void The_text_is_read_as_it_is_written(string text) => Assert.Equal(text, Network.Parse(text).ToString());

    [Theory]
    [MemberData(nameof(LayeredNetworks.Names), MemberType = typeof(LayeredNetworks))]
    public void Logits_are_those_of_TorchSharps_own_modules(string text)
    {
        var (_, network, weights, samples) = LayeredNetworks.Get(text);
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var module = TorchModules.Of(network, weights);
        using var session = TorchSession.Open(weights, ScalarType.Float64);
        var inputs = tensor(samples.Inputs, dtype: ScalarType.Float64).reshape(samples.Count, samples.Width);
        double[] expected = module.call(network.Shaped(inputs)).data<double>().ToArray();
        Assert.Equal(expected, session.Forward(inputs).data<double>().ToArray());
    }

    [Fact]
    public void In_training_mode_normalisation_uses_the_blocks_own_statistics_and_moves_the_running_ones()
    {
        var (_, network, weights, samples) = LayeredNetworks.Get("net:1x5x5/dense7/bn/tanh/dense3");
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var module = TorchModules.Of(network, weights);
        module.train();
        using var session = TorchSession.Open(weights, ScalarType.Float64, Normalisation.Training);
        var inputs = tensor(samples.Inputs, dtype: ScalarType.Float64).reshape(samples.Count, samples.Width);
        Assert.Equal(module.call(network.Shaped(inputs)).data<double>().ToArray(), session.Forward(inputs).data<double>().ToArray());
        int mean = network.Tensors.ToList().FindIndex(tensor => tensor.Role == TensorRole.RunningMean);
        Assert.NotEqual(weights.Tensors[mean], session.Weights().Tensors[mean]);
        Assert.Equal(module.state_dict().First(entry => entry.Key.EndsWith("running_mean", StringComparison.Ordinal)).Value.to(ScalarType.Float32).data<float>().ToArray(), session.Weights().Tensors[mean]);
    }

    /// <summary>Numbers of weights as the papers and PyTorch's model page give them.</summary>
    [Theory]
    [InlineData("lenet-mnist", 16 * 9 + 32 * 16 * 25 + 1568 * 10)]
    [InlineData("lenet-cifar", 6 * 75 + 16 * 150 + 400 * 120 + 120 * 84 + 84 * 10)]
    [InlineData("musso-cifar", 1792 + 36928 + 73856 + 147584 + 147584 + 2048 * 2049 * 2 + 20490)]
    [InlineData("musso-stl", 224 + 584 + 1168 + 2320 + 2320 + 6400 * 6401 * 2 + 64010)]
    [InlineData("resnet50", 25_557_032)]
    [InlineData("resnet50:32", 23_520_842)]
    public void Named_networks_have_the_published_numbers_of_weights(string name, int weights) =>
        Assert.Equal(weights, Network.Parse(name).Tensors.Where(tensor => tensor.IsTrained).Sum(tensor => tensor.Length));

    [Fact]
    public void ResNet50_has_torchvisions_names_and_shapes()
    {
        var network = Network.Parse("resnet50");
        Assert.Equal(3 + 2 + 16 * 3 * 5 + 4 * 5 + 2, network.Tensors.Count);   // stem without a second normalisation's tensors: conv, four of bn1; blocks; shortcuts; fc
        Assert.Equal("conv1.weight", network.Tensors[0].Name);
        Assert.Equal([64, 3, 7, 7], network.Tensors[0].Shape);
        var names = network.Tensors.ToDictionary(tensor => tensor.Name);
        Assert.Equal([1024, 512, 1, 1], names["layer3.0.downsample.0.weight"].Shape);
        Assert.Equal([2048, 512, 1, 1], names["layer4.2.conv3.weight"].Shape);
        Assert.Equal(TensorRole.RunningVariance, names["layer4.2.bn3.running_var"].Role);
        Assert.Equal([1000, 2048], names["fc.weight"].Shape);
        Assert.Equal(54, network.Layers);
    }

    [Fact]
    public void ResNet50_maps_images_to_logits()
    {
        var weights = NetworkWeights.Draw(Network.Parse("resnet50:32"), Initialisation.He, seed: 1);
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var session = TorchSession.Open(weights, ScalarType.Float32);
        var logits = session.Forward(ones(2, 3 * 32 * 32));
        Assert.Equal([2, 10], logits.shape);
        Assert.All(logits.data<float>().ToArray(), logit => Assert.True(float.IsFinite(logit)));
    }

    [Theory]
    [InlineData("net:1x6x6", "layer")]
    [InlineData("net:1x6/dense3", "shape")]
    [InlineData("net:1x6x6/conv3/dense3", "layer")]
    [InlineData("net:1x6x6/conv3k7/dense3", "needs at least 7 × 7 pixels, but gets 1x6x6")]
    [InlineData("net:1x6x6/dense3/relu", "a dense one to end with")]
    [InlineData("net:1x6x6/res(conv2k3p1)/dense3", "ends with 2x6x6, but its shortcut with 1x6x6")]
    [InlineData("net:1x6x6/res(relu|relu|relu)/dense3", "2 bars")]
    [InlineData("net:1x6x6/pool2p2/dense3", "layer")]
    [InlineData("net:4096x4096x4096/dense3", "shape")]
    [InlineData("net:1x4096x4096/dense1000000/dense3", "up to 268435456 numbers")]
    [InlineData("net:1x64x64/conv1000000k1/dense3", "at most 16777216")]
    [InlineData("net:1x64x64/res(conv1000000k1/conv1k1)/dense10", "found 1000000x64x64 numbers a sample behind conv1000000k1 in")]
    [InlineData("net:1x64x64/res(relu|conv1000000k1/conv1k1)/dense10", "at most 16777216")]
    [InlineData("net:1x64x64/res(relu/res(conv1000000k1/conv1k1))/dense10", "at most 16777216")]
    [InlineData("net:1x6x6/conv99999999999k3/dense3", "layer")]
    [InlineData("net:1x6x6/conv3k3s0/dense3", "a whole number from 1")]
    [InlineData("lenet", "'lenet'")]
    [InlineData("resnet50:31", "'31' in 'resnet50:31'")]
    [InlineData("resnet50:32,classes=1", "'1' in")]
    public void What_is_no_network_is_refused_in_words(string text, string part)
    {
        var error = Assert.Throws<InputException>(() => Network.Parse(text));
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Blocks_may_not_nest_without_end()
    {
        string text = "relu";
        for (int i = 0; i < 20; i++)
            text = $"res({text})";
        Assert.Contains("at most 8 levels", Assert.Throws<InputException>(() => Network.Parse($"net:1x6x6/{text}/dense3")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(LayeredNetworks.Names), MemberType = typeof(LayeredNetworks))]
    public void Weights_go_through_a_file_and_through_the_flat_vector(string text)
    {
        var (_, network, weights, _) = LayeredNetworks.Get(text);
        using var folder = new TemporaryFolder();
        WeightsFile.Save(folder["weights"], weights);
        Assert.Equal(weights.Tensors, WeightsFile.Load(folder["weights"], network).Tensors);
        var all = WeightSpace.All(network);
        Assert.Equal(network.Tensors.Where(tensor => tensor.IsTrained).Sum(tensor => tensor.Length), all.Dimension);
        float[] flat = all.Flatten(weights);
        flat[^1] = 7;
        var moved = all.With(weights, flat);
        Assert.Equal(flat, all.Flatten(moved));
        Assert.NotEqual(flat, all.Flatten(weights));
    }

    [Fact]
    public void Layers_are_counted_over_matrices_and_kernels()
    {
        var network = Network.Parse("net:3x6x6/conv4k3p1b/relu/res(conv4k3p1b/relu/conv4k3p1b)/relu/avg/dense3b");
        Assert.Equal(4, network.Layers);
        Assert.Equal("2.branch.2.weight", network.WeightOf(2).Name);
        var space = WeightSpace.Parse(network, "2.*", withBiases: true);
        Assert.Equal([1, 2], space.Layers);
        Assert.Equal(2 * (4 * 4 * 9 + 4), space.Dimension);
    }
}
