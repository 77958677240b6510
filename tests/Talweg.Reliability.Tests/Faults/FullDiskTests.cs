using System.ComponentModel;

namespace Talweg.Reliability.Tests.Faults;

/// <summary>Where no more can be written, the command says so and leaves what the same command goes on from.</summary>
public sealed class FullDiskTests
{
    /// <summary>Mounts a disk of so many kilobytes over a folder, runs the command, makes the disk larger, runs it again, and copies the folder.</summary>
    private const string Script = """
        set -e
        mkdir -p "$1" before
        cp -r "$1/." before
        mount -t tmpfs -o size="$2k" talweg "$1"
        cp -r before/. "$1"
        folder="$1"
        shift 2
        set +e
        "$@"
        code=$?
        mount -o remount,size=1g "$folder"
        "$@" >&2 || exit 99
        cp -r "$folder" kept
        exit $code
        """;

    [Theory]
    [InlineData("run", 4)]
    [InlineData("run", 24)]
    [InlineData("train", 4)]
    [InlineData("train", 24)]
    [InlineData("continual", 4)]
    [InlineData("continual", 12)]
    [InlineData("measure", 64)]
    [InlineData("report", 8)]
    public void A_full_disk_is_told_of_and_the_same_command_goes_on(string name, int kilobytes)
    {
        using var alone = Work.Brief(name);
        using var full = Work.Brief(name);
        Assert.SkipUnless(CanMount(full.Folder), "mounts a small disk, which only root may, and not in every container");
        alone.Run().AssertSuccess();
        long there = Directory.Exists(full[""]) ? Directory.GetFiles(full[""], "*", SearchOption.AllDirectories).Sum(file => (new FileInfo(file).Length + 4095) / 4096 * 4) : 0;
        string[] command = ["unshare", "--mount", "/bin/bash", "-c", Script, "full", full.Writes, $"{there + kilobytes}", TalwegProgram.File, .. full.Arguments];
        TalwegProgram.End(TalwegProgram.Start(full.Folder, command)).AssertMistake();
        FolderBytes.AssertSame(FolderBytes.Of(alone[""]), Path.Combine(full.Folder, "kept"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    public void A_limit_on_the_length_of_files_is_told_of_and_the_same_command_goes_on(int kilobytes)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "sets a limit as a shell of Unix does");
        using var alone = Work.Of("train");
        using var limited = Work.Of("train");
        alone.Run().AssertSuccess();
        // The signal is ignored, as batch systems have it, so that writing fails; the runtime's own files in memory would count too.
        string[] command = ["/bin/bash", "-c", $"trap '' XFSZ; ulimit -f {kilobytes}; exec \"$0\" \"$@\"", TalwegProgram.File, .. limited.Arguments];
        TalwegProgram.End(TalwegProgram.Start(limited.Folder, command, ("DOTNET_EnableWriteXorExecute", "0"))).AssertMistake();
        limited.Run().AssertSuccess();
        FolderBytes.AssertSame(FolderBytes.Of(alone[""]), limited[""]);
    }

    private static bool CanMount(string folder)
    {
        try
        {
            return TalwegProgram.End(TalwegProgram.Start(folder, ["unshare", "--mount", "/bin/bash", "-c", "mkdir -p probe && mount -t tmpfs talweg probe"])).ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
