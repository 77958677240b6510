using System.Text.Json;
using Talweg.Networks;
using Talweg.Storage;
using Talweg.Trajectories;

namespace Talweg.Cli.Tests.Commands;

public sealed class TrainTests : IDisposable
{
    private readonly SmallWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public void Files_and_document_agree()
    {
        string text = Command.Run(_world.Train("--epochs", "6", "--extra-epochs", "2", "--layers", "2", "--record", "all", "--json")).AssertSuccess();
        using var document = JsonDocument.Parse(text);
        var root = document.RootElement;
        string[] keys = ["network", "data", "batch", "learning_rate", "seed", "initialisation", "with_replacement", "iterations_per_epoch", "ending", "verdict", "zero_error_epoch", "recorded", "epochs"];
        Assert.Equal(keys, root.EnumerateObject().Select(property => property.Name));
        using var history = JsonDocument.Parse(File.ReadAllText(Path.Combine(_world["run"], "history.json")));
        Assert.Equal([.. keys, "sha256"], history.RootElement.EnumerateObject().Select(property => property.Name));
        foreach (string key in keys)
            Assert.True(JsonElement.DeepEquals(history.RootElement.GetProperty(key), root.GetProperty(key)));
        SealedJson.Read(Path.Combine(_world["run"], "history.json"), "");

        var table = ParquetTable.Read(Path.Combine(_world["run"], "history.parquet"));
        Assert.Equal(root.GetProperty("epochs").EnumerateArray().Select(e => e.GetProperty("train_loss").GetDouble()), table.Doubles("train_loss"));
        using var trajectory = Trajectory.Open(Path.Combine(_world["run"], "trajectory.safetensors"));
        Assert.Equal(root.GetProperty("recorded").GetProperty("iterations").GetInt64(), trajectory.Iterations);
        Assert.Equal(15 * table.Rows, trajectory.Iterations);   // 300 samples in minibatches of 20
        var weights = WeightsFile.Load(Path.Combine(_world["run"], "weights.safetensors"), FullyConnected.Parse(SmallWorld.Network));
        Assert.Equal(weights.Matrices[1], trajectory.Last(1).Row(0).ToArray());
    }

    [Fact]
    public void What_to_do_next_works()
    {
        string text = Command.Run(_world.Train("--epochs", "6", "--layers", "2", "--record", "all")).AssertSuccess();
        string[][] next = [.. text.Split('\n').Where(line => line.StartsWith("  talweg ", StringComparison.Ordinal)).Select(line => line.Trim().Split(' ')[1..])];
        Assert.Equal(2, next.Length);
        foreach (string[] arguments in next)
            Command.Run(arguments).AssertSuccess();
    }

    [Fact]
    public void A_run_goes_on_where_it_was_stopped()
    {
        var stopped = Command.Run([], new CancellationToken(canceled: true), _world.Train("--epochs", "3"));
        Assert.Equal(130, stopped.ExitCode);
        Assert.Contains("To go on from here: talweg train --network fc:16-6-5-10 ", stopped.Error, StringComparison.Ordinal);
        string resumed = Command.Run(_world.Train("--epochs", "3", "--json")).AssertSuccess();
        string[] other = _world.Train("--epochs", "3", "--json");
        other[Array.IndexOf(other, "--out") + 1] = _world["other"];
        Assert.Equal(Command.Run(other).AssertSuccess(), resumed);
        Assert.Equal(File.ReadAllBytes(Path.Combine(_world["other"], "weights.safetensors")), File.ReadAllBytes(Path.Combine(_world["run"], "weights.safetensors")));
    }

    [Fact]
    public void Another_plan_in_the_same_folder_is_refused()
    {
        Command.Run(_world.Train("--epochs", "1")).AssertSuccess();
        Command.Run(_world.Train("--epochs", "1", "--seed", "2")).AssertMistake("holds a training that differs: seed 1 there, 2 here. Choose another folder, or give --overwrite to start afresh.");
    }

    [Fact]
    public void A_run_that_diverges_says_what_to_try()
    {
        string[] arguments = _world.Train("--epochs", "5");
        arguments[Array.IndexOf(arguments, "--learning-rate") + 1] = "1e30";
        var diverged = Command.Run(arguments);
        Assert.Equal(2, diverged.ExitCode);
        Assert.Contains("Try a learning rate below", diverged.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_world["run"], "weights.safetensors")));
    }

    [Theory]
    [InlineData("--record", "all", "--layers: value: found nothing")]
    [InlineData("--record", "some", "--record: found 'some', expected one of exploration, all, none")]
    [InlineData("--layers", "9", "--layers: number: found '9'")]
    [InlineData("--init", "zero", "--init: found 'zero', expected one of pytorch, he")]
    [InlineData("--epochs", "0", "--epochs: found '0', expected a whole number of at least 1")]
    [InlineData("--seed", "x", "--seed: found 'x', expected a whole number")]
    public void A_bad_option_is_refused(string option, string value, string message) =>
        Command.Run(_world.Train(option, value)).AssertMistake(message);

    [Theory]
    [InlineData("--data", "mnits", "--data: name: found \"mnits\"")]
    [InlineData("--batch", "1000", "--batch: batch size: found 1000, expected 1 to 300")]
    public void What_the_library_refuses_is_told_as_the_option(string option, string value, string message)
    {
        string[] arguments = _world.Train();
        arguments[Array.IndexOf(arguments, option) + 1] = value;
        Command.Run(arguments).AssertMistake(message);
        Assert.False(Directory.Exists(_world["run"]));
    }

    [Fact]
    public void A_network_that_does_not_fit_the_data_is_refused()
    {
        string[] arguments = _world.Train();
        arguments[2] = "fc:784-50-50-10";
        Command.Run(arguments).AssertMistake("--network: inputs: found 784 in fc:784-50-50-10, expected 16");
        arguments[2] = "fc:16-5-2";
        Command.Run(arguments).AssertMistake("--network: outputs: found 2 in fc:16-5-2, expected at least ");
    }

    [Fact]
    public void A_minibatch_larger_than_the_data_is_refused()
    {
        string[] arguments = _world.Train();
        arguments[Array.IndexOf(arguments, "--batch") + 1] = "301";
        Command.Run(arguments).AssertMistake("found 301, expected 1 to 300");
    }

    [Fact]
    public void A_file_in_the_way_is_named()
    {
        File.WriteAllText(_world["run"], "");
        Command.Run(_world.Train()).AssertMistake($"--out: found the file '{_world["run"]}', expected the path of a folder");
    }
}
