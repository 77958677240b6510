using System.Text.Json;
using Talweg.Data;

namespace Talweg.Cli.Tests.Commands;

/// <summary>Which files were taken is in every output and record; a place that the user named and that lacks them is refused.</summary>
public sealed class DataSourceTests : IDisposable
{
    private readonly SmallWorld _world = new();

    public DataSourceTests() => _world.WriteDirections("d.safetensors", 1, 30);

    private string[] Files => [.. new[] { "train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte" }.Select(name => Path.Combine(Path.GetFullPath(_world["mnist"]), name))];

    public void Dispose() => _world.Dispose();

    [Fact]
    public void A_measure_says_which_files_were_taken()
    {
        var measured = Command.Run(["measure", "transect", .. _world.Landscape("--displacements", "0", "--json")]);
        using var document = JsonDocument.Parse(measured.AssertSuccess());
        AssertFiles(document.RootElement.GetProperty("data"));
        Assert.Contains($"talweg: data: mnist: {Path.GetFullPath(_world["mnist"])}: train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte, t10k-labels-idx1-ubyte{Environment.NewLine}",
            measured.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_training_keeps_them_in_its_history()
    {
        Command.Run(_world.Train("--epochs", "1")).AssertSuccess();
        using var history = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(_world["run"], "history.json")));
        AssertFiles(history.RootElement.GetProperty("data"));
    }

    [Fact]
    public void A_sequence_of_tasks_keeps_them_too()
    {
        var learned = Command.Run("continual", "--tasks", "01,2", "--method", "none", "--network", SmallWorld.Network, "--data", "mnist", "--data-root", _world["."], "--batch", "20", "--epochs", "1", "--window-epochs", "1", "--out", _world["tasks"], "--json");
        using var printed = JsonDocument.Parse(learned.AssertSuccess());
        AssertFiles(printed.RootElement.GetProperty("data"));
        using var record = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(_world["tasks"], "continual.json")));
        Assert.Equal(Files, record.RootElement.GetProperty("DataFiles").EnumerateArray().Select(file => file.GetString()));
    }

    [Fact]
    public void A_data_root_without_the_data_is_refused_by_every_command()
    {
        string empty = Path.GetFullPath(_world["empty"]);
        Directory.CreateDirectory(empty);
        foreach (string[] command in (string[][])[["measure", "transect", .. _world.Landscape("--displacements", "0")], _world.Train(), ["data", "get", "mnist", "--data-root", empty]])
        {
            string[] elsewhere = [.. command.Select(word => Array.IndexOf(command, word) == Array.IndexOf(command, "--data-root") + 1 ? empty : word)];
            var refused = Command.Run(elsewhere);
            refused.AssertMistake($"mnist: not in {empty}, which --data-root names; looked in");
            Assert.Contains($"  {Path.Combine(empty, "mnist")}: no such folder", refused.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Idx_files_of_any_names_are_data()
    {
        string[] files = Files;
        File.Move(files[0], _world["emnist-letters-train-images-idx3-ubyte"]);
        var measured = Command.Run(["measure", "transect", .. _world.Landscape("--displacements", "0", "--json").Select(word => word == "mnist" ? $"idx:{_world["emnist-letters-train-images-idx3-ubyte"]},{files[1]},{files[2]},{files[3]}" : word)]);
        using var document = JsonDocument.Parse(measured.AssertSuccess());
        Assert.StartsWith("idx:", document.RootElement.GetProperty("data").GetProperty("name").GetString(), StringComparison.Ordinal);
    }

    private void AssertFiles(JsonElement data)
    {
        Assert.Equal("mnist", data.GetProperty("name").GetString());
        Assert.Equal(Datasets.Load("mnist", _world["."], cancellation: TestContext.Current.CancellationToken).Checksum, data.GetProperty("checksum").GetString());
        Assert.Equal(Files, data.GetProperty("files").EnumerateArray().Select(file => file.GetString()));
        Assert.Empty(data.GetProperty("passed_over").EnumerateArray());
    }
}
