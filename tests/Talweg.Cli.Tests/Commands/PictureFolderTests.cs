using System.Text.Json;
using SkiaSharp;

namespace Talweg.Cli.Tests.Commands;

/// <summary>The commands on a folder of pictures in colour: two classes, ten training and five test pictures of 4 × 3 each.</summary>
public sealed class PictureFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public PictureFolderTests()
    {
        foreach (string name in (string[])["blue", "red"])
        {
            for (int i = 0; i < 10; i++)
                Write($"pictures/train/{name}/{i}.png", name, i);
            for (int i = 0; i < 5; i++)
                Write($"pictures/test/{name}/{i}.png", name, 20 + i);
        }
    }

    private string Name => $"folder:{_folder["pictures"]}";

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Data_checks_and_gets_it()
    {
        string expected = $"{Name}: 20 training and 10 test images: {_folder["pictures"]}";
        Assert.StartsWith(expected, Command.Run("data", "check", Name).AssertSuccess(), StringComparison.Ordinal);
        Assert.StartsWith(expected, Command.Run("data", "get", Name).AssertSuccess(), StringComparison.Ordinal);
        Command.Run("data", "get", "folder:/nowhere/at/all").AssertMistake("folder:/nowhere/at/all: folder: found none at /nowhere/at/all, expected a folder with train/CLASS/*.png");
        Command.Run("data", "get", Name + ",size=none").AssertMistake("expected size=1 to size=1024");
    }

    [Fact]
    public void A_folder_that_is_gone_fails_the_check()
    {
        var check = Command.Run("data", "check", "folder:/nowhere/at/all");
        Assert.Equal(2, check.ExitCode);
        Assert.Contains("folder:/nowhere/at/all: not at hand; there is no such folder", check.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_channel_is_scaled_by_its_own_numbers_which_the_run_records()
    {
        using var document = JsonDocument.Parse(Command.Run(Train("--standardise", "channels", "--json")).AssertSuccess());
        var data = document.RootElement.GetProperty("data");
        Assert.Equal(Name, data.GetProperty("name").GetString());
        double[] offsets = [.. data.GetProperty("scaling").EnumerateArray().Select(channel => channel.GetProperty("offset").GetDouble())];
        double[] factors = [.. data.GetProperty("scaling").EnumerateArray().Select(channel => channel.GetProperty("factor").GetDouble())];
        Assert.Equal([(4.5 + 204.5) / 2, 34.5, (204.5 + 4.5) / 2], offsets, (a, b) => Math.Abs(a - b) < 1e-9);
        Assert.Equal(1 / Math.Sqrt(8.25), factors[1], 1e-9);                                   // ten values one apart: variance (10² − 1)/12
        Assert.Equal(1 / Math.Sqrt(8.25 + 100 * 100), factors[0], 1e-9);
        Command.Run(Train("--standardise")).AssertMistake("holds a training that differs: data ");
        Command.Run(Train()).AssertMistake("holds a training that differs: data ");
        Command.Run(Train("--standardise", "rows")).AssertMistake("--standardise: found 'rows', expected one of all, channels, or nothing");
    }

    [Fact]
    public void What_to_do_next_names_the_folder_and_the_scaling()
    {
        string text = Command.Run(Train("--standardise", "channels", "--layers", "1", "--record", "all")).AssertSuccess();
        Assert.Contains($"--data {Name} --standardise channels", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Pictures_of_one_colour_cannot_be_standardised()
    {
        foreach (string path in Directory.GetFiles(_folder["pictures"], "*.png", SearchOption.AllDirectories))
            Write(Path.GetRelativePath(_folder["."], path), "blue", 3);
        Command.Run(Train("--standardise", "channels")).AssertMistake("--standardise: pixels: found equal ones only in a channel of");
    }

    private string[] Train(params string[] more) =>
        ["train", "--network", "fc:36-3-2", "--data", Name, "--batch", "4", "--learning-rate", "0.01", "--epochs", "2", "--out", _folder["run"], .. more];

    /// <summary>One colour all over: green 30 + i, and i and 200 + i in red and blue, or the other way round.</summary>
    private void Write(string name, string colour, int i)
    {
        using var picture = new SKBitmap(3, 4, SKColorType.Rgba8888, SKAlphaType.Opaque);
        byte low = (byte)i, high = (byte)(200 + i);
        picture.Erase(colour == "blue" ? new SKColor(low, (byte)(30 + i), high) : new SKColor(high, (byte)(30 + i), low));
        Directory.CreateDirectory(Path.GetDirectoryName(_folder[name])!);
        using var file = File.Create(_folder[name]);
        picture.Encode(file, SKEncodedImageFormat.Png, 100);
    }
}
