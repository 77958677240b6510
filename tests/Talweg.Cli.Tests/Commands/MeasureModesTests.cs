using System.Text.Json;
using System.Text.RegularExpressions;
using Talweg.Storage;

namespace Talweg.Cli.Tests.Commands;

public sealed class MeasureModesTests
{
    /// <summary>Two orthogonal motions with known variances about the mean (3, 0, 4): 4 along axis 1, 1 along axis 0.</summary>
    private static readonly float[] Motion =
    [
        4, 2, 4,
        4, -2, 4,
        2, 2, 4,
        2, -2, 4,
    ];

    [Fact]
    public void The_document_is_the_agreed_one()
    {
        using var folder = new TemporaryFolder();
        string text = Command.Run("measure", "modes", "--trajectory", Write(folder), "--json").AssertSuccess();
        Assert.Matches("""^\{"measure":"modes","iterations":4,"weights":3,"variances":\[4,1,0\],"mean_norm":5\}\n$""", text.Replace("3.9999999999999996", "4", StringComparison.Ordinal).ReplaceLineEndings("\n"));
    }

    [Fact]
    public void A_window_has_as_many_variances_as_the_smaller_of_iterations_and_weights()
    {
        using var folder = new TemporaryFolder();
        using var document = JsonDocument.Parse(Command.Run("measure", "modes", "--trajectory", Write(folder), "--window", "0:2", "--json").AssertSuccess());
        double[] variances = [.. document.RootElement.GetProperty("variances").EnumerateArray().Select(v => v.GetDouble())];
        Assert.Equal(2, document.RootElement.GetProperty("iterations").GetInt32());
        Assert.Equal(2, variances.Length);
        Assert.Equal(4, variances[0], 1e-12);
        Assert.Equal(0, variances[1], 1e-12);
    }

    [Fact]
    public void Saved_directions_are_the_modes_in_double_precision()
    {
        using var folder = new TemporaryFolder();
        string path = folder["d.safetensors"];
        Command.Run("measure", "modes", "--trajectory", Write(folder), "--save-directions", path, "--modes", "2").AssertSuccess();
        using var file = SafeTensorsFile.Open(path);
        Assert.Equal((ElementType.Float64, "[2, 3]"), (file.Entry("directions").Type, file.Entry("directions").ShapeText));
        double[] expected = [0, 1, 0, 1, 0, 0];
        Assert.All(file.ReadDoubles("directions").Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 1e-12));
    }

    [Fact]
    public void The_table_shows_modes_and_shares()
    {
        using var folder = new TemporaryFolder();
        string text = Command.Run("measure", "modes", "--trajectory", Write(folder)).AssertSuccess();
        Assert.Contains("80%", text, StringComparison.Ordinal);
        Assert.Contains("4 iterations of 3 weights: 3 modes, total variance 5, norm of the mean 5", text, StringComparison.Ordinal);
        Assert.Contains("90% of the variance in 2 modes", text, StringComparison.Ordinal);
    }

    /// <summary>Numbers of few bits, which every type holds.</summary>
    [Theory]
    [InlineData("F64")]
    [InlineData("F32")]
    [InlineData("F16")]
    [InlineData("BF16")]
    public void A_trajectory_may_have_any_type_that_weights_may_have(string type)
    {
        using var folder = new TemporaryFolder();
        RawTensor.Write(folder["t"], "weights", type, [4, 3], Motion);
        string text = Command.Run("measure", "modes", "--trajectory", folder["t"], "--json").AssertSuccess();
        Assert.Equal(Command.Run("measure", "modes", "--trajectory", Write(folder), "--json").AssertSuccess(), text);
    }

    [Theory]
    [InlineData("0:4")]
    [InlineData(null)]
    public void Weights_that_do_not_move_have_no_modes(string? window)
    {
        using var folder = new TemporaryFolder();
        SafeTensorsWriter.Write(folder["t"], [new NamedTensor("weights", [4, 3], Enumerable.Repeat(new[] { 0.1f, 0.7f, 1e-3f }, 4).SelectMany(row => row).ToArray())]);
        string[] more = window is null ? [] : ["--window", window];
        Command.Run(["measure", "modes", "--trajectory", folder["t"], "--save-directions", folder["d"], .. more])
            .AssertMistake($"{folder["t"]}: motion: found none: all 4 iterations have the same 3 weights, expected weights that move, for modes are the directions in which they do; was anything trained in this window?");
        Assert.False(File.Exists(folder["d"]));
    }

    [Theory]
    [InlineData("2:3", "window: found a request for 3 iterations from 2 on")]
    [InlineData("2", "--window: value: found '2', expected FIRST:COUNT")]
    [InlineData("-1:2", "--window: value: found '-1:2'")]
    [InlineData("0:0", "--window: value: found '0:0'")]
    [InlineData("3:1", "iteration")]
    public void A_bad_window_is_refused(string window, string message)
    {
        using var folder = new TemporaryFolder();
        Command.Run("measure", "modes", "--trajectory", Write(folder), "--window", window, "--json").AssertMistake(message);
    }

    [Fact]
    public void A_missing_file_is_named() =>
        Command.Run("measure", "modes", "--trajectory", "no/such.safetensors").AssertMistake("no/such.safetensors: file: found nothing there");

    [Fact]
    public void A_folder_that_cannot_be_made_is_named()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["file"], "");
        string path = Path.Combine(folder["file"], "d.safetensors");
        Command.Run("measure", "modes", "--trajectory", Write(folder), "--save-directions", path).AssertMistake(path);
    }

    [Fact]
    public void Directions_never_replace_the_trajectory()
    {
        using var folder = new TemporaryFolder();
        string trajectory = Write(folder);
        byte[] before = File.ReadAllBytes(trajectory);
        File.CreateSymbolicLink(folder["link"], trajectory);
        foreach (var (read, written) in ((string, string)[])[(trajectory, trajectory), (trajectory, folder["link"]), (folder["link"], trajectory)])
            Command.Run("measure", "modes", "--trajectory", read, "--save-directions", written, "--overwrite").AssertMistake("--save-directions: file: found the trajectory itself");
        Assert.Equal(before, File.ReadAllBytes(trajectory));
    }

    [Theory]
    [InlineData(null, 10)]
    [InlineData("20", 20)]
    [InlineData("3", 3)]
    public void As_many_modes_are_listed_as_were_asked_for(string? modes, int rows)
    {
        using var folder = new TemporaryFolder();
        var random = new Random(5);
        float[] weights = [.. Enumerable.Range(0, 30 * 25).Select(_ => (float)random.NextDouble())];
        SafeTensorsWriter.Write(folder["long.safetensors"], [new NamedTensor("weights", [30, 25], weights)]);
        string[] command = ["measure", "modes", "--trajectory", folder["long.safetensors"]];
        string text = Command.Run(modes is null ? command : [.. command, "--modes", modes]).AssertSuccess();
        Assert.Equal(rows, text.Split('\n').Count(line => Regex.IsMatch(line, @"^\s+\d+\s.*%\s+[\d.]+%\s*$")));
    }

    [Fact]
    public void More_modes_than_there_are_are_refused()
    {
        using var folder = new TemporaryFolder();
        Command.Run("measure", "modes", "--trajectory", Write(folder), "--save-directions", folder["d"], "--modes", "4")
            .AssertMistake("--modes: value: found 4, expected 1 to 3, the smaller of 4 iterations and 3 weights");
    }

    private static string Write(TemporaryFolder folder)
    {
        string path = folder["t.safetensors"];
        SafeTensorsWriter.Write(path, [new NamedTensor("weights", [4, 3], Motion)]);
        return path;
    }
}
