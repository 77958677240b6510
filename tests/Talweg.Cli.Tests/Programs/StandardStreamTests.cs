using System.IO.Compression;

namespace Talweg.Cli.Tests.Programs;

/// <summary>Results reach standard output, or the user is told.</summary>
public sealed class StandardStreamTests
{
    [Theory]
    [InlineData("$talweg list >&-")]
    [InlineData("$talweg list <&- >&-")]
    [InlineData("$talweg list 1</dev/null")]
    public void A_standard_output_that_takes_nothing_is_told_at_the_start(string line)
    {
        var (code, output, error) = BuiltProgram.Shell(line);
        Assert.Equal((2, ""), (code, output));
        Assert.Equal("talweg: standard output: found it closed, expected a file, a pipe or a terminal; to throw results away, write > /dev/null\n", error);
    }

    [Fact]
    public void Nothing_is_trained_for_a_standard_output_that_is_closed_and_no_file_takes_its_place()
    {
        using var world = new SmallWorld();
        var (code, _, error) = BuiltProgram.Shell($"$talweg {string.Join(' ', world.Train("--epochs", "2"))} >&-");
        Assert.Equal(2, code);
        Assert.StartsWith("talweg: standard output: found it closed", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(world["run"]));
    }

    [Fact]
    public void A_full_disk_behind_standard_output_is_told()
    {
        var (code, _, error) = BuiltProgram.Shell("$talweg list > /dev/full");
        Assert.Equal(2, code);
        Assert.Equal("talweg: standard output: writing: found No space left on device, expected one that takes all results; files were written whole\n", error);
    }

    [Fact]
    public void A_reader_that_goes_is_told()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Linux's pipes");
        using var process = BuiltProgram.Start("list");
        process.StandardOutput.Close();
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(2, process.ExitCode);
        Assert.Equal("talweg: standard output: writing: found that its reader has gone, expected one that takes all results; files were written whole\n", error);
    }

    [Theory]
    [InlineData("2> /dev/full")]
    [InlineData("2>&-")]
    public void A_standard_error_that_takes_nothing_ends_no_training(string redirection)
    {
        using var world = new SmallWorld();
        var (code, output, _) = BuiltProgram.Shell($"$talweg {string.Join(' ', world.Train("--epochs", "400", "--extra-epochs", "400", "--json"))} {redirection}");
        Assert.Equal(0, code);
        Assert.StartsWith("{\"network\":", output, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_model_prints_comes_to_standard_error()
    {
        using var world = new SmallWorld();
        File.Copy(Path.Combine(AppContext.BaseDirectory, "Models", "image.pt"), world["talking.pt"]);
        using (var archive = ZipFile.Open(world["talking.pt"], ZipArchiveMode.Update))
        {
            var code = archive.GetEntry("image/code/__torch__/torch/nn/modules/container.py")!;
            using var reader = new StreamReader(code.Open());
            string text = reader.ReadToEnd();
            reader.Close();
            code.Delete();
            using var writer = new StreamWriter(archive.CreateEntry(code.FullName, CompressionLevel.NoCompression).Open());
            writer.Write(text.Replace("    _0 = getattr", "    print(\"from the model\")\n    _0 = getattr", StringComparison.Ordinal));
        }

        var (exit, output, error) = BuiltProgram.Shell(
            $"$talweg train --network 'torchscript:{world["talking.pt"]}' --trust-model --data mnist --data-root '{world["."]}' --batch 20 --learning-rate 0.1 --epochs 1 --out '{world["run"]}' --json");
        Assert.True(exit == 0, error);
        Assert.StartsWith("{\"network\":", output, StringComparison.Ordinal);
        Assert.DoesNotContain("from the model", output, StringComparison.Ordinal);
        Assert.Contains("from the model", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Output_appends_where_the_shell_was_writing()
    {
        using var folder = new TemporaryFolder();
        var (code, output, error) = BuiltProgram.Shell($"( echo before; $talweg --version; echo after ) > '{folder["out"]}' && cat '{folder["out"]}'");
        Assert.Equal((0, ""), (code, error));
        Assert.Matches("^before\n0\\.[^\n]+\nafter\n$", output);
    }
}
