using System.Text.Json;
using Talweg.Networks;
using Talweg.Storage;

namespace Talweg.Cli.Tests.Commands;

/// <summary>Weights under other programs' names, and layers by whatever name and in whatever order, from the command.</summary>
public sealed class ForeignWeightsTests : IDisposable
{
    private const string Normalised = "net:1x4x4/conv2k3p1/bn/relu/dense10";
    private const string Tied = "fc:16-6-6-6-10";

    private readonly SmallWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Theory]
    [InlineData("conv1.", "bn1.", "fc.", "read 'conv1' as layer 1, 'bn1' as '1', 'fc' as layer 2, by kinds and shapes")]
    [InlineData("module.0.", "module.1.", "module.3.", "read 'module.0' as layer 1, 'module.1' as '1', 'module.3' as layer 2, by their names behind a common prefix")]
    [InlineData("_orig_mod.0.", "_orig_mod.1.", "_orig_mod.3.", "by their names behind a common prefix")]
    [InlineData("0.", "1.", "4.", "read '0' as layer 1, '1' as '1', '4' as layer 2, by kinds and shapes")]
    public void One_network_has_one_loss_under_any_names_and_one_line_says_so(string conv, string bn, string fc, string line)
    {
        _world.WriteDirections("d.safetensors", 2, 18);
        Write(Normalised, name => name);
        var own = Command.Run(Transect(Normalised, "1"));
        Assert.DoesNotContain("read '", own.Error, StringComparison.Ordinal);
        Write(Normalised, name => name[0] switch { '0' => conv, '1' => bn, _ => fc } + name[2..]);
        var foreign = Command.Run(Transect(Normalised, "1"));
        Assert.Equal(own.AssertSuccess(), foreign.AssertSuccess());
        Assert.Contains($"talweg: {_world["w"]}: read ", foreign.Error, StringComparison.Ordinal);
        Assert.Contains($"{line}; --verbose says it of every tensor", foreign.Error, StringComparison.Ordinal);
        Assert.Equal(own.Out, Command.Run(Transect(Normalised, conv + "weight")).AssertSuccess());
    }

    [Fact]
    public void Verbose_says_it_of_every_tensor()
    {
        _world.WriteDirections("d.safetensors", 1, 18);
        Write(Normalised, name => name);
        string error = Command.Run([.. Transect(Normalised, "1"), "--verbose"]).Error;
        Assert.Contains($"talweg: {_world["w"]}: '1.running_var' [2] is '1.running_var', a normalisation behind layer 1\n", error.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Contains("by their names\n", error.ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }

    [Fact]
    public void Layers_that_nothing_tells_apart_take_a_map()
    {
        _world.WriteDirections("d.safetensors", 1, 36);
        Write(Tied, name => name);
        string own = Command.Run(Transect(Tied, "2")).AssertSuccess();
        Write(Tied, name => name.Replace("0.", "in.", StringComparison.Ordinal).Replace("2.", "second.", StringComparison.Ordinal).Replace("4.", "hidden.", StringComparison.Ordinal).Replace("6.", "out.", StringComparison.Ordinal));
        Command.Run(Transect(Tied, "2")).AssertMistake("'hidden' = layer 2, 'second' = layer 3");
        Assert.Equal(own, Command.Run([.. Transect(Tied, "second"), "--map", "second=2", "--map", "hidden=3", "--verbose"]).AssertSuccess());
        Command.Run([.. Transect(Tied, "2"), "--map", "second"]).AssertMistake("--map: value: found 'second', expected NAME=LAYER");
        Command.Run([.. Transect(Tied, "2"), "--map", "third=2"]).AssertMistake("--map: name: found 'third', expected a tensor or module of the weights' file");
    }

    [Fact]
    public void A_file_of_another_network_is_refused()
    {
        _world.WriteDirections("d.safetensors", 1, 30);
        Command.Run(["measure", "flatness", .. _world.Landscape().Select(word => word == SmallWorld.Network ? $"{word},tanh" : word)])
            .AssertMistake($"{_world["weights.safetensors"]}: network that the file records: found fc:16-6-5-10, expected fc:16-6-5-10,tanh, the network it is to be read for; give --network fc:16-6-5-10");
    }

    /// <summary>Directions of layer 3, then layer 1: the same motion as of layer 1, then layer 3, and another than the same numbers would be.</summary>
    [Theory]
    [InlineData("transect", "--displacements=-1:1:3")]
    [InlineData("flatness")]
    [InlineData("temperature", "--batch", "20", "--learning-rate", "0.1")]
    public void Layers_move_in_the_order_given(string measure, params string[] more)
    {
        double[][] rows = _world.WriteDirections("d.safetensors", 2, 146);
        SafeTensorsWriter.Write(_world["turned"], [new NamedTensor("directions", [2, 146], rows.SelectMany(row => row[96..].Concat(row[..96])).ToArray())]);
        string upwards = Measure("1,3", "d.safetensors"), downwards = Measure("3,1", "turned");
        double[] expected = Numbers(upwards), found = Numbers(downwards), mixed = Numbers(Measure("3,1", "d.safetensors"));
        Assert.Equal(expected.Length, found.Length);
        Assert.All(expected.Zip(found), pair => Assert.Equal(pair.First, pair.Second, 1e-4 * Math.Max(1, Math.Abs(pair.First))));
        Assert.Contains(expected.Zip(mixed), pair => Math.Abs(pair.First - pair.Second) > 1e-3 * Math.Abs(pair.First));
        Assert.Equal(found, Numbers(Measure("4.weight,0.weight", "turned")));

        string Measure(string layers, string directions) => Command.Run(["measure", measure, "--network", SmallWorld.Network, "--weights", _world["weights.safetensors"], "--layers", layers,
            "--directions", _world[directions], "--data", "mnist", .. DataRoot(), "--json", "--precision", "double", .. more]).AssertSuccess();
    }

    [Fact]
    public void A_trajectory_has_the_layers_in_the_order_given()
    {
        string text = Command.Run(_world.Train("--epochs", "2", "--layers", "3,1", "--record", "all")).AssertSuccess();
        Assert.Contains(" --layers 3,1 ", text, StringComparison.Ordinal);
        var weights = WeightsFile.Load(Path.Combine(_world["run"], "weights.safetensors"), FullyConnected.Parse(SmallWorld.Network));
        using var trajectory = Trajectories.Trajectory.Open(Path.Combine(_world["run"], "trajectory.safetensors"));
        Assert.Equal([.. weights.Matrices[2], .. weights.Matrices[0]], trajectory.Last(1).Row(0).ToArray());
        using var history = JsonDocument.Parse(File.ReadAllText(Path.Combine(_world["run"], "history.json")));
        Assert.Equal([3, 1], history.RootElement.GetProperty("recorded").GetProperty("layers").EnumerateArray().Select(layer => layer.GetInt32()));
    }

    [Theory]
    [InlineData("F64")]
    [InlineData("F32")]
    [InlineData("F16")]
    [InlineData("BF16")]
    public void Directions_may_have_any_type_that_weights_may_have(string type)
    {
        float[] direction = [.. Enumerable.Range(0, 30).Select(i => i is 3 or 17 or 18 or 29 ? 0.5f : 0)];
        RawTensor.Write(_world["d.safetensors"], "directions", type, [1, 30], direction);
        string text = Command.Run(["measure", "transect", .. _world.Landscape("--displacements=1", "--json")]).AssertSuccess();
        RawTensor.Write(_world["d.safetensors"], "directions", "F64", [1, 30], direction);
        Assert.Equal(Command.Run(["measure", "transect", .. _world.Landscape("--displacements=1", "--json")]).AssertSuccess(), text);
    }

    [Fact]
    public void A_name_that_means_two_layers_is_refused()
    {
        _world.WriteDirections("d.safetensors", 1, 36);
        Write(Tied, name => $"{int.Parse(name[..1]) + 2}.weight");
        Command.Run(Transect(Tied, "4.weight")).AssertMistake($"--layers: value: found '4.weight', which is layer 3 by the network's names, but layer 2 by those of {_world["w"]}, expected a number, which is unambiguous");
    }

    [Fact]
    public void A_number_of_inputs_is_shape_enough()
    {
        _world.WriteDirections("d.safetensors", 1, 30);
        string own = Command.Run(["measure", "transect", .. _world.Landscape("--displacements=-1:1:3", "--json")]).AssertSuccess();
        string layered = Command.Run(["measure", "transect", .. _world.Landscape("--displacements=-1:1:3", "--json").Select(word => word == SmallWorld.Network ? "net:16/dense6/relu/dense5/relu/dense10" : word)]).AssertSuccess();
        Assert.All(Numbers(own).Zip(Numbers(layered)), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
    }

    private void Write(string network, Func<string, string> rename)
    {
        var weights = NetworkWeights.Draw(Network.Parse(network), Initialisation.He, seed: 4);
        if (weights.Network.Normalises)
            weights = NetworkWeights.Of(weights.Network, [.. weights.Tensors.Select((tensor, i) => tensor.Select((value, k) => i is > 0 and < 5 ? value + 0.1f * i + 0.05f * k : value).ToArray())]);
        SafeTensorsWriter.Write(_world["w"], [.. weights.Network.Tensors.Zip(weights.Tensors, (tensor, values) => new NamedTensor(rename(tensor.Name), [.. tensor.Shape], values))]);
    }

    private string[] Transect(string network, string layers) =>
        ["measure", "transect", "--network", network, "--weights", _world["w"], "--layers", layers, "--directions", _world["d.safetensors"], "--data", "mnist", .. DataRoot(), "--displacements=-1:1:3", "--json"];

    private string[] DataRoot() => ["--data-root", Path.GetDirectoryName(_world["run"])!];

    /// <summary>All numbers of a document, in order.</summary>
    private static double[] Numbers(string json)
    {
        using var document = JsonDocument.Parse(json);
        return [.. Of(document.RootElement)];

        static IEnumerable<double> Of(JsonElement element) => element.ValueKind switch
        {
            JsonValueKind.Number => [element.GetDouble()],
            JsonValueKind.Array => element.EnumerateArray().SelectMany(Of),
            JsonValueKind.Object => element.EnumerateObject().SelectMany(property => Of(property.Value)),
            _ => [],
        };
    }
}
