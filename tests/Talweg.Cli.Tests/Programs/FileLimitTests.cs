namespace Talweg.Cli.Tests.Programs;

/// <summary>A disk that takes no more, as a limit on the size of files stands in for it: the write fails with the file half written.</summary>
public sealed class FileLimitTests
{
    // 10 MiB, in half kibibytes: more than a copy of TorchSharp's library takes. What the runtime maps for its own code counts as a file unless told otherwise.
    private const string Limit = "ulimit -f 20480; exec $talweg ";

    private static readonly (string, string) NoMappedCode = ("DOTNET_EnableWriteXorExecute", "0");

    [Theory]
    [InlineData("trajectory.safetensors", "--network fc:16-400-10 --epochs 40 --layers 1 --record all")]
    [InlineData("checkpoint.safetensors", "--network fc:16-2000-2000-10 --epochs 1")]
    public void A_training_ends_with_what_happened_and_leaves_no_half_file(string file, string training)
    {
        using var world = new SmallWorld();
        var (code, output, error) = BuiltProgram.Shell(
            $"{Limit} train {training} --data mnist --data-root '{world["."]}' --batch 20 --learning-rate 0.1 --out '{world["run"]}'", NoMappedCode);
        Assert.Equal((2, ""), (code, output));
        Assert.Contains($"{file}: cannot be written: it would grow beyond the limit that this process has for files (ulimit -f)", error, StringComparison.Ordinal);
        Assert.DoesNotContain("bug in Talweg", error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(world["run"], "*.tmp"));
    }

    [Fact]
    public void A_run_ends_with_what_happened_and_concludes_nothing()
    {
        using var world = new SmallWorld();
        string run = $"run inverse-variance-flatness --preset quick --data digits --set seeds=1 --out '{world["run"]}'";
        var (code, output, error) = BuiltProgram.Shell(Limit + run, NoMappedCode);
        Assert.Equal((2, ""), (code, output));
        Assert.Contains("cannot be written: it would grow beyond the limit that this process has for files (ulimit -f)", error, StringComparison.Ordinal);
        Assert.DoesNotContain("bug in Talweg", error, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(world["run"], "findings.json")));
    }
}
