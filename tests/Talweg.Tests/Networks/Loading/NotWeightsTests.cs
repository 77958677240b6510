using Talweg.Networks;
using Talweg.Tests.Storage;

namespace Talweg.Tests.Networks.Loading;

/// <summary>Numbers that are not the weights, files of another network, and what is left over.</summary>
public sealed class NotWeightsTests : IDisposable
{
    private static readonly FullyConnected Plain = FullyConnected.Of(4, 3, 2);
    private static readonly Network Normalised = Network.Parse("net:4/dense3/bn/relu/dense2");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("weight_g", "weight_v", "tensor '0.weight_g': found a part of torch.nn.utils.weight_norm, not the weights, expected plain weights; torch.nn.utils.remove_weight_norm(module) leaves them in PyTorch")]
    [InlineData("parametrizations.weight.original0", "parametrizations.weight.original1", "tensor '0.parametrizations.weight.original0': found a parametrisation of the weights, not the weights, expected plain weights; torch.nn.utils.parametrize.remove_parametrizations(module, \"weight\") leaves them")]
    [InlineData("weight_orig", "weight_mask", "tensor '0.weight_mask': found what torch.nn.utils.prune or spectral_norm makes the weights of")]
    [InlineData("weight_orig", "weight_v", "tensor '0.weight_orig': found what torch.nn.utils.prune or spectral_norm makes the weights of")]
    [InlineData("zero_point", "weight", "tensor '0.zero_point': found a part of quantised weights, expected weights as floating-point numbers; save the model's state_dict before it is quantised")]
    [InlineData("kernel", "bias", "tensor '0.kernel': found a kernel of Keras or Flax, which store [inputs, outputs], expected PyTorch's [outputs, inputs] under the name 'weight'; transpose it")]
    public void What_weights_would_have_to_be_computed_from_is_refused_with_the_way_out(string first, string second, string message)
    {
        new StateDict().Add($"0.{first}", [3, 4], new float[12]).Add($"0.{second}", [3, 4], new float[12]).Add("2.weight", [2, 3], new float[6]).SaveFile(_folder["w"]);
        Assert.StartsWith($"{_folder["w"]}: {message}", Refusal(Plain));
    }

    [Theory]
    [InlineData("I8", 1, "tensor '2.weight', dtype: found I8, expected F64, F32, F16 or BF16; quantised numbers are not weights: save the model's state_dict before it is quantised")]
    [InlineData("F8_E4M3", 1, "tensor '2.weight', dtype: found F8_E4M3, expected F64, F32, F16 or BF16; quantised numbers are not weights")]
    [InlineData("I64", 8, "tensor '2.weight', dtype: found I64, expected F64, F32, F16 or BF16; such numbers are not weights")]
    [InlineData("BOOL", 1, "tensor '2.weight', dtype: found BOOL, expected F64, F32, F16 or BF16; such numbers are not weights")]
    public void Whole_numbers_are_not_weights(string type, int bytes, string message)
    {
        new StateDict().Add("0.weight", [3, 4], new float[12]).Add("2.weight", type, [2, 3], new byte[6 * bytes]).SaveFile(_folder["w"]);
        Assert.StartsWith($"{_folder["w"]}: {message}", Refusal(Plain));
    }

    [Fact]
    public void A_running_variance_below_0_is_refused_and_0_is_not()
    {
        var weights = ForeignNamesTests.Drawn(Normalised);
        weights.Tensors[4][1] = 0;
        StateDict.Of(weights).SaveFile(_folder["w"]);
        Assert.Equal(weights.Tensors, WeightsFile.Load(_folder["w"], Normalised).Tensors);
        weights.Tensors[4][2] = -0.001f;
        StateDict.Of(weights).SaveFile(_folder["w"]);
        Assert.Equal($"{_folder["w"]}: tensor '1.running_var': found -0.001 at position 2, expected variances of at least 0, as running variances are", Refusal(Normalised));
    }

    [Theory]
    [InlineData("optimizer.step", "[1]", 1)]
    [InlineData("scaled", "[0]", 0)]
    [InlineData("epoch", "[]")]
    [InlineData("norm.running_mean", "[3]", 3)]
    [InlineData("norm.bias", "[3]", 3)]
    public void What_is_left_over_is_named_as_no_weight(string name, string shown, params int[] shape)
    {
        StateDict.Of(ForeignNamesTests.Drawn(Plain)).Add(name, shape, new float[shape.Aggregate(1, (product, size) => product * size)]).SaveFile(_folder["w"]);
        Assert.StartsWith($"{_folder["w"]}: tensor '{name}': found shape {shown}, a tensor that is no weight of fc:4-3-2, expected only its tensors, '0.weight', '2.weight', under whatever modules; leave it out, or say with --map NAME=TENSOR what it is", Refusal(Plain));
    }

    [Fact]
    public void What_normalisations_lack_or_have_too_much_is_said_by_kind()
    {
        var weights = ForeignNamesTests.Drawn(Normalised);
        StateDict.Of(weights).Without(name => name.Contains("running", StringComparison.Ordinal)).SaveFile(_folder["w"]);
        Assert.Contains("tensors 'running_mean' of normalisations: found none, expected 1, as net:4x1x1/dense3/bn/relu/dense2 has", Refusal(Normalised), StringComparison.Ordinal);
        StateDict.Of(weights).Add("0.bias", [3], new float[3]).SaveFile(_folder["w"]);
        Assert.Contains("tensor '0.bias': found a bias, expected none, as net:4x1x1/dense3/bn/relu/dense2 has no biases; for a layer with a bias write b behind it, as in dense10b", Refusal(Normalised), StringComparison.Ordinal);
        StateDict.Of(weights).Add("9.weight", [3], new float[3]).SaveFile(_folder["w"]);
        Assert.Contains("tensors 'weight' of normalisations: found 2 ('1.weight', '9.weight'), expected 1", Refusal(Normalised), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("fc:4-3-2", "fc:4-3-2,tanh")]
    [InlineData("fc:4-3-2,tanh", "net:4/dense3/relu/dense2")]
    [InlineData("net:4x1x1/dense3/relu/dense2", "net:4/dense3/tanh/dense2")]
    public void A_file_of_another_network_is_refused_with_both(string recorded, string given)
    {
        WeightsFile.Save(_folder["w"], ForeignNamesTests.Drawn(Network.Parse(recorded)));
        var network = Network.Parse(given);
        Assert.Equal($"{_folder["w"]}: network that the file records: found {recorded}, expected {network}, the network it is to be read for; give --network {recorded}, or the weights of {network}", Refusal(network));
    }

    [Theory]
    [InlineData("fc:4-3-2", "net:4/dense3/relu/dense2")]
    [InlineData("fc:4-3-2", "net:1x2x2/dense3/relu/dense2")]
    [InlineData("fc:4-3-2", "fc:4-3-2,relu")]
    [InlineData("net:1x9x9/conv2k3s1p0/relu/pool2/dense2", "net:1x9x9/conv2k3/relu/pool2s2/dense2")]
    [InlineData("resnet50:32", "resnet50:32,classes=10")]
    [InlineData("lenet-mnist", "net:1x28x28/conv16k3p1/relu/pool2/conv32k5p2/relu/pool2/dense10")]
    public void The_same_network_in_other_words_is_not(string recorded, string given)
    {
        var weights = ForeignNamesTests.Drawn(Network.Parse(recorded));
        WeightsFile.Save(_folder["w"], weights);
        Assert.Equal(weights.Tensors, WeightsFile.Load(_folder["w"], Network.Parse(given)).Tensors);
    }

    [Fact]
    public void Another_programs_key_of_the_same_name_is_not_a_network()
    {
        var weights = ForeignNamesTests.Drawn(Plain);
        StateDict.Of(weights).SaveFile(_folder["w"], ("network", "my best one"));
        Assert.Equal(weights.Tensors, WeightsFile.Load(_folder["w"], (Network)Plain).Tensors);
    }

    private string Refusal(Network network) => Assert.Throws<InputException>(() => WeightsFile.Load(_folder["w"], network)).Message;
}
