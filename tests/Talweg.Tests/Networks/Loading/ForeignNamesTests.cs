using Talweg.Networks;
using Talweg.Networks.Loading;
using Talweg.Statistics;
using Talweg.Tests.Storage;

namespace Talweg.Tests.Networks.Loading;

/// <summary>Weights under names of PyTorch classes, wrappers and other containers: the same numbers in the same places.</summary>
public sealed class ForeignNamesTests : IDisposable
{
    private const string Normalised = "net:1x6x6/conv4k3s3/bn/relu/dense10";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("{0}.{1}", "{3}.{1}", MatchBasis.OwnNames)]
    [InlineData("module.{0}.{1}", "module.{3}.{1}", MatchBasis.PrefixedNames)]
    [InlineData("_orig_mod.{0}.{1}", "_orig_mod.{3}.{1}", MatchBasis.PrefixedNames)]
    [InlineData("module._orig_mod.{0}.{1}", "module._orig_mod.{3}.{1}", MatchBasis.PrefixedNames)]
    [InlineData("model.net.{0}.{1}", "model.net.{3}.{1}", MatchBasis.PrefixedNames)]
    [InlineData("{2}{0}.{1}", "fc.{1}", MatchBasis.Shapes)]
    [InlineData("features.{0}.{1}", "classifier.0.{1}", MatchBasis.Shapes)]
    [InlineData("stem.{0}.{1}", "head.{1}", MatchBasis.Shapes)]
    [InlineData("z{0}_{1}", "a_{1}", MatchBasis.Shapes)]
    [InlineData("{0}.{1}", "4.{1}", MatchBasis.Shapes)]                  // PyTorch counts Flatten
    public void Batch_normalisation_gets_each_vector_in_its_own_slot(string form, string head, MatchBasis basis)
    {
        var weights = Drawn(Network.Parse(Normalised));
        var state = StateDict.Of(weights, Renamed).AddCounter(Renamed("1.num_batches_tracked"));
        state.SaveFile(_folder["sorted"]);
        state.SaveInOrder(_folder["ordered"]);
        foreach (string file in (string[])["sorted", "ordered"])
        {
            var loaded = WeightsFile.Read(_folder[file], weights.Network);
            Assert.Equal(weights.Tensors, loaded.Weights.Tensors);
            Assert.Equal(basis, loaded.Basis);
            Assert.Equal([Renamed("1.num_batches_tracked")], loaded.PassedOver);
            Assert.Equal(weights.Network.Tensors.Select(tensor => Renamed(tensor.Name)), loaded.Tensors.Select(tensor => tensor.FileName));
            Assert.Equal(basis == MatchBasis.OwnNames, loaded.OwnNames);
        }

        string Renamed(string name)
        {
            string[] words = name.Split('.');
            return string.Format(null, words[0] == "3" ? head : form, words[0], words[1], words[0] == "0" ? "conv" : "bn", "3");
        }
    }

    [Theory]
    [InlineData()]
    [InlineData(1)]
    [InlineData(1, 1)]
    public void A_counter_of_batches_is_passed_over_whatever_its_shape(params int[] shape)
    {
        var weights = Drawn(Network.Parse(Normalised));
        StateDict.Of(weights).AddCounter("1.num_batches_tracked", shape).SaveFile(_folder["w"]);
        Assert.Equal(weights.Tensors, WeightsFile.Load(_folder["w"], weights.Network).Tensors);
    }

    [Fact]
    public void ResNet_50_is_read_from_behind_DataParallel_and_with_counters_of_one_dimension()
    {
        var weights = Drawn(Network.Parse("resnet50:32"));
        var state = StateDict.Of(weights, name => "module." + name);
        foreach (var tensor in weights.Network.Tensors.Where(tensor => tensor.Role == TensorRole.RunningMean))
            state.AddCounter("module." + tensor.Name.Replace("running_mean", "num_batches_tracked", StringComparison.Ordinal), 1);
        state.SaveFile(_folder["w"]);
        var loaded = WeightsFile.Read(_folder["w"], weights.Network);
        Assert.Equal(weights.Tensors, loaded.Weights.Tensors);
        Assert.Equal(53, loaded.PassedOver.Count);
        Assert.Equal($"{_folder["w"]}: read 'module.conv1' as layer 1, 'module.bn1' as 'bn1', 'module.layer1.0.conv1' as layer 2, 'module.layer1.0.bn1' as 'layer1.0.bn1' and 103 more, by their names behind a common prefix", loaded.Summary());
    }

    [Fact]
    public void A_load_says_what_became_what()
    {
        var weights = Drawn(Network.Parse(Normalised));
        StateDict.Of(weights, name => name.Replace("0.", "conv.").Replace("1.", "bn.").Replace("3.", "fc.")).AddCounter("bn.num_batches_tracked").SaveFile(_folder["w"]);
        var loaded = WeightsFile.Read(_folder["w"], weights.Network);
        Assert.Equal($"{_folder["w"]}: read 'conv' as layer 1, 'bn' as '1', 'fc' as layer 2, by kinds and shapes", loaded.Summary());
        Assert.Equal(
        [
            "'conv.weight' [4, 1, 3, 3] is '0.weight', layer 1",
            "'bn.weight' [4] is '1.weight', a normalisation behind layer 1",
            "'bn.bias' [4] is '1.bias', a normalisation behind layer 1",
            "'bn.running_mean' [4] is '1.running_mean', a normalisation behind layer 1",
            "'bn.running_var' [4] is '1.running_var', a normalisation behind layer 1",
            "'fc.weight' [10, 16] is '3.weight', layer 2",
            "'bn.num_batches_tracked' passed over",
        ], loaded.Lines().Select(line => line[(_folder["w"].Length + 2)..]));
    }

    [Theory]
    [InlineData("F16", 2)]
    [InlineData("F64", 8)]
    public void Other_precisions_are_read(string type, int bytes)
    {
        var weights = Drawn(FullyConnected.Of(4, 3, 2));
        var state = new StateDict();
        foreach (var (tensor, values) in weights.Network.Tensors.Zip(weights.Tensors))
            state.Add(tensor.Name, type, [.. tensor.Shape], [.. values.SelectMany(value => bytes == 2 ? BitConverter.GetBytes((Half)value) : BitConverter.GetBytes((double)value))]);
        state.SaveFile(_folder["w"]);
        float[][] expected = [.. weights.Tensors.Select(tensor => tensor.Select(value => bytes == 2 ? (float)(Half)value : value).ToArray())];
        Assert.Equal(expected, WeightsFile.Load(_folder["w"], weights.Network).Tensors);
    }

    /// <summary>No two numbers alike; running variances above 0.</summary>
    internal static NetworkWeights Drawn(Network network)
    {
        var random = new RandomStream(7, "names");
        return NetworkWeights.Of(network, [.. network.Tensors.Select(tensor => Enumerable.Range(0, tensor.Length).Select(_ => (float)(0.1 + random.NextDouble())).ToArray())]);
    }
}
