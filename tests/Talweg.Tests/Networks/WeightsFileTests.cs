using Talweg.Networks;
using Talweg.Storage;
using Talweg.Tests.Storage;

namespace Talweg.Tests.Networks;

public sealed class WeightsFileTests : IDisposable
{
    private static readonly FullyConnected Plain = FullyConnected.Of(4, 3, 2);
    private static readonly FullyConnected Biased = new([4, 3, 2], bias: true);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory, MemberData(nameof(SmallNetworks.Names), MemberType = typeof(SmallNetworks))]
    public void Weights_come_back_bit_for_bit(string name)
    {
        var weights = SmallNetworks.Get(name).Weights;
        WeightsFile.Save(_folder["w"], weights);
        var read = WeightsFile.Load(_folder["w"], weights.Network);
        Assert.Equal(weights.Matrices.SelectMany(Bits), read.Matrices.SelectMany(Bits));
        Assert.Equal(weights.Biases.SelectMany(Bits), read.Biases.SelectMany(Bits));
        using var file = SafeTensorsFile.Open(_folder["w"]);
        Assert.Equal(weights.Network.ToString(), file.Metadata["network"]);
        Assert.Contains("0.weight", file.Names);
        Assert.Equal([weights.Network.OutputsOf(0), weights.Network.InputsOf(0)], file.Entry("0.weight").Shape);

        static IEnumerable<int> Bits(float[] values) => values.Select(BitConverter.SingleToInt32Bits);
    }

    /// <summary>PyTorch's save_file sorts by text: '10.weight' stands before '2.weight'. All layers are 2×2, so that shapes cannot help.</summary>
    [Theory]
    [InlineData("{0}.weight", 2)]
    [InlineData("layers.{0}.weight", 1)]
    [InlineData("blocks.0.layer{0}.w", 1)]
    public void Names_are_taken_in_natural_order(string form, int step)
    {
        var network = FullyConnected.Of([.. Enumerable.Repeat(2, 13)]);
        NamedTensor[] tensors = [.. Enumerable.Range(0, 12).Select(layer => new NamedTensor(string.Format(null, form, step * layer), [2, 2], Enumerable.Repeat((float)layer, 4).ToArray()))];
        SafeTensorsWriter.Write(_folder["w"], [.. tensors.OrderBy(tensor => tensor.Name, StringComparer.Ordinal)]);
        Assert.Equal(Enumerable.Range(0, 12).Select(layer => (float)layer), WeightsFile.Load(_folder["w"], network).Matrices.Select(matrix => matrix[0]));
    }

    [Fact]
    public void Double_precision_weights_of_others_are_rounded() =>
        Assert.Equal([0.1f, 0.2f], Load(FullyConnected.Of(2, 1), new NamedTensor("fc.weight", [1, 2], new[] { 0.1, 0.2 })).Matrices[0]);

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        NamedTensor first = new("0.weight", [3, 4], new float[12]), second = new("2.weight", [2, 3], new float[6]);
        NamedTensor bias = new("0.bias", [3], new float[3]), lastBias = new("2.bias", [2], new float[2]);
        Refused(Plain, "tensor '0.weight': found shape [4, 3], expected [3, 4], layer 1 of fc:4-3-2; PyTorch stores [outputs, inputs]", new("0.weight", [4, 3], new float[12]), second);
        Refused(Plain, "tensor '2.weight': found shape [2, 4], expected [2, 3], layer 2 of fc:4-3-2", first, new("2.weight", [2, 4], new float[8]));
        Refused(Plain, "matrices: found 1 ('0.weight'), expected 2, as fc:4-3-2 has", first);
        Refused(Plain, "matrices: found 3 ('0.weight', '2.weight', '4.weight'), expected 2", first, second, new("4.weight", [2, 2], new float[4]));
        Refused(Plain, "matrices: found none, expected 2", new NamedTensor("0.bias", [3], new float[3]));
        Refused(Plain, "tensor '0.bias': found a bias, expected none, as fc:4-3-2 has no biases; for a network with biases write fc:4-3-2,bias", first, second, bias);
        Refused(Biased, "biases: found none, expected 2, as fc:4-3-2,bias has", first, second);
        Refused(Biased, "biases: found 1 ('0.bias'), expected 2", first, second, bias);
        Refused(Biased, "tensor '0.bias': found shape [2], expected [3], layer 1 of", first, second, new("0.bias", [2], new float[2]), lastBias);
        Refused(Plain, "tensor 'conv': found shape [1, 1, 2], expected only matrices and vectors, as fc:4-3-2 has", first, second, new("conv", [1, 1, 2], new float[2]));
        Refused(Plain, "tensor '2.weight': found NaN at position 4, expected finite numbers", first, new("2.weight", [2, 3], new[] { 1, 2, 3, 4, float.NaN, 6 }));
        Refused(Plain, "tensor '2.weight': found -Infinity at position 0, expected finite numbers", first, new("2.weight", [2, 3], new[] { float.NegativeInfinity, 2, 3, 4, 5, 6 }));
        Refused(Plain, "0.weight[0, 0]: found 1", new("0.weight", [3, 4], Enumerable.Repeat(1e300, 12).ToArray()), second);
    }

    private DenseWeights Load(FullyConnected network, params NamedTensor[] tensors)
    {
        SafeTensorsWriter.Write(_folder["w"], tensors);
        return WeightsFile.Load(_folder["w"], network);
    }

    private void Refused(FullyConnected network, string message, params NamedTensor[] tensors) =>
        Assert.StartsWith($"{_folder["w"]}: {message}", Assert.Throws<InputException>(() => Load(network, tensors)).Message);
}
