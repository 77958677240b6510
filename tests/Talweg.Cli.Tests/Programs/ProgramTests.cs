using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Talweg.Cli.Tests.Programs;

/// <summary>The built program, as a shell starts it.</summary>
public sealed class ProgramTests
{
    [Theory]
    [InlineData("--help")]
    [InlineData("--version")]
    [InlineData("list")]
    [InlineData("data list")]
    public void What_does_not_compute_does_not_load_libtorch(string arguments)
    {
        Assert.SkipUnless(IsGlibc, "asks the dynamic linker of glibc");
        Assert.DoesNotContain("libtorch_cpu", LinkerLog(arguments), StringComparison.Ordinal);
    }

    [Fact]
    public void The_linker_would_have_told()
    {
        Assert.SkipUnless(IsGlibc, "asks the dynamic linker of glibc");
        Assert.Contains("libtorch_cpu", LinkerLog("doctor"), StringComparison.Ordinal);
    }

    [Fact]
    public void Mistakes_exit_with_2()
    {
        var (code, output, error) = BuiltProgram.Run("measure modes --trajectory no-such-file");
        Assert.Equal((2, ""), (code, output));
        Assert.StartsWith("talweg: no-such-file: ", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public void The_first_interrupt_stops_well_and_says_how_to_go_on(string signal)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "sends a signal");
        using var world = new SmallWorld();
        using var process = BuiltProgram.StartInterruptible(string.Join(' ', world.Train("--epochs", "1000000", "--extra-epochs", "1000000", "--layers", "2", "--record", "all")));
        string checkpoint = Path.Combine(world["run"], "checkpoint.safetensors");
        for (int i = 0; i < 600 && !File.Exists(checkpoint) && !process.HasExited; i++)
            Thread.Sleep(50);
        for (int i = 0; i < 2; i++)                            // twice at once, as `timeout` and batch systems do, is once
        {
            using var kill = Process.Start("kill", [$"-{signal}", $"{process.Id}"]);
            kill.WaitForExit();
        }

        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(130, process.ExitCode);
        Assert.Contains("talweg: stopping after the write in hand; once more to stop at once", error, StringComparison.Ordinal);
        Assert.Contains("talweg: stopped. To go on from here: talweg train ", error, StringComparison.Ordinal);
    }

    private static bool IsGlibc => OperatingSystem.IsLinux() && !RuntimeInformation.RuntimeIdentifier.Contains("musl", StringComparison.Ordinal);

    private static string LinkerLog(string arguments)
    {
        using var folder = new TemporaryFolder();
        var (code, _, error) = BuiltProgram.Run(arguments, ("LD_DEBUG", "libs"), ("LD_DEBUG_OUTPUT", folder["linker"]));
        Assert.True(code == 0, error);
        string[] logs = Directory.GetFiles(folder.Path);
        Assert.NotEmpty(logs);
        return string.Concat(logs.Select(File.ReadAllText));
    }
}
