using System.Text.Json;

namespace Talweg.Cli.Tests.Commands;

public sealed class DataAndDoctorTests
{
    [Fact]
    public void List_says_where_data_lie()
    {
        using var world = new SmallWorld();
        string text = Command.Run("data", "list", "--data-root", world["."]).AssertSuccess();
        foreach (string name in (string[])["mnist", "fashion-mnist", "digits"])
            Assert.Contains(name, text, StringComparison.Ordinal);
        Assert.Contains("not in ", text, StringComparison.Ordinal);      // Fashion-MNIST, which is not downloaded there
    }

    private static string Folder(SmallWorld world) => Path.GetFullPath(world["mnist"]);

    [Fact]
    public void Get_finds_what_is_there()
    {
        using var world = new SmallWorld();
        Assert.StartsWith($"mnist: 300 training and 60 test images: {Folder(world)}: train-images-idx3-ubyte, ", Command.Run("data", "get", "mnist", "--data-root", world["."]).AssertSuccess(), StringComparison.Ordinal);
    }

    [Fact]
    public void Check_counts_and_compares()
    {
        using var world = new SmallWorld();
        string text = Command.Run("data", "check", "mnist", "--data-root", world["."]).AssertSuccess();
        Assert.StartsWith($"mnist: 300 training and 60 test images: {Folder(world)}: train-images-idx3-ubyte, ", text, StringComparison.Ordinal);
        Assert.Contains("the files differ from the published ones", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_tells_damage_and_fails()
    {
        using var world = new SmallWorld();
        File.WriteAllBytes(Path.Combine(world["mnist"], "train-labels-idx1-ubyte"), [1, 2, 3]);
        var check = Command.Run("data", "check", "mnist", "--data-root", world["."]);
        Assert.Equal(2, check.ExitCode);
        Assert.Contains("train-labels-idx1-ubyte", check.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_data_set_is_refused() => Command.Run("data", "get", "fashion-mnits").AssertMistake("did you mean \"fashion-mnist\"?");

    [Fact]
    public void The_doctor_finds_all_that_is_needed()
    {
        using var document = JsonDocument.Parse(Command.Run("doctor", "--json").AssertSuccess());
        Assert.True(document.RootElement.GetProperty("works").GetBoolean());
        Assert.Equal(["name", "status", "found"], document.RootElement.GetProperty("checks")[0].EnumerateObject().Select(p => p.Name));
        Assert.Contains(document.RootElement.GetProperty("checks").EnumerateArray(), check => check.GetProperty("name").GetString() == "libtorch");
        Assert.Contains("All that Talweg needs works here.", Command.Run("doctor").AssertSuccess(), StringComparison.Ordinal);
    }
}
