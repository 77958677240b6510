using Talweg.Networks;
using Talweg.Networks.Loading;
using Talweg.Tests.Storage;

namespace Talweg.Tests.Networks.Loading;

public sealed class WeightMapTests : IDisposable
{
    private static readonly Network Biased = new FullyConnected([4, 3, 3, 3], bias: true);
    private static readonly Network Normalised = Network.Parse("net:4/dense3/bn/relu/dense3/bn/relu/dense2");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Names as numerical people give them: no words of PyTorch's at all.</summary>
    [Fact]
    public void Tensors_of_any_name_are_put_where_the_map_says()
    {
        var weights = ForeignNamesTests.Drawn(Biased);
        StateDict.Of(weights, name => (name.EndsWith("bias", StringComparison.Ordinal) ? "shift" : "A") + "zyx"[name[0] / 2 - '0' / 2]).SaveFile(_folder["w"]);
        var loaded = Read(Biased, "Az=0.weight", "shiftz=0.bias", "Ay=2.weight", "shifty=2.bias", "Ax=4.weight", "shiftx=4.bias");
        Assert.Equal(weights.Tensors, loaded.Weights.Tensors);
        Assert.Contains("by --map", loaded.Summary(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_module_takes_its_tensors_with_it_and_normalisations_go_by_their_own_names()
    {
        var weights = ForeignNamesTests.Drawn(Normalised);
        StateDict.Of(weights, name => "model." + name.Replace("0.", "in.", StringComparison.Ordinal).Replace("1.", "norm_z.", StringComparison.Ordinal)
            .Replace("3.", "mid.", StringComparison.Ordinal).Replace("4.", "norm_a.", StringComparison.Ordinal).Replace("6.", "out.", StringComparison.Ordinal)).SaveFile(_folder["w"]);
        Assert.Contains("--map model.norm_a=1.weight", Assert.Throws<InputException>(() => Read(Normalised)).Message, StringComparison.Ordinal);
        foreach (string map in (string[])["norm_z=1.weight", "model.norm_z=1", "norm_z.weight=1.weight", "norm_a.bias=4.bias"])
        {
            if (map == "model.norm_z=1")                                // a number is a layer, and this is none
                Assert.Contains("--map: 'model.norm_z': found 'model.norm_z.bias'", Assert.Throws<InputException>(() => Read(Normalised, map)).Message, StringComparison.Ordinal);
            else
                Assert.Equal(weights.Tensors, Read(Normalised, map).Weights.Tensors);
        }
    }

    [Theory]
    [InlineData("--map: value: found 'fc1', expected NAME=LAYER", "fc1")]
    [InlineData("--map: value: found '=1', expected NAME=LAYER", "=1")]
    [InlineData("--map: value: found 'fc1=', expected NAME=LAYER", "fc1=")]
    [InlineData("--map: name: found 'a' twice, expected one entry a name", "a=1", "a=2")]
    [InlineData("--map: name: found 'd', expected a tensor or module of the weights' file, which has 'net.a.bias', 'net.a.weight', 'net.b.bias'", "d=1")]
    [InlineData("--map: layer: found 4, expected a layer of fc:4-3-3-3,bias, 1 to 3; a normalisation goes by its own name", "a=4")]
    [InlineData("--map: layer: found '5.weight', expected a layer of fc:4-3-3-3,bias, 1 to 3, or one of its tensors '0.weight', '0.bias'", "a=5.weight")]
    [InlineData("--map: 'b': found a second entry for '0.bias', expected one tensor for one place", "a=1", "b=1")]
    [InlineData("--map: name: found 'weight', which stands for 'net.a.weight', 'net.b.weight', 'net.c.weight', expected the name of one, in full", "weight=1")]
    public void Maps_that_say_nothing_or_two_things_are_refused(string message, params string[] map)
    {
        StateDict.Of(ForeignNamesTests.Drawn(Biased), name => "net." + name.Replace('0', 'a').Replace('2', 'b').Replace('4', 'c')).SaveFile(_folder["w"]);
        Assert.StartsWith(message, Assert.Throws<InputException>(() => Read(Biased, map)).Message);
    }

    [Fact]
    public void A_map_does_not_make_shapes_fit()
    {
        StateDict.Of(ForeignNamesTests.Drawn(Biased), name => name.Replace('0', 'a').Replace('2', 'b').Replace('4', 'c')).SaveFile(_folder["w"]);
        Assert.Equal($"{_folder["w"]}: tensor 'b.weight': found shape [3, 3], expected [3, 4], layer 1 of fc:4-3-3-3,bias; PyTorch stores [outputs, inputs]",
            Assert.Throws<InputException>(() => Read(Biased, "b=1", "a=2")).Message);
    }

    private LoadedWeights Read(Network network, params string[] map) => WeightsFile.Read(_folder["w"], network, WeightMap.Parse(map));
}
