using CsCheck;
using Talweg.Networks;

namespace Talweg.Tests.Networks;

public sealed class WeightSpaceTests
{
    private static readonly FullyConnected Plain = FullyConnected.Of(4, 3, 5, 2);
    private static readonly FullyConnected Biased = new([4, 3, 5, 2], bias: true);

    [Theory]
    [InlineData("1", 0)]
    [InlineData("2", 1)]
    [InlineData("1,3", 0, 2)]
    [InlineData("3,1", 2, 0)]
    [InlineData("3,1,3", 2, 0)]
    [InlineData("4.weight,0.weight", 2, 0)]
    [InlineData("3,0.*", 2, 0)]
    [InlineData("2,all", 1, 0, 2)]
    [InlineData("all", 0, 1, 2)]
    [InlineData("*", 0, 1, 2)]
    [InlineData("*.weight", 0, 1, 2)]
    [InlineData("2.*", 1)]
    [InlineData("4.weight", 2)]
    public void Layers_are_chosen_by_number_or_name(string text, params int[] layers) => Assert.Equal(layers, WeightSpace.Parse(Plain, text).Layers);

    [Theory]
    [InlineData("0", "--layers: number: found '0', expected layers of fc:4-3-5-2: 1 (0.weight), 2 (2.weight), 3 (4.weight), 'all', or a pattern of their names")]
    [InlineData("4", "--layers: number: found '4'")]
    [InlineData("1,", "--layers: number: found ''")]
    [InlineData("", "--layers: number: found ''")]
    [InlineData("99999999999", "--layers: number: found '99999999999'")]
    [InlineData("-1", "--layers: value: found '-1'")]
    [InlineData("*.bias", "--layers: value: found '*.bias'")]
    [InlineData("2xweight", "--layers: value: found '2xweight'")]
    [InlineData("(a+)+$", "--layers: value: found '(a+)+$'")]
    public void Other_layers_are_refused(string text, string message) =>
        Assert.StartsWith(message, Assert.Throws<InputException>(() => WeightSpace.Parse(Plain, text)).Message);

    [Fact]
    public void Biases_need_a_network_that_has_them()
    {
        Assert.Equal("--with-biases: network: found fc:4-3-5-2, which has no biases, expected a network with biases, such as fc:4-3-5-2,bias",
            Assert.Throws<InputException>(() => WeightSpace.Parse(Plain, "1", withBiases: true)).Message);
        Assert.Contains("fc:4-3-5-2 has no biases", Assert.Throws<ArgumentException>(() => WeightSpace.Of(Plain, [1], withBiases: true)).Message);
        Assert.Contains("has layers 1 … 3, but layer 4 was asked for", Assert.Throws<ArgumentException>(() => WeightSpace.Of(Plain, 4)).Message);
        Assert.Contains("at least one layer", Assert.Throws<ArgumentException>(() => WeightSpace.Of(Plain)).Message);
    }

    [Fact]
    public void The_flat_vector_goes_layer_by_layer_row_major_with_biases_after_their_matrix()
    {
        var weights = Numbered(Biased);
        Assert.Equal([.. weights.Matrices[2], .. weights.Matrices[0]], WeightSpace.Of(Biased, 3, 1).Flatten(weights));
        Assert.Equal([.. weights.Matrices[2], .. weights.Biases[2], .. weights.Matrices[0], .. weights.Biases[0]], WeightSpace.Of(Biased, [3, 1], withBiases: true).Flatten(weights));
        var space = WeightSpace.Of(Biased, [2, 3], withBiases: true);
        Assert.Equal([.. weights.Matrices[1], .. weights.Biases[1], .. weights.Matrices[2], .. weights.Biases[2]], space.Flatten(weights));
        Assert.Equal([new(1, false, 0, 15, 2), new(1, true, 15, 5, 3), new(2, false, 20, 10, 4), new(2, true, 30, 2, 5)], space.Segments);
        Assert.Equal((32, true), (space.Dimension, space.WithBiases));
        Assert.Equal(Math.Sqrt(space.Flatten(weights).Sum(w => (double)w * w)), space.Norm(weights));
    }

    [Fact]
    public void What_is_put_in_is_taken_out_and_nothing_else_changes() =>
        Gen.Select(Gen.Int[1, 3].List[1, 3], Gen.Bool, Gen.Float[-1, 1].Array[64]).Sample((layers, withBiases, values) =>
        {
            var weights = Numbered(Biased);
            var space = WeightSpace.Of(Biased, layers, withBiases);
            float[] flat = values[..space.Dimension];
            var moved = space.With(weights, flat);
            var others = WeightSpace.Of(Biased, [1, 2, 3], withBiases: true);
            var back = space.With(moved, space.Flatten(weights));
            return space.Flatten(moved).SequenceEqual(flat)
                && others.Flatten(weights).SequenceEqual(Enumerable.Range(1, others.Dimension).Select(i => (float)i))      // the original is as it was
                && others.Flatten(back).SequenceEqual(others.Flatten(weights));
        });

    [Fact]
    public void Sizes_are_checked()
    {
        var weights = Numbered(Plain);
        Assert.Contains("This weight space has 15 weights, but 14 were given.", Assert.Throws<ArgumentException>(() => WeightSpace.Of(Plain, 2).With(weights, new float[14])).Message);
        Assert.Contains("fc:4-3-5-2 has 3 matrices and 0 biases, but 1 and 0 were given.", Assert.Throws<ArgumentException>(() => DenseWeights.Of(Plain, [new float[12]])).Message);
        Assert.Contains("Layer 1 of fc:4-2 has 8 weights, but 7 were given.", Assert.Throws<ArgumentException>(() => DenseWeights.Of(FullyConnected.Of(4, 2), [new float[7]])).Message);
        Assert.Contains("Layer 1 of fc:4-2,bias has 2 biases, but 3 were given.", Assert.Throws<ArgumentException>(() => DenseWeights.Of(new([4, 2], bias: true), [new float[8]], [new float[3]])).Message);
    }

    /// <summary>1, 2, 3, … in the order of the whole flat vector.</summary>
    private static DenseWeights Numbered(FullyConnected network)
    {
        float next = 0;
        var matrices = new List<float[]>();
        var biases = new List<float[]>();
        for (int layer = 0; layer < network.Layers; layer++)
        {
            matrices.Add([.. Enumerable.Range(0, network.InputsOf(layer) * network.OutputsOf(layer)).Select(_ => ++next)]);
            if (network.Bias)
                biases.Add([.. Enumerable.Range(0, network.OutputsOf(layer)).Select(_ => ++next)]);
        }

        return DenseWeights.Of(network, matrices, biases);
    }
}
