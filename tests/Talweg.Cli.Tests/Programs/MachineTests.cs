using System.Text.Json;

namespace Talweg.Cli.Tests.Programs;

/// <summary>Machines that lack something: file handles, a folder for temporary files, a library.</summary>
public sealed class MachineTests
{
    private const string TorchTraining = "train --network net:1x4x4/conv2k3p1/relu/dense10 --data mnist --batch 20 --learning-rate 0.1 --epochs 1 --json";

    [Theory]
    [InlineData(40)]
    [InlineData(60)]
    [InlineData(80)]
    public void Too_few_file_handles_are_told_at_the_start(int handles)
    {
        var (code, output, error) = BuiltProgram.Shell($"ulimit -n {handles}; exec $talweg list");
        Assert.Equal((2, ""), (code, output));
        Assert.Matches($"^talweg: open files: found a limit of {handles}, expected at least (\\d+); raise it first: ulimit -n \\1\n$", error);
    }

    [Fact]
    public void The_doctor_says_how_many_there_are_and_what_is_needed()
    {
        var (code, output, error) = BuiltProgram.Shell("ulimit -n 1000; exec $talweg doctor --json");
        Assert.True(code == 0, error);
        Assert.Matches("^1000 at most; \\d+ are needed$", Found(output, "open files"));
        Assert.Equal(Path.GetTempPath(), Found(output, "temporary files"));
    }

    [Theory]
    [InlineData("/no/such/folder", "/no/such/folder/, which is not there")]
    [InlineData("/proc/version", "/proc/version/, which is a file")]
    [InlineData("/proc", "/proc/, ")]
    public void A_temporary_folder_that_takes_no_file_is_named(string folder, string found)
    {
        using var world = new SmallWorld();
        var (code, output, error) = BuiltProgram.Shell($"$talweg {TorchTraining} --data-root '{world["."]}' --out '{world["run"]}'", ("TMPDIR", folder));
        Assert.Equal((2, ""), (code, output));
        Assert.Contains($"\ntalweg: TMPDIR: folder for temporary files: found {found}", error, StringComparison.Ordinal);
        Assert.EndsWith("expected a folder that takes files; set TMPDIR to one\n", error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_library_loads_where_the_temporary_folder_may_hold_no_programs()
    {
        using var folder = new TemporaryFolder();
        var (code, output, error) = WithMount(folder.Path, "noexec", $"TMPDIR='{folder.Path}' exec $talweg doctor --json");
        Assert.True(code == 0, $"{error}{output}");
        Assert.Equal($"{folder.Path}/", Found(output, "temporary files"));
        Assert.Equal("a product of two matrices came out right", Found(output, "libtorch computes"));
    }

    [Fact]
    public void A_full_temporary_folder_is_named()
    {
        using var world = new SmallWorld();
        using var folder = new TemporaryFolder();
        var (code, output, error) = WithMount(
            folder.Path, "size=4k", $"head -c 4096 /dev/zero > '{folder.Path}/x'; TMPDIR='{folder.Path}' exec $talweg {TorchTraining} --data-root '{world["."]}' --out '{world["run"]}'");
        Assert.Equal((2, ""), (code, output));
        Assert.Contains($"\ntalweg: TMPDIR: folder for temporary files: found {folder.Path}/, which took no file: No space left on device", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_library_that_does_not_load_prints_nothing_and_copies_nothing()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "makes hard links");
        using var world = new SmallWorld();
        string folder = $"{BuiltProgram.Folder}-{Guid.NewGuid():N}";
        try
        {
            Assert.Equal(0, BuiltProgram.Shell($"cp -rl '{BuiltProgram.Folder}' '{folder}' && rm '{folder}/libLibTorchSharp.so'").ExitCode);
            var (code, output, error) = BuiltProgram.Shell($"'{folder}/talweg' {TorchTraining} --data-root '{world["."]}' --out '{world["run"]}'");
            Assert.Equal((2, ""), (code, output));
            Assert.Contains("\ntalweg: a library did not load: libLibTorchSharp.so is in none of the directories", error, StringComparison.Ordinal);
            var doctor = BuiltProgram.Shell($"'{folder}/talweg' doctor --json");
            Assert.Equal(1, doctor.ExitCode);
            Assert.StartsWith("libLibTorchSharp.so is in none of the directories", Found(doctor.Out, "libtorch"), StringComparison.Ordinal);
            Assert.False(Directory.Exists(Path.Combine(folder, "cpu")));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void A_limit_on_the_size_of_files_is_told_with_the_file()
    {
        using var world = new SmallWorld();
        // .NET maps its own code through a large file unless told not to.
        var (code, output, error) = BuiltProgram.Shell(
            $"ulimit -f 20; exec $talweg {string.Join(' ', world.Train("--epochs", "200", "--extra-epochs", "200", "--layers", "2", "--record", "all", "--json"))}", ("DOTNET_EnableWriteXorExecute", "0"));
        Assert.Equal((2, ""), (code, output));
        Assert.Contains(world["run"], error, StringComparison.Ordinal);
        Assert.DoesNotContain("bug in Talweg", error, StringComparison.Ordinal);
    }

    private static string Found(string document, string check)
    {
        using var json = JsonDocument.Parse(document);
        return json.RootElement.GetProperty("checks").EnumerateArray().Single(entry => entry.GetProperty("name").GetString() == check).GetProperty("found").GetString()!;
    }

    /// <summary>Runs a line with a file system in memory mounted at a folder, for that line alone.</summary>
    private static (int ExitCode, string Out, string Error) WithMount(string folder, string options, string line)
    {
        Assert.SkipUnless(
            OperatingSystem.IsLinux() && BuiltProgram.Shell($"unshare -rm mount -t tmpfs -o {options} tmpfs '{folder}'").ExitCode == 0,
            "this system lets no user mount a file system of his own");
        return BuiltProgram.Shell($"exec unshare -rm sh -c \"mount -t tmpfs -o {options} tmpfs '{folder}' && {line.Replace("$", "\\$", StringComparison.Ordinal)}\"");
    }
}
