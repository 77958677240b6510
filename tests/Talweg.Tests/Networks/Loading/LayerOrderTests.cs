using Talweg.Networks;
using Talweg.Networks.Loading;
using Talweg.Tests.Storage;

namespace Talweg.Tests.Networks.Loading;

/// <summary>Layers of equal shapes: which is which is read from numbers, metadata or the file's order, or it is asked.</summary>
public sealed class LayerOrderTests : IDisposable
{
    private static readonly FullyConnected Network = FullyConnected.Of(5, 4, 4, 4, 3);
    private static readonly NetworkWeights Weights = ForeignNamesTests.Drawn(Network);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("fc8", "fc9", "fc10", "fc11")]
    [InlineData("stem", "blocks.0.fc2", "blocks.1.fc1", "head")]
    [InlineData("out", "h_2", "h_10", "in")]                            // by shape where shapes differ, whatever the names say
    public void Numbers_in_names_decide(params string[] names)
    {
        Named(names).SaveFile(_folder["w"]);
        var loaded = WeightsFile.Read(_folder["w"], Network);
        Assert.Equal(Weights.Tensors, loaded.Weights.Tensors);
        Assert.Equal(MatchBasis.Numbers, loaded.Basis);
        Assert.Contains("by kinds, shapes and the numbers in their names", loaded.Summary(), StringComparison.Ordinal);
    }

    [Fact]
    public void Names_without_numbers_are_refused_with_both_assignments()
    {
        Named("in", "layer_two", "hidden", "out").SaveFile(_folder["w"]);
        Assert.Equal(
            $"{_folder["w"]}: layers of equal shapes (weight [4, 4]): found 'hidden', 'layer_two', whose order neither their names nor the file says: "
            + "'hidden' = layer 2, 'layer_two' = layer 3, or 'layer_two' = layer 2, 'hidden' = layer 3, expected one that says which is which: "
            + "--map hidden=2, or --map layer_two=2, and so on; or the order beside the weights, in PyTorch: "
            + "save_file(state := model.state_dict(), FILE, metadata={\"order\": json.dumps(list(state))})",
            Refusal().Message);
    }

    [Theory]
    [InlineData("in", "fc", "fc2", "out")]                              // fc may be the first or the last
    [InlineData("a", "b", "c", "d")]
    [InlineData("fc4", "fc3", "fc2", "fc1")]                            // numbers that run against the shapes of the ends
    public void Names_that_decide_nothing_are_refused(params string[] names)
    {
        Named(names).SaveFile(_folder["w"]);
        Assert.Contains("whose order neither their names nor the file says", Refusal().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_order_that_metadata_record_decides()
    {
        var state = Named("in", "layer_two", "hidden", "out");
        state.SaveFile(_folder["w"], ("order", state.Order()));
        var loaded = WeightsFile.Read(_folder["w"], Network);
        Assert.Equal(Weights.Tensors, loaded.Weights.Tensors);
        Assert.Equal(MatchBasis.RecordedOrder, loaded.Basis);
    }

    [Theory]
    [InlineData("""["in.weight"]""")]
    [InlineData("""["out.weight", "hidden.weight", "layer_two.weight", "in.weight"]""")]
    [InlineData("""[null, 3]""")]
    [InlineData("first to last")]
    public void Other_metadata_of_that_name_decide_nothing(string order)
    {
        Named("in", "layer_two", "hidden", "out").SaveFile(_folder["w"], ("order", order));
        Assert.Contains("whose order neither", Refusal().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_order_of_a_file_that_kept_it_decides()
    {
        Named("in", "layer_two", "hidden", "out").SaveInOrder(_folder["w"]);
        var loaded = WeightsFile.Read(_folder["w"], Network);
        Assert.Equal(Weights.Tensors, loaded.Weights.Tensors);
        Assert.Equal(MatchBasis.FileOrder, loaded.Basis);
    }

    [Fact]
    public void Numbers_that_contradict_the_order_of_a_file_that_kept_it_are_refused_with_both_assignments()
    {
        Named("inp", "up2", "up1", "out").SaveInOrder(_folder["w"]);
        Assert.StartsWith(
            $"{_folder["w"]}: layers of equal shapes (weight [4, 4]): found 'up1', 'up2', whose numbers and whose order in the file contradict each other: "
            + "'up1' = layer 2, 'up2' = layer 3, or 'up2' = layer 2, 'up1' = layer 3, expected one that says which is which: "
            + "--map up1=2, or --map up2=2, and so on; or the order beside the weights",
            Refusal().Message);
    }

    [Fact]
    public void What_contradicts_is_said_from_the_first_module_on_that_differs()
    {
        var network = FullyConnected.Of(5, 4, 4, 4, 4, 3);
        string[] names = ["inp", "up1", "up3", "up2", "out"];
        StateDict.Of(ForeignNamesTests.Drawn(network), name => $"{names[int.Parse(name.Split('.')[0]) / 2]}.weight").SaveInOrder(_folder["w"]);
        Assert.Contains(
            "found 'up1', 'up2', 'up3', whose numbers and whose order in the file contradict each other: 'up2' = layer 3, 'up3' = layer 4, or 'up3' = layer 3, 'up2' = layer 4, "
            + "expected one that says which is which: --map up2=3, or --map up3=3, and so on",
            Assert.Throws<InputException>(() => WeightsFile.Load(_folder["w"], network)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_map_and_the_metadata_decide_where_numbers_contradict_the_files_order()
    {
        var state = Named("inp", "up2", "up1", "out");
        state.SaveInOrder(_folder["recorded"], ("order", state.Order()));
        state.SaveInOrder(_folder["w"]);
        Assert.Equal(Weights.Tensors, WeightsFile.Load(_folder["recorded"], Network).Tensors);
        Assert.Equal(Weights.Tensors, WeightsFile.Read(_folder["w"], Network, WeightMap.Parse(["up2=2"])).Weights.Tensors);
    }

    [Theory]
    [InlineData("a2", "h_2", "h_10", "z")]                              // sorted 'h_10', 'h_2' by save_file, which says nothing
    [InlineData("0", "3", "5", "7")]                                    // nn.Sequential with layers without weights between
    [InlineData("inp", "up1", "up2", "out")]
    public void Numbers_decide_where_the_files_order_agrees_or_is_the_sorted_one(params string[] names)
    {
        Named(names).SaveFile(_folder["sorted"]);
        Named(names).SaveInOrder(_folder["ordered"]);
        foreach (string file in (string[])["sorted", "ordered"])
        {
            var loaded = WeightsFile.Read(_folder[file], Network);
            Assert.Equal(Weights.Tensors, loaded.Weights.Tensors);
            Assert.Equal(MatchBasis.Numbers, loaded.Basis);
        }
    }

    /// <summary>Sorted by name alone, whatever the types: 'h_10' before 'h_2' is no dictionary's order.</summary>
    [Fact]
    public void A_file_that_is_sorted_by_name_across_types_says_nothing()
    {
        float[][] values = Weights.Tensors.ToArray();
        byte[] doubles = [.. values[2].SelectMany(value => BitConverter.GetBytes((double)value))];
        new StateDict().Add("a.weight", [4, 5], values[0]).Add("h_10.weight", "F64", [4, 4], doubles).Add("h_2.weight", [4, 4], values[1]).Add("z.weight", [3, 4], values[3])
            .SaveInOrder(_folder["w"]);
        Assert.Equal(Weights.Tensors, WeightsFile.Load(_folder["w"], Network).Tensors);
    }

    [Fact]
    public void The_order_of_a_file_is_not_believed_where_it_is_a_hash_tables()
    {
        Named("in", "layer_two", "hidden", "out").SaveInOrder(_folder["w"], ("format", "mlx"));
        Refusal();
    }

    /// <summary>'a' to 'd' are sorted in any case, so the dictionary's order cannot be seen.</summary>
    [Fact]
    public void The_order_of_a_sorted_file_says_nothing()
    {
        Named("a", "b", "c", "d").SaveInOrder(_folder["w"]);
        Refusal();
    }

    /// <summary>Two normalisations of equal width, whose modules are torn apart: a hash table's order that happens to pass for the layers'.</summary>
    [Fact]
    public void The_order_of_a_file_is_not_believed_where_modules_are_torn_apart()
    {
        var network = Talweg.Networks.Network.Parse("net:6/dense4/bn/relu/dense3/relu/dense4/bn/relu/dense3");
        var weights = ForeignNamesTests.Drawn(network);
        var whole = StateDict.Of(weights, Named);
        whole.SaveInOrder(_folder["w"]);
        Assert.Equal(MatchBasis.FileOrder, WeightsFile.Read(_folder["w"], network).Basis);

        StateDict.Of(weights, Named).Without(name => name == "norm_z.running_var").Add("norm_z.running_var", [4], weights.Tensors[4]).SaveInOrder(_folder["w"]);
        Assert.Contains("'norm_a', 'norm_z', whose order", Assert.Throws<InputException>(() => WeightsFile.Load(_folder["w"], network)).Message, StringComparison.Ordinal);

        static string Named(string name) => name.Replace("0.", "in.", StringComparison.Ordinal).Replace("1.", "norm_z.", StringComparison.Ordinal)
            .Replace("3.", "mid.", StringComparison.Ordinal).Replace("5.", "late.", StringComparison.Ordinal).Replace("6.", "norm_a.", StringComparison.Ordinal).Replace("8.", "out.", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("hidden=3", null)]
    [InlineData("layer_two.weight=2.weight", null)]
    [InlineData("hidden=4.weight", "layer_two=2")]
    public void A_map_decides(string first, string? second)
    {
        Named("in", "layer_two", "hidden", "out").SaveFile(_folder["w"]);
        var loaded = WeightsFile.Read(_folder["w"], Network, WeightMap.Parse(second is null ? [first] : [first, second]));
        Assert.Equal(Weights.Tensors, loaded.Weights.Tensors);
        Assert.True(loaded.Mapped);
        Assert.Contains("by --map and kinds and shapes", loaded.Summary(), StringComparison.Ordinal);
    }

    private static StateDict Named(params string[] names) => StateDict.Of(Weights, name => $"{names[int.Parse(name.Split('.')[0]) / 2]}.weight");

    private InputException Refusal() => Assert.Throws<InputException>(() => WeightsFile.Load(_folder["w"], Network));
}
