using System.Text.Json;
using Talweg.Networks;
using Talweg.Trajectories;

namespace Talweg.Cli.Tests.Commands;

/// <summary>Networks of layers, TorchScript files and optimizers, from the command.</summary>
public sealed class AnyNetworkTests : IDisposable
{
    private const string Convolutional = "net:1x4x4/conv2k3p1/relu/pool2/dense10";
    private const string Normalised = "net:1x4x4/conv2k3p1/bn/relu/dense10";
    private const string Dense = "net:1x4x4/dense6/relu/dense5/relu/dense10";   // the same weights as fc:16-6-5-10
    private const int Dimension = 30;                          // layer 2 of it

    private static readonly string Models = Path.Combine(AppContext.BaseDirectory, "Models");
    private static readonly string Row = "torchscript:" + Path.Combine(Models, "row.pt");       // fc:16-6-5-10
    private static readonly string Image = "torchscript:" + Path.Combine(Models, "image.pt");   // a convolution, batch normalisation, SiLU, dense

    private readonly SmallWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Theory]
    [InlineData(Convolutional, "0.*", 18, "1")]
    [InlineData(Convolutional, "3.weight", 80, "2")]
    [InlineData(Normalised, "all", 338, "1,2")]
    public void A_network_of_layers_is_trained_and_measured(string network, string layers, int weights, string recorded)
    {
        string text = Command.Run(Train(network, "--optimizer", "adam:lr=0.01", "--schedule", "warmup:epochs=2", "--epochs", "3", "--layers", layers, "--record", "all")).AssertSuccess();
        using var history = JsonDocument.Parse(File.ReadAllText(Path.Combine(_world["run"], "history.json")));
        Assert.Equal(network, history.RootElement.GetProperty("network").GetString());
        Assert.Equal(("adam:lr=0.01", "warmup:epochs=2"), (history.RootElement.GetProperty("optimizer").GetString(), history.RootElement.GetProperty("schedule").GetString()));
        Assert.Equal(0.01, history.RootElement.GetProperty("learning_rate").GetDouble());
        using (var trajectory = Trajectory.Open(Path.Combine(_world["run"], "trajectory.safetensors")))
            Assert.Equal((45, weights), (trajectory.Iterations, trajectory.Weights));

        string[][] next = Next(text);
        Assert.Contains(recorded, next[1]);
        Command.Run(next[0]).AssertSuccess();
        Assert.Contains("path in single precision.", Command.Run(next[1]).AssertSuccess(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Dense)]
    [InlineData("torchscript")]
    public void Any_form_of_a_network_has_the_losses_of_a_naive_one(string network)
    {
        double[][] directions = _world.WriteDirections("d.safetensors", 2, Dimension);
        string[] arguments = network == "torchscript" ? Landscape(Row, "--trust-model") : Landscape(network);
        var command = Command.Run(["measure", "transect", .. arguments, "--weights", _world["weights.safetensors"], "--displacements=-1:1:5", "--json", "--precision", "double"]);
        using var document = JsonDocument.Parse(command.AssertSuccess());
        Assert.Equal(["measure", "displacements", "directions", "data"], document.RootElement.EnumerateObject().Select(property => property.Name));
        Assert.Contains("path in double precision.", command.Error, StringComparison.Ordinal);
        AssertNaive(new(_world.Weights.Matrices, _world.Inputs, _world.Labels), directions, document.RootElement);
    }

    [Fact]
    public void A_TorchScript_model_brings_its_own_weights()
    {
        double[][] directions = _world.WriteDirections("d.safetensors", 2, Dimension);
        using var document = JsonDocument.Parse(Command.Run(["measure", "transect", .. Landscape(Row, "--trust-model"), "--displacements=-1:1:5", "--json", "--precision", "double"]).AssertSuccess());
        using var model = ModuleNetwork.OfTorchScript(Path.Combine(Models, "row.pt"), [16], 10, trusted: true);
        AssertNaive(new(model.Weights().Tensors, _world.Inputs, _world.Labels), directions, document.RootElement);
    }

    [Fact]
    public void A_reader_is_told_how_a_model_was_measured()
    {
        _world.WriteDirections("d.safetensors", 1, 18);
        string text = Command.Run(["measure", "flatness", .. Landscape(Image, "--trust-model", "--layers", "0.*")]).AssertSuccess();
        Assert.Contains("Batch normalisation ran in evaluation mode, by its running statistics. The model took samples as [1, 4, 4].", text, StringComparison.Ordinal);
        text = Command.Run(["measure", "flatness", .. Landscape(Image, "--trust-model", "--layers", "0.*", "--normalisation", "training")]).AssertSuccess();
        Assert.Contains("Batch normalisation ran in training mode, by the statistics of blocks of 500 samples.", text, StringComparison.Ordinal);
        _world.WriteDirections("d.safetensors", 1, Dimension);
        Assert.EndsWith("single precision. The model took samples as [16].", Command.Run(["measure", "flatness", .. Landscape(Row, "--trust-model")]).AssertSuccess().TrimEnd(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("transect", "--displacements=0,0")]
    [InlineData("flatness")]
    [InlineData("temperature", "--batch", "30", "--learning-rate", "0.1")]
    [InlineData("ensemble", "--batch", "30")]
    public void Outputs_that_look_like_probabilities_are_warned_of(string measure, params string[] more)
    {
        _world.WriteDirections("d.safetensors", 1, 160);
        var command = Command.Run(["measure", measure, .. Landscape(Model("softmax"), "--trust-model", "--layers", "1"), "--json", .. more]);
        using var document = JsonDocument.Parse(command.AssertSuccess());
        Assert.StartsWith("The model's outputs are not negative and sum to 1", Assert.Single(document.RootElement.GetProperty("notes").EnumerateArray()).GetString(), StringComparison.Ordinal);
        Assert.Contains("Warning: The model's outputs are not negative and sum to 1: probabilities, it seems.", command.Error, StringComparison.Ordinal);
        Assert.Contains("Warning: The model's outputs", Command.Run(["measure", measure, .. Landscape(Model("softmax"), "--trust-model", "--layers", "1"), .. more]).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_that_is_no_network_is_the_users_mistake()
    {
        _world.WriteDirections("d.safetensors", 1, 160);
        string[] Measure(string name) => ["measure", "transect", .. Landscape(Model(name), "--trust-model", "--layers", "1"), "--displacements=0"];
        Command.Run(Measure("tuple")).AssertMistake("tuple.pt gives a tuple, list or dictionary, where one tensor of logits is needed");
        Command.Run(Measure("dropout")).AssertMistake("while torch's generator moved, expected the same in evaluation mode");
        Command.Run(Train(Model("dropout"), "--trust-model", "--learning-rate", "0.1")).AssertMistake("dropout.pt: the same 8 samples again: found logits that differ by");
    }

    [Fact]
    public void A_TorchScript_model_is_trained_from_weights_of_ours()
    {
        var command = Command.Run(Train(Image, "--trust-model", "--optimizer", "sgd:lr=0.05,momentum=0.9", "--epochs", "2", "--layers", "4.weight", "--record", "all"));
        string[][] next = Next(command.AssertSuccess());
        Assert.Contains("The model took samples as [1, 4, 4]; its weights began as --init draws them", command.Error, StringComparison.Ordinal);
        Assert.Contains("--trust-model", next[1]);
        foreach (string[] arguments in next)
            Command.Run(arguments).AssertSuccess();
    }

    [Theory]
    [InlineData("measure")]
    [InlineData("train")]
    public void A_TorchScript_file_is_not_opened_without_trust(string command)
    {
        string file = _world["model.pt"];
        File.WriteAllText(file, "opening this would be noticed");
        string[] arguments = command == "train" ? Train($"torchscript:{file}", "--learning-rate", "0.1") : ["measure", "flatness", .. Landscape($"torchscript:{file}")];
        Command.Run(arguments).AssertMistake("model.pt: trust: found a TorchScript file, which is a program and would run here, expected --trust-model, if you trust whoever made it");
    }

    [Fact]
    public void A_TorchScript_file_that_does_not_fit_is_refused()
    {
        Command.Run(["measure", "flatness", .. Landscape("torchscript:no-model.pt", "--trust-model")]).AssertMistake("no-model.pt: file: found nothing");
        File.WriteAllText(_world["model.pt"], "no archive");
        Command.Run(["measure", "flatness", .. Landscape($"torchscript:{_world["model.pt"]}", "--trust-model")]).AssertMistake("a TorchScript file, as torch.jit.save writes it");
        Command.Run(["measure", "flatness", .. Landscape(Row, "--trust-model", "--data", "digits")]).AssertMistake("expected a model from samples of shape [1, 28, 28] or [784] to 10 logits");
    }

    [Theory]
    [InlineData("lenet-mnits", "--network: name: found 'lenet-mnits', expected fc:784-50-50-10, net:…, lenet-mnist, lenet-cifar,", "(did you mean lenet-mnist?)")]
    [InlineData("net:1x2x8/conv2k1/dense10", "--network: inputs: found images of 1x2x8 in net:1x2x8/conv2k1/dense10, expected images of 1x4x4, as", "")]
    [InlineData("lenet-mnist", "--network: inputs: found 784 in lenet-mnist, expected 16", "")]
    public void A_network_that_does_not_fit_is_refused(string network, string message, string more)
    {
        var command = Command.Run(Train(network, "--learning-rate", "0.1"));
        command.AssertMistake(message);
        command.AssertMistake(more);
    }

    [Theory]
    [InlineData("--learning-rate: value: found nothing, expected the learning rate of plain SGD, or an --optimizer such as adam:lr=0.001")]
    [InlineData("--learning-rate: value: found one beside --optimizer adam:lr=0.001, expected one or the other", "--learning-rate", "0.1", "--optimizer", "adam:lr=0.001")]
    [InlineData("--optimizer: kind: found 'adan' in 'adan:lr=0.1', expected one of sgd, adam,", "--optimizer", "adan:lr=0.1")]
    [InlineData("--optimizer: lr: found none in 'sgd:momentum=0.9'", "--optimizer", "sgd:momentum=0.9")]
    [InlineData("--schedule: kind: found 'stairs' in 'stairs:every=2'", "--learning-rate", "0.1", "--schedule", "stairs:every=2")]
    [InlineData("--layers: value: found 'x.*', expected layers of net:1x4x4/conv2k3p1/relu/pool2/dense10: 1 (0.weight), 2 (3.weight), 'all', or a pattern", "--learning-rate", "0.1", "--layers", "x.*")]
    public void A_bad_rule_or_layer_is_refused(string message, params string[] options) => Command.Run(Train(Convolutional, options)).AssertMistake(message);

    [Fact]
    public void Weights_are_asked_for_where_the_network_brings_none()
    {
        _world.WriteDirections("d.safetensors", 1, Dimension);
        Command.Run(["measure", "flatness", .. Landscape(Dense)]).AssertMistake($"--weights: value: found nothing, expected a file of weights of {Dense}; only a TorchScript model brings its own");
    }

    [Fact]
    public void The_named_networks_are_listed()
    {
        string text = Command.Run("list", "networks").AssertSuccess();
        Assert.Matches("lenet-mnist +1x28x28 +10 +3 +28,624", text);      // 9·16 + 16·25·32 + 1568·10
        Assert.All(NetworkCatalogue.Names, name => Assert.Contains(name, text, StringComparison.Ordinal));
        Assert.Contains("`talweg list networks`", string.Join(' ', Command.Run("train", "--help").AssertSuccess().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    private static string Model(string name) => "torchscript:" + Path.Combine(Models, name + ".pt");

    private string[] Train(string network, params string[] more) =>
        ["train", "--network", network, "--data", "mnist", .. DataRoot(), "--batch", "20", "--out", _world["run"], .. more];

    private string[] Landscape(string network, params string[] more) =>
    [
        "--network", network, .. more.Contains("--layers") ? (string[])[] : ["--layers", "2"],
        "--directions", _world["d.safetensors"], .. more.Contains("--data") ? (string[])[] : ["--data", "mnist"], .. DataRoot(), .. more,
    ];

    private string[] DataRoot() => ["--data-root", Path.GetDirectoryName(_world["run"])!];

    private static string[][] Next(string text) =>
        [.. text.Split('\n').Where(line => line.StartsWith("  talweg ", StringComparison.Ordinal)).Select(line => line.Trim().Split(' ')[1..].Select(word => word.Trim('\'')).ToArray())];

    private static void AssertNaive(NaiveNetwork naive, double[][] directions, JsonElement document)
    {
        double[] displacements = [.. document.GetProperty("displacements").EnumerateArray().Select(value => value.GetDouble())];
        foreach (var (direction, result) in directions.Zip(document.GetProperty("directions").EnumerateArray()))
        {
            foreach (var (displacement, loss) in displacements.Zip(result.GetProperty("loss").EnumerateArray()))
                Assert.Equal(naive.Loss(direction, displacement), loss.GetDouble(), 1e-9);
        }
    }
}
