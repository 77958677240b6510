using Talweg.Storage;

namespace Talweg.Cli.Tests.Commands;

/// <summary>Commands replace what they made, or what they are told to replace, and nothing else.</summary>
public sealed class OverwriteTests : IDisposable
{
    private readonly SmallWorld _world = new();

    public void Dispose() => _world.Dispose();

    private string Inside(string name) => Path.Combine(_world["run"], name);

    private void Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Inside(name))!);
        File.WriteAllText(Inside(name), text);
    }

    [Fact]
    public void Training_refuses_a_folder_of_somebodys()
    {
        string[] names = ["weights.safetensors", "trajectory.safetensors", "history.json", "notes.txt"];
        foreach (string name in names)
            Write(name, $"my {name}");
        Command.Run(_world.Train("--epochs", "1", "--layers", "2", "--record", "all")).AssertMistake(
            $"--out: {_world["run"]}: found files, but no checkpoint.safetensors of a training, expected an empty folder, one in which the same command was run before, or a new path; --overwrite replaces files");
        foreach (string name in names)
            Assert.Equal($"my {name}", File.ReadAllText(Inside(name)));
        Assert.Equal(names.Order(), Directory.GetFiles(_world["run"]).Select(Path.GetFileName).Order());
        Command.Run(_world.Train("--epochs", "1", "--layers", "2", "--record", "all", "--overwrite")).AssertSuccess();
        Assert.Equal("my notes.txt", File.ReadAllText(Inside("notes.txt")));
        SealedJson.Read(Inside("history.json"), "");
    }

    [Fact]
    public void A_finished_training_whose_checkpoint_was_removed_is_still_somebodys()
    {
        Command.Run(_world.Train("--epochs", "1")).AssertSuccess();
        File.Delete(Inside("checkpoint.safetensors"));
        byte[] weights = File.ReadAllBytes(Inside("weights.safetensors"));
        Command.Run(_world.Train("--epochs", "1", "--seed", "2")).AssertMistake("found files, but no checkpoint.safetensors of a training");
        Assert.Equal(weights, File.ReadAllBytes(Inside("weights.safetensors")));
        Command.Run(_world.Train("--epochs", "1", "--seed", "2", "--overwrite")).AssertSuccess();
        Assert.NotEqual(weights, File.ReadAllBytes(Inside("weights.safetensors")));
    }

    [Fact]
    public void Training_afresh_is_not_begun_for_a_plan_that_is_refused()
    {
        Command.Run(_world.Train("--epochs", "1")).AssertSuccess();
        byte[] weights = File.ReadAllBytes(Inside("weights.safetensors"));
        string[] arguments = _world.Train("--overwrite");
        arguments[Array.IndexOf(arguments, "--batch") + 1] = "301";
        Command.Run(arguments).AssertMistake("found 301, expected 1 to 300");
        Assert.Equal(weights, File.ReadAllBytes(Inside("weights.safetensors")));
    }

    [Fact]
    public void A_training_that_has_ended_is_given_more_epochs()
    {
        Command.Run(_world.Train("--epochs", "2", "--layers", "2", "--record", "all")).AssertSuccess();
        string[] longer = _world.Train("--epochs", "4", "--layers", "2", "--record", "all");
        Command.Run(longer).AssertSuccess();
        Command.Run(_world.Train("--epochs", "2", "--layers", "2", "--record", "all")).AssertMistake("holds a training that differs: epochs 4 there, 2 here. Choose another folder, or give --overwrite to start afresh.");
        longer[Array.IndexOf(longer, "--out") + 1] = _world["whole"];
        Command.Run(longer).AssertSuccess();
        foreach (string name in (string[])["checkpoint.safetensors", "trajectory.safetensors", "weights.safetensors", "history.json", "history.parquet"])
            Assert.Equal(File.ReadAllBytes(Path.Combine(_world["whole"], name)), File.ReadAllBytes(Inside(name)));
    }

    [Fact]
    public void A_folder_in_which_another_process_trains_is_refused()
    {
        using (FolderLock.Take(_world["run"]))
            Command.Run(_world.Train("--epochs", "1")).AssertMistake($"{_world["run"]}: process {Environment.ProcessId} is running in this folder; wait for it, stop it, or choose another folder.");
        Command.Run(_world.Train("--epochs", "1")).AssertSuccess();
    }

    [Fact]
    public void A_sequence_refuses_a_folder_of_somebodys()
    {
        Write("continual.json", "mine");
        string[] arguments = ["continual", "--data", "digits", "--samples", "500", "--epochs", "1", "--threads", "1", "--tasks", "01,23", "--method", "none", "--out", _world["run"]];
        Command.Run(arguments).AssertMistake($"--out: {_world["run"]}: found files, but no plan.json of a sequence, expected an empty folder");
        Assert.Equal("mine", File.ReadAllText(Inside("continual.json")));
        Command.Run([.. arguments, "--overwrite"]).AssertSuccess();
        Command.Run([.. arguments, "--seed", "2"]).AssertMistake("holds a sequence that differs: seed 1 there, 2 here");
        using (FolderLock.Take(_world["run"]))
            Command.Run(arguments).AssertMistake("is running in this folder");
    }

    [Fact]
    public void Directions_replace_directions_and_nothing_else()
    {
        Command.Run(_world.Train("--epochs", "1", "--layers", "2", "--record", "all")).AssertSuccess();
        string[] Modes(string file, params string[] more) => ["measure", "modes", "--trajectory", Inside("trajectory.safetensors"), "--modes", "2", "--save-directions", file, .. more];
        string weights = Inside("weights.safetensors");
        byte[] before = File.ReadAllBytes(weights);
        Command.Run(Modes(weights)).AssertMistake($"--save-directions: {weights}: found a file that this command did not write, expected a new path, or directions that it wrote; --overwrite replaces the file");
        Assert.Equal(before, File.ReadAllBytes(weights));
        Command.Run(Modes(_world["d.safetensors"])).AssertSuccess();
        Command.Run(Modes(_world["d.safetensors"])).AssertSuccess();
        Command.Run(Modes(weights, "--overwrite")).AssertSuccess();
        Assert.Equal(File.ReadAllBytes(_world["d.safetensors"]), File.ReadAllBytes(weights));
        File.WriteAllText(_world["target"], "old");
        File.CreateSymbolicLink(_world["link"], _world["target"]);          // who makes a link means what it leads to
        Command.Run(Modes(_world["link"])).AssertSuccess();
        Assert.Equal(File.ReadAllBytes(_world["d.safetensors"]), File.ReadAllBytes(_world["target"]));
    }
}
